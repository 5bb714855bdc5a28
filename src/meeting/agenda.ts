import type { CommandContext } from '../bot/command.ts'
import { timeOf } from '../clock.ts'
import { tally } from '../domain/attendance.ts'
import { isOfficerOf, membershipIn } from '../domain/roster.ts'
import type { Meeting, Person } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { branchPrefixes } from './branch-names.ts'
import { reportOf } from './close.ts'
import { isDue } from './close-due.ts'
import { onStandingLeave, recordOf } from './leave.ts'
import { openMeetings } from './pick.ts'
import { rollOf, rowOf } from './roll.ts'
import { spokenMoment } from './spoken.ts'
import { fullTitleOf, startOf, tallyWords } from './words.ts'

/** The meetings ahead of one person: those that expect or invite him, and those he answers for. */

/** Officers for their branch, a leader for the meetings of his group, the township for all. */
export function answersFor(person: Person, meeting: Meeting): boolean {
  if (person.admin || isOfficerOf(person, meeting.branchId)) return true
  const membership = membershipIn(person, meeting.branchId)
  return Boolean(membership?.posts.includes('leader') && meeting.group && membership.group === meeting.group)
}

export const answersForAny = (person: Person): boolean =>
  person.admin || person.memberships.some(m => m.posts.includes('leader') || isOfficerOf(person, m.branchId))

/** Soonest first. */
export async function meetingsAhead(ctx: CommandContext, tx: ReadTx): Promise<readonly Meeting[]> {
  return (await openMeetings(ctx, tx)).filter(meeting => concerns(ctx.person, meeting))
}

export const concerns = (person: Person, meeting: Meeting): boolean =>
  Boolean(rowOf(meeting, person)) || answersFor(person, meeting)

/** '**待参加** / 已签到 / 请假待批 / 已准假' of this person; undefined: the meeting does not concern him himself. */
export async function stateWords(ctx: CommandContext, tx: ReadTx, meeting: Meeting): Promise<string | undefined> {
  const row = rowOf(meeting, ctx.person)
  if (!row) return undefined
  const record = await recordOf(tx, meeting, ctx.person)
  if (record?.presence) return '已签到'
  if (record?.leave?.state === 'granted' || onStandingLeave(meeting, ctx.person, record)) return '已准假'
  if (record?.leave?.state === 'asked') return '请假待批'
  if (meeting.state !== 'open') return '没有签到'
  if (new Date(meeting.endsAt) < ctx.now) return '还没签到，到会了请书记补签'
  if (row.standing === 'observer') return '列席，待参加'
  if (row.standing === 'exempt') return '待参加（可免考勤）'
  return record?.leave?.state === 'refused' ? '待参加（请假没有批准）' : '待参加'
}

/** '已签到 18/23，请假 2，待批 1': numbers only, no names. */
export async function countWords(tx: ReadTx, meeting: Meeting): Promise<string> {
  const { rows, attendances } = await rollOf(tx, meeting)
  const { present, expected, onLeave } = tally(rows, attendances)
  const asked = attendances.filter(record => record.leave?.state === 'asked' && !record.presence).length
  const waiting = asked > 0 ? `，待批 ${asked}` : ''
  return `已签到 ${present}/${expected}，请假 ${onLeave}${waiting}`
}

/** One meeting of the list, in three short lines. */
export async function entryWords(ctx: CommandContext, tx: ReadTx, meeting: Meeting): Promise<string> {
  const startsAt = new Date(meeting.startsAt)
  const underWay = startsAt <= ctx.now && ctx.now < new Date(meeting.endsAt) ? '，正在开' : ''
  const lines = [await headWords(ctx, tx, meeting), `${spokenMoment(startsAt, ctx.now)}${underWay}，${meeting.place}`]
  const states = [await stateWords(ctx, tx, meeting)]
  if (answersFor(ctx.person, meeting)) states.push(`您负责：${await countWords(tx, meeting)}`)
  lines.push(states.filter(state => state !== undefined).join('；'))
  return lines.join('\n')
}

/** 'm-17 水泉村党支部 党课 · 学习党章' */
async function headWords(ctx: CommandContext, tx: ReadTx, meeting: Meeting): Promise<string> {
  const prefixOf = await branchPrefixes(ctx.person, tx)
  return `${meeting.meetingId} ${prefixOf(meeting)}${fullTitleOf(meeting)}`
}

/** Everything a person may know of one meeting. */
export async function detailWords(ctx: CommandContext, tx: ReadTx, meeting: Meeting): Promise<string> {
  const lines = [
    await headWords(ctx, tx, meeting),
    `${startOf(meeting)}–${timeOf(new Date(meeting.endsAt))}，${meeting.place}`,
  ]
  if (meeting.state === 'cancelled') return [...lines, `已取消：${meeting.cancelReason ?? ''}`].join('\n')
  const closed = meeting.state === 'closed' || isDue(meeting, ctx.now)
  lines.push(closed ? '已结束' : spokenMoment(new Date(meeting.startsAt), ctx.now))
  const mine = await stateWords(ctx, tx, meeting)
  if (mine) lines.push(`您：${mine}`)
  if (answersFor(ctx.person, meeting)) {
    lines.push(closed ? tallyWords((await reportOf(tx, meeting)).tally) : await countWords(tx, meeting))
  }
  return lines.join('\n')
}
