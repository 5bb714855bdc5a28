import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText } from '../src/bot/command.ts'
import { lockOf } from '../src/dues/book.ts'
import { branchOf, refuseElsewhere } from '../src/dues/payer.ts'
import { readDuesSaid } from '../src/dues/said.ts'
import { setStandard } from '../src/dues/standard.ts'
import { UserError } from '../src/errors.ts'
import { DUES_CATEGORIES, people } from '../src/store/collections.ts'

const EXAMPLE = '这样发：党费 标准 张三 0.50 从 2026-12'
const PER_MONTH = /(?<=\s)每月|[/／]月(?=\s|$)/gu
/** '从 2026-12' '自2026-12起' */
const FROM = /(?:^|\s)[从自]\s*(\S+?)起?(?=\s|$)/u

export default defineCommand({
  name: 'dues-standard',
  aliases: ['党费 标准', 'dues standard'],
  summary: '定一位党员每月缴多少',
  moment: '党费',
  examples: ['/党费 标准 张三 0.50', '/党费 标准 张三 0.50 从 2026-12', '/党费 标准 张三 0.50 农民'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ said: freeText(200).optional() }),

  async run(ctx, args) {
    const { personId, branch, said } = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    return ctx.store.update([lockOf(branch.branchId), `person:${personId}`], async tx => {
      const person = await tx.get(people, personId)
      if (!person) throw new UserError(`没有这个人。${EXAMPLE}`)
      return setStandard(ctx, tx, { person, branch }, said)
    })
  },
})

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string) {
  const words = text.replace(PER_MONTH, ' ').replace(FROM, ' $1').split(/\s+/u)
  const category = DUES_CATEGORIES.find(each => words.includes(each)) ?? null
  const others = words.filter(word => word !== category).join(' ')
  const { people: named, fen, months } = await readDuesSaid(ctx, tx, others, { verb: '党费 标准' })
  const [person, another] = named
  if (!person) throw new UserError(`还缺姓名。${EXAMPLE}`)
  if (another) throw new UserError(`标准要一位一位地定。${EXAMPLE}`)
  if (fen === null) throw new UserError(`还缺金额。${EXAMPLE}`)
  const [from = null, second] = months ?? []
  if (second) throw new UserError(`只写从哪个月起。${EXAMPLE}`)
  const branch = await branchOf(tx.township, person)
  refuseElsewhere(ctx, person, branch)
  return { personId: person.personId, branch, said: { fen, from, category } }
}
