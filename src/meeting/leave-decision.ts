import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { type Attendance, type Meeting, meetings, type Person, people } from '../store/collections.ts'
import { isDue } from './close-due.ts'
import { canBeTold, decidersOf, nameDeciders } from './deciders.ts'
import { decidedWords, onStandingLeave, recordOf, saveLeave } from './leave.ts'
import { openRequests, type Target } from './leave-requests.ts'
import type { SaidOfLeave } from './leave-said.ts'
import { meetingById } from './pick.ts'
import { rowOf } from './roll.ts'
import { meetingLine, startOf, titleOf } from './words.ts'

/** Deciding a leave: which request is meant, what stands in its way, and the decision itself. */
/** The request meant; a person named without one: for the grant alone, his meeting named or next. */
export async function targetOf(ctx: CommandContext, tx: CommandReadTx, said: SaidOfLeave): Promise<Target> {
  if (!said.person) return lastRequest(ctx, tx, said.meetingId)
  if (said.person.personId === ctx.person.personId) throw await ownLeave(ctx, tx, said.person)
  if (said.meetingId) return { person: said.person, meeting: await meetingById(ctx, tx, said.meetingId) }
  const personId = said.person.personId
  const asked = (await openRequests(ctx, tx)).filter(request => request.person.personId === personId)
  const [request] = asked.sort((a, b) => a.meeting.startsAt.localeCompare(b.meeting.startsAt))
  if (request) return request
  const meeting = await nextMeetingOf(ctx, tx, said.person)
  if (meeting) return { person: said.person, meeting }
  throw new UserError(`${said.person.name}没有等着批的请假，近期也没有要参加的会议。`)
}

/** An administrator reaches every branch: without a name he decides only where one branch alone can be meant. */
async function lastRequest(ctx: CommandContext, tx: CommandReadTx, meetingId: string | null): Promise<Target> {
  const meeting = meetingId ? await meetingById(ctx, tx, meetingId) : undefined
  const open = (await openRequests(ctx, tx)).filter(
    request => !meeting || request.meeting.meetingId === meeting.meetingId,
  )
  const last = open.at(-1)
  if (!last) throw new UserError(`${meeting ? `${meetingLine(meeting)} ` : ''}没有等着批的请假。`)
  if (open.some(request => request.meeting.branchId !== last.meeting.branchId)) {
    throw new UserError(`有 ${open.length} 个请假等着批，不在一个支部。请写明姓名，这样发：准假 ${last.person.name}`)
  }
  return last
}

async function nextMeetingOf(ctx: CommandContext, tx: CommandReadTx, person: Person): Promise<Meeting | undefined> {
  const open: Meeting[] = []
  for (const { branchId } of person.memberships) open.push(...(await tx.find(meetings, 'openInBranch', branchId)))
  return open
    .filter(meeting => !isDue(meeting, ctx.now) && rowOf(meeting, person)?.standing === 'expected')
    .sort((a, b) => a.startsAt.localeCompare(b.startsAt))[0]
}

/** Nobody decides his own leave; the refusal says who can. */
export async function ownLeave(ctx: CommandContext, tx: CommandReadTx, person: Person): Promise<UserError> {
  const branchId = person.memberships[0]?.branchId ?? ''
  const deciders = await decidersOf(tx, ctx.person, branchId)
  const post = nameDeciders(deciders, branchId)
  const names = post === '镇党建办' ? '' : deciders.map(decider => decider.name).join('、')
  return new UserError(`自己的请假不能自己批，要由${post}${names}来批。请发“请假 事由”，会报过去。`)
}

/** The record as it stands, where it can still be decided; everything else is refused with what was decided by whom. */
export async function decidable(
  ctx: CommandContext,
  tx: CommandReadTx,
  { meetingId, personId }: { meetingId: string; personId: string },
): Promise<Target & { record: Attendance | undefined }> {
  const meeting = await tx.get(meetings, meetingId)
  const person = await tx.get(people, personId)
  if (!meeting || !person) throw new UnknownIdError(meetingId)
  if (personId === ctx.person.personId) throw await ownLeave(ctx, tx, person)
  if (meeting.state === 'cancelled')
    throw new UserError(`${meetingLine(meeting)} 已取消，不用再批。`, { outcome: '已取消' })
  if (meeting.state === 'closed' || isDue(meeting, ctx.now))
    throw new UserError(`${meetingLine(meeting)} 已经结束，不能再批请假。`, { outcome: '已开完' })
  const record = await recordOf(tx, meeting, person)
  await refuseDecided(ctx, tx, { meeting, person, record })
  return { meeting, person, record }
}

