import { z } from 'zod'
import { type CommandContext, type CommandTx, defineCommand, fold, freeText } from '../src/bot/command.ts'
import type { Reply } from '../src/bot/message.ts'
import { judgeBallot } from '../src/domain/quorum.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { ballotWords, meetingOfBallot } from '../src/meeting/ballot.ts'
import { readBallot, type SaidBallot } from '../src/meeting/ballot-words.ts'
import { reportOf } from '../src/meeting/close.ts'
import { meetingById } from '../src/meeting/pick.ts'
import { meetingLine } from '../src/meeting/words.ts'
import { type Ballot, ballots, type Meeting } from '../src/store/collections.ts'

type Kind = Ballot['kind']

export default defineCommand({
  name: 'ballot',
  aliases: ['表决', '记票', 'ballot'],
  summary: '记下会上表决的票数',
  moment: '会中',
  examples: ['/表决 一般 村内道路维修 18 1 0', '/表决 接收 余备 赞成17 反对0 弃权1 书面 1'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({
    kind: z
      .string()
      .transform(fold)
      .pipe(z.enum(['一般', '接收', '转正', '选举'], { error: '表决分 一般 接收 转正 选举 四种' })),
    said: freeText(300),
  }),

  async run(ctx, args) {
    const said = readBallot(args.said)
    const { meetingId } = await ctx.store.read(tx => meetingOfBallot(ctx, tx, args.kind, said.meetingId))
    return ctx.store.update(`meeting:${meetingId}`, async tx => {
      const meeting = await meetingById(ctx, tx, meetingId)
      return record(ctx, tx, meeting, args.kind, said)
    })
  },
})

/** The denominators are those of this moment while the meeting is open, else those frozen at its close. */
async function record(
  ctx: CommandContext,
  tx: CommandTx,
  meeting: Meeting,
  kind: Kind,
  said: SaidBallot,
): Promise<Reply> {
  const { quorum } = await reportOf(tx, meeting)
  if (!quorum) throw new UserError(`${meetingLine(meeting)} 不是有表决的会议。请在党员大会或支委会上记票。`)
  const { matter, yes, no, abstain, written } = said
  const { entitled, present } = quorum
  const committee = !meeting.kinds.includes('党员大会')
  const verdict = judgeBallot(kind, { entitled, present, yes, no, abstain, written, committee })
  const { meetingId, branchId } = meeting
  const before = (await tx.find(ballots, 'meeting', meetingId)).filter(b => b.kind === kind && b.matter === matter)
  const same = before.find(b => b.yes === yes && b.no === no && b.abstain === abstain && b.written === written)
  if (same) return { text: `已记过：${ballotWords(same, meeting)}` }
  const counts = { yes, no, abstain, written, entitled, present, ...verdict }
  const by = ctx.person.personId
  const ballotId = await tx.nextId('v')
  const ballot = { ballotId, meetingId, branchId, kind, matter, ...counts, by, at: tx.now.toISOString() }
  await tx.insert(ballots, ballot)
  await tx.audit({ by, branchId, what: 'record-ballot', about: ballotId, after: { meetingId, kind, ...counts } })
  const earlier = before.map(b => b.ballotId).join('、')
  const note = earlier ? `\n这件事先前记过 ${earlier}，都留着。` : ''
  return { text: `已记 ${ballotWords(ballot, meeting)}${note}` }
}
