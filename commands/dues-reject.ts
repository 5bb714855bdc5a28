import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { namesSomebody, nearestName } from '../src/domain/people.ts'
import { lockOf } from '../src/dues/book.ts'
import { claimMeant, decidable, reject } from '../src/dues/decide.ts'
import { UserError } from '../src/errors.ts'
import { peopleWithin } from '../src/meeting/within.ts'
import type { DuesEntry } from '../src/store/collections.ts'

export default defineCommand({
  name: 'dues-reject',
  aliases: ['党费 有误', '有误', 'dues reject'],
  summary: '党员报的党费对不上，写明原因',
  moment: '党费',
  examples: ['/党费 有误 c-12 没有收到', '/党费 有误 张三 数目不对'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  args: z.object({ said: freeText(150).optional() }),

  async run(ctx, args) {
    const { claim, why } = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    if ('text' in claim) return claim
    const { claimId, branchId } = claim
    if (why === '') {
      await ctx.store.read(tx => decidable(ctx, tx, claimId ?? ''))
      return { text: `${claimId} 有什么不对？请回原因，会告诉本人。`, awaits: `/党费 有误 ${claimId}` }
    }
    return ctx.store.update(lockOf(branchId), tx => reject(ctx, tx, claimId ?? '', why))
  },
})

/** A first word that is neither a number nor a name belongs to the reason. */
async function meant(
  ctx: CommandContext,
  tx: CommandReadTx,
  text: string,
): Promise<{ claim: DuesEntry | Answer; why: string }> {
  const [first = '', ...others] = text.split(/\s+/u)
  const candidates = await peopleWithin(ctx, tx)
  const isNamed = /^c-?\d+$/i.test(first.normalize('NFKC')) || (first !== '' && namesSomebody(first, candidates))
  // A name that was mistyped must not settle what another has claimed.
  const near = isNamed ? undefined : nearestName(first, candidates)
  if (near) throw new UserError(`没有找到“${first}”。是${near}吗？请按名册上的姓名再发一次。`)
  const why = (isNamed ? others : [first, ...others]).join(' ')
  return { claim: await claimMeant(ctx, tx, { word: isNamed ? first : null, verb: '有误', rest: why }), why }
}
