import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import {
  type Attendance,
  type Leave,
  type Meeting,
  meetings,
  type Person,
  people,
  type RollRow,
} from '../store/collections.ts'
import { isDue } from './close-due.ts'
import { canBeTold, decidersOf, nameDeciders } from './deciders.ts'
import { decidedWords, ENTERED, onStandingLeave, recordOf, saveLeave, stamp } from './leave.ts'
import { openMeetingsOf, openRequests, type Target } from './leave-requests.ts'
import type { SaidOfLeave } from './leave-said.ts'
import { meetingById } from './pick.ts'
import { cannotWait } from './quiet.ts'
import { rowOf } from './roll.ts'
import { branchMeant } from './within.ts'
import { meetingLine, startOf, titleOf } from './words.ts'

/** Deciding a leave: which request is meant, what stands in its way, and the decision itself. */

/** The request meant; a person named without one: for the grant alone, his meeting named or next. */
export async function targetOf(ctx: CommandContext, tx: CommandReadTx, said: SaidOfLeave): Promise<Target> {
  if (!said.person) return lastRequest(ctx, tx, said.meetingId)
  if (said.person.personId === ctx.person.personId) throw await ownLeave(ctx, tx, await ownMeeting(ctx, tx, said))
  if (said.meetingId) return { person: said.person, meeting: await meetingById(ctx, tx, said.meetingId) }
  const personId = said.person.personId
  const asked = (await openRequests(ctx, tx)).filter(request => request.person.personId === personId)
  const [request] = asked.sort((a, b) => a.meeting.startsAt.localeCompare(b.meeting.startsAt))
  return request ?? { person: said.person, meeting: await nextMeetingOf(ctx, tx, said.person) }
}

/** An administrator reaches every branch: without a name he decides only where one branch alone can be meant. */
async function lastRequest(ctx: CommandContext, tx: CommandReadTx, meetingId: string | null): Promise<Target> {
  const meeting = meetingId ? await meetingById(ctx, tx, meetingId) : undefined
  const open = (await openRequests(ctx, tx)).filter(
    request => !meeting || request.meeting.meetingId === meeting.meetingId,
  )
  const last = open.at(-1)
  if (!last) throw new UserError(`${meeting ? `${meetingLine(meeting)} ` : ''}没有等着批的请假。${SEE_MEETINGS}`)
  if (open.some(request => request.meeting.branchId !== last.meeting.branchId)) {
    throw new UserError(`有 ${open.length} 个请假等着批，不在一个支部。请写明姓名，这样发：准假 ${last.person.name}`)
  }
  return last
}

const SEE_MEETINGS = '发“会议”可以看到各会的请假人数。'

/** The next meeting that expects him. Throws where none does, with why. */
async function nextMeetingOf(ctx: CommandContext, tx: CommandReadTx, person: Person): Promise<Meeting> {
  const open = await openMeetingsOf(ctx, tx, person)
  const due = open.find(meeting => rowOf(meeting, person)?.standing === 'expected')
  if (due) return due
  const [invited] = open
  const row = invited && rowOf(invited, person)
  if (row) throw needless(person, row) ?? onLongLeave(person)
  throw new UserError(`${person.name}没有等着批的请假，近期也没有要参加的会议。${SEE_MEETINGS}`)
}

const needless = (person: Person, { standing }: RollRow): UserError | undefined =>
  standing === 'exempt' || standing === 'observer'
    ? new UserError(`${person.name}${standing === 'exempt' ? '可免考勤' : '是列席'}，不用请假。`)
    : undefined

const onLongLeave = (person: Person): UserError =>
  new UserError(`${person.name}已长期请假，不用再批。`, { outcome: '已准假' })

/** The meeting that the officer means who decides his own leave: the one named, where he asked, or his next. */
async function ownMeeting(ctx: CommandContext, tx: CommandReadTx, said: SaidOfLeave): Promise<Meeting | undefined> {
  if (said.meetingId) return meetingById(ctx, tx, said.meetingId)
  const open = await openMeetingsOf(ctx, tx, ctx.person)
  for (const meeting of open) if (await hasAsked(ctx, tx, meeting)) return meeting
  return open[0]
}

const hasAsked = async (ctx: CommandContext, tx: CommandReadTx, meeting: Meeting): Promise<boolean> =>
  (await recordOf(tx, meeting, ctx.person))?.leave?.state === 'asked'

