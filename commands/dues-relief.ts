import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText } from '../src/bot/command.ts'
import { lockOf } from '../src/dues/book.ts'
import { branchOf, refuseElsewhere } from '../src/dues/payer.ts'
import { grantRelief, revokeRelief } from '../src/dues/relief.ts'
import { readDuesSaid } from '../src/dues/said.ts'
import { UserError } from '../src/errors.ts'
import { people } from '../src/store/collections.ts'

const EXAMPLE = '这样发：党费 减免 张三 免 2026-07 2026-12 镇党委6月20日批准'
const WAIVED = /(?:^|\s)免[缴交]?(?=\s|$)/u
const REDUCED = /(?<=\s)(?:减[到为至]|每月)\s*(?=[\d０-９])/gu
/** '张三 撤 记错人' */
const REVOKED = /^撤[销回]?\s*(.*)$/su
/** '从 2026-07 到 2026-12' */
const BETWEEN = /(?<=\s)[从自到至]\s*(?=\d)/gu

const NOTHING = { fen: 0, from: '', to: '', approval: '' }

export default defineCommand({
  name: 'dues-relief',
  aliases: ['党费 减免', 'dues relief'],
  summary: '记下批准的减缴、免缴',
  moment: '党费',
  examples: [
    '/党费 减免 张三 免 2026-07 2026-12 镇党委批准',
    '/党费 减免 张三 0.20 2026-07 2026-12 镇党委批准',
    '/党费 减免 张三 撤 记错人',
  ],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ said: freeText(300).optional() }),

  async run(ctx, args) {
    const { personId, branch, said } = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    return ctx.store.update([lockOf(branch.branchId), `person:${personId}`], async tx => {
      const person = await tx.get(people, personId)
      if (!person) throw new UserError(`没有这个人。${EXAMPLE}`)
      if (said.revoked !== null) return revokeRelief(ctx, tx, { person, branch }, said.revoked)
      return grantRelief(ctx, tx, { person, branch }, said)
    })
  },
})

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string) {
  const isWaived = WAIVED.test(text)
  const words = text.replace(WAIVED, ' ').replace(REDUCED, ' ').replace(BETWEEN, '')
  const read = await readDuesSaid(ctx, tx, words, { verb: '党费 减免', takesRest: true })
  const [person, another] = read.people
  if (!person) throw new UserError(whoElse(words, read.rest))
  if (another) throw new UserError(`减免要一位一位地记。${EXAMPLE}`)
  const branch = await branchOf(tx.township, person)
  refuseElsewhere(ctx, person, branch)
  const found = { personId: person.personId, branch }
  const revoked = REVOKED.exec(read.rest)?.[1]
  if (revoked !== undefined) {
    if (revoked === '') throw new UserError('撤销减免请写原因。这样发：党费 减免 张三 撤 记错人')
    return { ...found, said: { revoked, ...NOTHING } }
  }
  const fen = isWaived ? 0 : read.fen
  if (fen === null) throw new UserError(`减到多少、还是免？${EXAMPLE}`)
  const [from] = read.monthsAsSaid
  const to = read.monthsAsSaid.at(-1)
  if (!from || !to) throw new UserError(`从哪个月到哪个月？${EXAMPLE}`)
  if (from > to) throw new UserError(`${from} 在 ${to} 后面，从和到写反了。${EXAMPLE}`)
  if (read.rest === '') throw new UserError(`减免要上级党委批准，请写明哪里什么时候批准的。${EXAMPLE}`)
  return { ...found, said: { revoked: null, fen, from, to, approval: read.rest } }
}

/** What stands first and is nothing else was meant as a name. */
function whoElse(words: string, rest: string): string {
  const [first = ''] = words.trim().split(/\s+/u)
  const isUnknown = first !== '' && rest.startsWith(first)
  return isUnknown ? `没有找到“${first}”。请按名册上的姓名再发一次。` : `还缺姓名。${EXAMPLE}`
}
