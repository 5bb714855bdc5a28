import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { lockOf } from '../src/dues/book.ts'
import { collectMany, collectOne, proposeMany, type ToCollect, VOLUNTARY } from '../src/dues/collect.ts'
import { branchOf, onlyBranchOf, refuseElsewhere } from '../src/dues/payer.ts'
import { readDuesSaid } from '../src/dues/said.ts'
import { UserError } from '../src/errors.ts'
import type { Branch } from '../src/store/collections.ts'

/** 第十四条: nobody is paid for, so nobody is booked without his name. */
const EVERYBODY = /^(?:全部|全体|全支部|全到|所有|大家)/u

/** Each is four records: two hundred took twice the tenth of a second that an update has, so that 发布 could never go through. */
const MOST_AT_ONCE = 40

/** '张三 李四 各0.5' */
const EACH = /(?<=\s)(?:各|每人)\s*(?=[\d０-９])/gu
const READING = {
  verb: '收缴',
  takesRows: true,
  oneAmount: '几个人交的不一样，请用；隔开：收缴 张三 0.5；李四 1',
} as const

const content = z.object({
  branchId: z.string(),
  planned: z.array(
    z.object({ personId: z.string(), months: z.array(z.object({ month: z.string(), fen: z.number().int() })) }),
  ),
})

export default defineCommand({
  name: 'collect',
  aliases: ['收缴', '党费 收缴', 'collect'],
  summary: '收了谁的党费，记账给收据号',
  moment: '党费',
  examples: ['/收缴 张三', '/收缴 张三 0.5 2026-10', '/收缴 张三 李四', '/收缴 张三 0.5；李四 1'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ said: freeText(2000).optional() }),

  async run(ctx, args) {
    const text = args.said ?? ''
    const here = onlyBranchOf(ctx)
    // Forty people wait: where the line can be about one branch alone, it is read under that branch's lock.
    if (here) return ctx.store.update(lockOf(here), async tx => collect(ctx, tx, await meant(ctx, tx, text)))
    const found = await ctx.store.read(tx => meant(ctx, tx, text))
    return ctx.store.update(lockOf(found.branch.branchId), tx => collect(ctx, tx, found))
  },

  async publish(ctx, tx, draft) {
    const { branchId, planned } = content.parse(draft.content)
    return collectMany(ctx, tx, branchId, planned)
  },
})

interface Meant {
  branch: Branch
  said: readonly ToCollect[]
  isVoluntary: boolean
}

function collect(ctx: CommandContext, tx: CommandTx, { branch, said, isVoluntary }: Meant): Promise<Answer> {
  const [one, another] = said
  if (one && !another) return collectOne(ctx, tx, branch, { ...one, isVoluntary })
  return proposeMany(ctx, tx, branch, said)
}

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string): Promise<Meant> {
  if (EVERYBODY.test(text)) throw new UserError('收缴要写明是谁，不能一次记全支部。这样发：收缴 张三 李四')
  const isVoluntary = text.endsWith(VOLUNTARY)
  const words = isVoluntary ? text.slice(0, -VOLUNTARY.length) : text
  const said = new Map<string, ToCollect>()
  const homes = new Map<string, Branch>()
  for (const item of words.split(/[；;\n]/u).filter(each => each.trim() !== '')) {
    const { people, fen, months } = await readDuesSaid(ctx, tx, item.replace(EACH, ' '), READING)
    if (people.length === 0) throw new UserError(`“${item.trim()}”里没有姓名。这样发：收缴 张三 0.5`)
    for (const person of people) {
      if (said.has(person.personId)) throw new UserError(`${person.name}写了两次。请只写一次再发。`)
      said.set(person.personId, { personId: person.personId, fen, months })
      const branch = await branchOf(tx.township, person)
      refuseElsewhere(ctx, person, branch)
      homes.set(branch.branchId, branch)
    }
  }
  if (said.size > MOST_AT_ONCE)
    throw new UserError(`一次最多收 ${MOST_AT_ONCE} 人，这里有 ${said.size} 人。请分几次发。`)
  const [branch, other] = [...homes.values()]
  if (!branch) throw new UserError('还缺姓名。这样发：收缴 张三')
  if (other) throw new UserError(`${branch.name}和${other.name}请分开收。一次只写一个支部的人。`)
  return { branch, said: [...said.values()], isVoluntary }
}