/** Nobody decides his own leave; the refusal says who can. */
export async function ownLeave(
  ctx: CommandContext,
  tx: CommandReadTx,
  meeting: Meeting | undefined,
): Promise<UserError> {
  const branchId = meeting?.branchId ?? branchMeant(ctx) ?? ''
  const deciders = await decidersOf(tx, ctx.person, branchId)
  const post = nameDeciders(deciders, branchId)
  const names = post === '镇党建办' ? '' : deciders.map(decider => decider.name).join('、')
  if (meeting && deciders.length > 0 && (await hasAsked(ctx, tx, meeting))) {
    return new UserError(`您的请假已报给${names || post}，等批准。`)
  }
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
  if (personId === ctx.person.personId) throw await ownLeave(ctx, tx, meeting)
  if (meeting.state === 'cancelled')
    throw new UserError(`${meetingLine(meeting)} 已取消，不用再批。`, { outcome: '已取消' })
  if (meeting.state === 'closed' || isDue(meeting, ctx.now)) {
    const next = `到会的请发：补签 ${person.name} ${meetingId}`
    throw new UserError(`${meetingLine(meeting)} 已经结束，不能再批请假。${next}`, { outcome: '已开完' })
  }
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
  if (onStandingLeave(meeting, person, record)) throw onLongLeave(person)
  const free = needless(person, row)
  if (free) throw free
}

/** Writes the decision, tells the person, and answers the officer. `reason`: of a leave that nobody asked for here. */
export async function grantLeave(
  ctx: CommandContext,
  tx: CommandTx,
  ids: { meetingId: string; personId: string },
  reason: string,
): Promise<Answer> {
  const { meeting, person, record } = await decidable(ctx, tx, ids)
  // The card belongs to one request: pressed when that is gone, it must not enter a leave.
  if (!record?.leave && ctx.via === 'card') throw withdrawn(person)
  const decided = { decidedBy: ctx.person.personId, decidedAt: tx.now.toISOString(), why: null }
  const leave = record?.leave ?? {
    reason: reason ? `${ENTERED}：${reason}` : ENTERED,
    askedAt: decided.decidedAt,
    by: ctx.person.personId,
    leaveId: await tx.nextId('l'),
  }
  await saveLeave(tx, meeting, person, { ...leave, ...decided, state: 'granted' })
  await auditDecision(ctx, tx, { meeting, person, record }, 'grant-leave')
  const title = titleOf(meeting)
  const paper = await tell(
    ctx,
    tx,
    { meeting, person, leave },
    whose => `${whose}请假已准：${title}\n${startOf(meeting)}`,
  )
  return { text: `已准假：${person.name}\n${title}\n${startOf(meeting)}${paper}`, outcome: '已准假' }
}

export async function refuseLeave(
  ctx: CommandContext,
  tx: CommandTx,
  ids: { meetingId: string; personId: string },
  why: string,
): Promise<Answer> {
  const { meeting, person, record } = await decidable(ctx, tx, ids)
  if (!record?.leave) throw nothingAsked(ctx, person)
  const decided = { decidedBy: ctx.person.personId, decidedAt: tx.now.toISOString(), why }
  await saveLeave(tx, meeting, person, { ...record.leave, ...decided, state: 'refused' })
  await auditDecision(ctx, tx, { meeting, person, record }, 'refuse-leave', why)
  const title = titleOf(meeting)
  const told = `请假没有批准：${title}\n${startOf(meeting)}\n原因：${why}\n请按时参加，确有困难请联系书记。`
  const paper = await tell(ctx, tx, { meeting, person, leave: record.leave }, whose => `${whose}${told}`)
  return { text: `不准：${person.name}\n${title}\n原因：${why}${paper}`, outcome: '不准' }
}

const withdrawn = (person: Person): UserError =>
  new UserError(`${person.name}已撤回这次请假，不用再批。`, { outcome: '已撤回' })

export const nothingAsked = (ctx: CommandContext, person: Person): UserError =>
  ctx.via === 'card'
    ? withdrawn(person)
    : new UserError(`${person.name}没有等着批的请假。${SEE_MEETINGS}`, { outcome: '已撤回' })

/** Tells the person, or, where he has no phone, whoever spoke for him. Returns what the officer still has to do. */
async function tell(
  ctx: CommandContext,
  tx: CommandTx,
  { meeting, person, leave }: Target & { leave: Pick<Leave, 'by' | 'leaveId'> },
  textFor: (whose: string) => string,
): Promise<string> {
  const when = `（${stamp(tx, '批的', leave.leaveId)}）`
  const reachable = canBeTold(person)
  const to = reachable ? person.personId : leave.by
  const whose = reachable ? '您的' : `${person.name}的`
  if (to && to !== ctx.person.personId)
    await tx.send({ text: `${textFor(whose)}\n${when}` }, [to], {
      about: meeting.meetingId,
      urgent: await cannotWait(tx.township, tx.now, meeting),
    })
  return reachable ? '' : '\n没有手机，请当面或打电话告知。'
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