async function refuseDecided(
  ctx: CommandContext,
  tx: CommandReadTx,
  { meeting, person, record }: Target & { record: Attendance | undefined },
): Promise<void> {
  const { name } = person
  const row = rowOf(meeting, person)
  if (!row) throw new UserError(`${meetingLine(meeting)} 不要${name}参加，不用请假。`)
  if (record?.presence) throw new UserError(`${name}已签到，不用请假。`, { outcome: '已签到' })
  if (record?.leave && record.leave.state !== 'asked') {
    const outcome = record.leave.state === 'granted' ? '已准假' : '不准'
    const next = outcome === '不准' ? '要改请让本人再请一次。' : '不用再批。'
    throw new UserError(`${name}的请假已${await decidedWords(ctx, tx, record.leave)}。${next}`, { outcome })
  }
  if (onStandingLeave(meeting, person, record))
    throw new UserError(`${name}已长期请假，不用再批。`, { outcome: '已准假' })
  if (row.standing === 'exempt' || row.standing === 'observer') {
    throw new UserError(`${name}${row.standing === 'exempt' ? '可免考勤' : '是列席'}，不用请假。`)
  }
}

/** What the secretary enters for somebody who did not ask: people without a phone tell it to his face. */
const ENTERED = '书记登记'

/** Writes the decision, tells the person, and answers the officer. `reason`: of a leave that nobody asked for here. */
export async function grantLeave(
  ctx: CommandContext,
  tx: CommandTx,
  ids: { meetingId: string; personId: string },
  reason: string,
): Promise<Answer> {
  const { meeting, person, record } = await decidable(ctx, tx, ids)
  const decided = { decidedBy: ctx.person.personId, decidedAt: tx.now.toISOString(), why: null }
  const entered = { reason: reason ? `${ENTERED}：${reason}` : ENTERED, askedAt: decided.decidedAt }
  await saveLeave(tx, meeting, person, { ...(record?.leave ?? entered), ...decided, state: 'granted' })
  await auditDecision(ctx, tx, { meeting, person, record }, 'grant-leave')
  const title = titleOf(meeting)
  const paper = await tell(tx, person, meeting, `您的请假已准：${title}\n${startOf(meeting)}`)
  return { text: `已准假：${person.name}\n${title}\n${startOf(meeting)}${paper}`, outcome: '已准假' }
}

export async function refuseLeave(
  ctx: CommandContext,
  tx: CommandTx,
  ids: { meetingId: string; personId: string },
  why: string,
): Promise<Answer> {
  const { meeting, person, record } = await decidable(ctx, tx, ids)
  if (!record?.leave) throw nothingAsked(person)
  const decided = { decidedBy: ctx.person.personId, decidedAt: tx.now.toISOString(), why }
  await saveLeave(tx, meeting, person, { ...record.leave, ...decided, state: 'refused' })
  await auditDecision(ctx, tx, { meeting, person, record }, 'refuse-leave', why)
  const title = titleOf(meeting)
  const told = `您的请假没有批准：${title}\n${startOf(meeting)}\n原因：${why}\n请按时参加，确有困难请联系书记。`
  const paper = await tell(tx, person, meeting, told)
  return { text: `不准：${person.name}\n${title}\n原因：${why}${paper}`, outcome: '不准' }
}

export const nothingAsked = (person: Person): UserError => new UserError(`${person.name}没有等着批的请假。`)

async function tell(tx: CommandTx, person: Person, meeting: Meeting, text: string): Promise<string> {
  if (!canBeTold(person)) return '\n他没有手机，请当面或打电话告知。'
  await tx.send({ text }, [person.personId], { about: meeting.meetingId })
  return ''
}

async function auditDecision(
  ctx: CommandContext,
  tx: CommandTx,
  { meeting, person, record }: Target & { record: Attendance | undefined },
  what: 'grant-leave' | 'refuse-leave',
  why?: string,
): Promise<void> {
  const { personId } = person
  await tx.audit({
    by: ctx.person.personId,
    branchId: meeting.branchId,
    what,
    about: meeting.meetingId,
    before: { personId, leave: record?.leave?.state ?? null },
    after: { personId, leave: what === 'grant-leave' ? 'granted' : 'refused' },
    ...(why && { why }),
  })
}
