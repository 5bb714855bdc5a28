import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { dayOf, daysBetween } from '../clock.ts'
import { isVoting } from '../domain/meeting.ts'
import { UserError } from '../errors.ts'
import { type Ballot, type Meeting, meetings } from '../store/collections.ts'
import { isUnderWay, meetingById } from './pick.ts'
import { meetingLine } from './words.ts'

type Kind = Ballot['kind']
/** As long as the paper list may be entered; afterwards nobody remembers the count. */
const BALLOT_DAYS = 7

const takes = (meeting: Meeting, kind: Kind): boolean =>
  meeting.kinds.includes('党员大会') || (kind === '一般' && isVoting(meeting.kinds))

/** The meeting named; else the branch's open one that may take this ballot, else the last of the week. */
export async function meetingOfBallot(
  ctx: CommandContext,
  tx: CommandReadTx,
  kind: Kind,
  meetingId: string | null,
): Promise<Meeting> {
  const recent = (meeting: Meeting): boolean =>
    meeting.state !== 'cancelled' &&
    isUnderWay(meeting, ctx.now) &&
    daysBetween(dayOf(new Date(meeting.endsAt)), dayOf(ctx.now)) <= BALLOT_DAYS
  const where = kind === '一般' ? '党员大会或支委会' : '党员大会'
  if (meetingId) {
    const named = await meetingById(ctx, tx, meetingId)
    if (takes(named, kind) && recent(named)) return named
    throw new UserError(`${meetingLine(named)}，不能记${kind}表决。请记在 ${BALLOT_DAYS} 天内开过的${where}上。`)
  }
  const { branchId } = await ctx.branch(tx)
  const held = (await tx.find(meetings, 'branch', branchId)).filter(meeting => takes(meeting, kind) && recent(meeting))
  const latestFirst = held.sort((a, b) => b.startsAt.localeCompare(a.startsAt))
  const open = latestFirst.filter(meeting => meeting.state === 'open')
  if (open.length > 1) {
    throw new UserError(`有 ${open.length} 个会议，请在末尾带上编号再发：\n${open.map(meetingLine).join('\n')}`)
  }
  const meeting = open[0] ?? latestFirst[0]
  if (!meeting) throw new UserError(`${BALLOT_DAYS} 天内没有开过${where}。开会时再记票。`)
  return meeting
}

export const ballotWords = (ballot: Ballot, meeting: Meeting): string =>
  [...ballotLines(ballot), meetingLine(meeting)].join('\n')

/** What was voted on; the votes; the denominators; the verdict. */
export function ballotLines(ballot: Ballot): string[] {
  const { ballotId, kind, matter, yes, no, abstain, written, entitled, present, needed, yesNeeded, valid } = ballot
  const short = yes >= yesNeeded ? '赞成票够，到会人数不够' : '票数未达到'
  const verdict = ballot.suffices ? '票数达到' : valid ? '票数未达到' : short
  return [
    `${ballotId} ${kind}：${matter}`,
    `赞成 ${yes} 反对 ${no} 弃权 ${abstain}${written > 0 ? `（其中书面 ${written}）` : ''}`,
    `有表决权 应到 ${entitled} 实到 ${present}，${valid ? '达到' : '未达到'}法定人数（${needed} 人），需赞成 ${yesNeeded} 票`,
    `${verdict}。是否有效由支部认定。`,
  ]
}
