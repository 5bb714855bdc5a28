import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer, Message } from '../bot/message.ts'
import { spellMoment, timeOf } from '../clock.ts'
import { blankAttendance, standingLeaveHolds } from '../domain/meeting.ts'
import { describe } from '../domain/people.ts'
import { membershipIn } from '../domain/roster.ts'
import { UnknownIdError } from '../errors.ts'
import {
  type Attendance,
  attendances,
  type Leave,
  type Meeting,
  meetings,
  type Person,
  people,
} from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { isDue } from './close-due.ts'
import { decidersOf, nameDeciders } from './deciders.ts'
import { auditAskedFor, reportedBy } from './leave-for.ts'
import { cannotWait } from './quiet.ts'
import { rowOf } from './roll.ts'
import { meetingLine, shortId, startOf, titleOf } from './words.ts'

/** Asking for leave: what stands in its way, and the request itself. Deciding it: leave-decision.ts. */

export const recordOf = (tx: ReadTx, meeting: Meeting, person: Person): Promise<Attendance | undefined> =>
  tx.get(attendances, `${meeting.meetingId}:${person.personId}`)

/** What the secretary enters for somebody who did not ask: people without a phone tell it to his face. */
export const ENTERED = '书记登记'

/** Puts the changed record, made new where the person had not done anything about the meeting. */
export async function saveLeave(
  tx: Tx,
  meeting: Meeting,
  person: Person,
  leave: NonNullable<Attendance['leave']>,
): Promise<void> {
  const before = await recordOf(tx, meeting, person)
  const group = meeting.group ?? membershipIn(person, meeting.branchId)?.group ?? null
  const record = { ...(before ?? blankAttendance(meeting, person.personId, group)), leave }
  await (before ? tx.put(attendances, record) : tx.insert(attendances, record))
}

export function onStandingLeave(meeting: Meeting, person: Person, record: Attendance | undefined): boolean {
  const standing = membershipIn(person, meeting.branchId)?.standingLeave
  return Boolean(standing && standingLeaveHolds(record?.leave ?? null, standing))
}

/** Whose leave it is, in an answer to the speaker: '您', or the name of the person he speaks for. */
export const nameFor = (ctx: CommandContext, asker: Person): string =>
  asker.personId === ctx.person.personId ? '您' : asker.name

/** Why this person need not, or can no longer, ask; undefined: he may. Throws UnknownIdError where he is not concerned. */
export async function needlessLeave(
  ctx: CommandContext,
  tx: ReadTx,
  meeting: Meeting,
  asker: Person,
): Promise<Answer | undefined> {
  const row = rowOf(meeting, asker)
  if (!row) throw new UnknownIdError(meeting.meetingId)
  const record = await recordOf(tx, meeting, asker)
  const title = titleOf(meeting)
  const who = nameFor(ctx, asker)
  if (meeting.state === 'cancelled') return { text: `${meetingLine(meeting)} 已取消，不用请假。`, outcome: '已取消' }
  if (record?.presence) return { text: `${who}已签到，不用请假。\n${title}`, outcome: '已签到' }
  if (record?.leave?.state === 'granted') return { text: `已准假，不用再请。\n${title}`, outcome: '已准假' }
  if (isPast(meeting, ctx.now)) return { text: `${title} 已经开完，不能再请假。有事请找支部书记。`, outcome: '已开完' }
  if (row.standing === 'observer') return { text: `${title} ${who}是列席，不用请假。能来就来。` }
  if (row.standing === 'exempt') return { text: `${who}可免考勤，不用请假。能来就来：${title}` }
  if (onStandingLeave(meeting, asker, record)) return { text: `${who}已长期请假，不用再请。`, outcome: '已准假' }
  return undefined
}

const isPast = (meeting: Meeting, now: Date): boolean =>
  meeting.state === 'closed' || isDue(meeting, now) || new Date(meeting.endsAt) <= now

export interface AskedLeave {
  meetingId: string
  /** The speaker, or whom he speaks for. */
  asker: Person
  reason: string
}

/** Keeps the request, or its new reason, and tells who decides it. */
export async function askLeave(ctx: CommandContext, tx: CommandTx, asked: AskedLeave): Promise<Answer> {
  const { meetingId, asker, reason } = asked
  const meeting = await meetingOf(tx, meetingId, asker)
  const before = (await recordOf(tx, meeting, asker))?.leave
  const needless = await needlessLeave(ctx, tx, meeting, asker)
  if (before?.state === 'granted' && before.reason === ENTERED && !isPast(meeting, ctx.now)) {
    await saveLeave(tx, meeting, asker, { ...before, reason: `${ENTERED}：${reason}` })
    return { text: `已准假，不用再请，事由记下了。\n${titleOf(meeting)}`, outcome: '已准假' }
  }
  if (needless) return needless
  const repeated = before?.state === 'asked' && before.reason === reason
  const deciders = await decidersOf(tx, asker, meeting.branchId)
  if (!repeated) await enterRequest(ctx, tx, { meeting, asker, reason, deciders })
  const own = asker.personId === ctx.person.personId
  if (deciders.length === 0) return { text: phoneSomebody(meeting), outcome: '已请假' }
  const updated = before?.state === 'asked' && !repeated ? '事由已更新，' : ''
  const post = nameDeciders(deciders, meeting.branchId)
  const told = `${updated}已${own ? '' : `替${asker.name}`}报给${post}，等批准（请假待批）。`
  return { text: `${told}\n${titleOf(meeting)}\n${startOf(meeting)}`, outcome: '已请假' }
}

async function enterRequest(
  ctx: CommandContext,
  tx: CommandTx,
  entered: { meeting: Meeting; asker: Person; reason: string; deciders: readonly Person[] },
): Promise<void> {
  const { meeting, asker, reason, deciders } = entered
  const made = { by: ctx.person.personId, leaveId: await tx.nextId('l'), askedAt: tx.now.toISOString() }
  const leave = { state: 'asked' as const, reason, ...made, decidedBy: null, decidedAt: null, why: null }
  await saveLeave(tx, meeting, asker, leave)
  await auditAskedFor(ctx, tx, meeting, asker)
  const to = deciders.map(person => person.personId)
  const urgent = await cannotWait(tx.township, tx.now, meeting)
  await tx.send(await request(ctx, tx, { meeting, asker, leave }), to, { about: meeting.meetingId, urgent })
}

/** The meeting with this id that concerns this person. */
export async function meetingOf(tx: ReadTx, meetingId: string, asker: Person): Promise<Meeting> {
  const meeting = await tx.get(meetings, meetingId)
  if (!meeting || !rowOf(meeting, asker)) throw new UnknownIdError(meetingId)
  return meeting
}

const phoneSomebody = (meeting: Meeting): string =>
  `请假已记下，可现在没有人能在这里批。请给支部书记或镇党建办打个电话。\n${titleOf(meeting)}`

/**
 * '10:05 批的，编号假12'. One leave is asked, decided and taken back at most once each, so its number makes every message
 * about it another: WeCom drops what is identical within half an hour.
 */
export const stamp = (tx: ReadTx, did: '报的' | '批的' | '取消的' | '撤回的', leaveId: string | undefined): string =>
  `${timeOf(tx.now)} ${did}${leaveId ? `，编号${leaveId.replace('l-', '假')}` : ''}`

async function request(
  ctx: CommandContext,
  tx: CommandTx,
  { meeting, asker, leave }: { meeting: Meeting; asker: Person; leave: Leave },
): Promise<Message> {
  const { branchId, meetingId } = meeting
  const namesakes = (await tx.township.find(people, 'branch', branchId)).filter(other => other.name === asker.name)
  const name = namesakes.length > 1 ? asker.personId : asker.name
  const who = namesakes.length > 1 ? describe(asker, branchId) : asker.name
  const by = ctx.person.personId === asker.personId ? [] : [reportedBy(ctx.person, branchId)]
  const when = stamp(tx, '报的', leave.leaveId)
  const lines = [`${who} 请假`, titleOf(meeting), startOf(meeting), `事由：${leave.reason}`, ...by, when]
  const line = `${asker.personId} ${meetingId}`
  return {
    text: lines.join('\n'),
    choices: [
      { label: '准假', line: `/准假 ${line}`, words: `同意请回：准假 ${name} ${shortId(meetingId)}` },
      { label: '不准', line: `/不准 ${line}`, words: `不同意请回：不准 ${name} ${shortId(meetingId)} 理由` },
    ],
  }
}

/** '由王树基 11月24日 周二 10:05 准假'; '您' where the speaker did it himself. */
export async function decidedWords(
  ctx: CommandContext,
  tx: CommandReadTx,
  leave: NonNullable<Attendance['leave']>,
): Promise<string> {
  const decider = leave.decidedBy ? await tx.township.get(people, leave.decidedBy) : undefined
  const by = leave.decidedBy === ctx.person.personId ? '您' : (decider?.name ?? '别人')
  const at = leave.decidedAt ? ` ${spellMoment(new Date(leave.decidedAt))}` : ''
  return `由${by}${at} ${leave.state === 'granted' ? '准假' : '不准'}`
}
