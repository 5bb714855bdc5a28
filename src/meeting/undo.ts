import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Reply } from '../bot/message.ts'
import { addMinutes } from '../clock.ts'
import { UserError } from '../errors.ts'
import { type Attendance, attendances, type Leave, type Meeting, meetings } from '../store/collections.ts'
import { isOpen } from './check-in.ts'
import { isDue } from './close-due.ts'
import { decidersOf } from './deciders.ts'
import { stamp } from './leave.ts'
import { shortId, titleOf } from './words.ts'

/** Taking back what a person did himself about a meeting, within ten minutes. */

export const UNDO_MINUTES = 10
export type Undoable = '签到' | '请假'

/** Runs under the lock of the meeting. */
export async function undoAtMeeting(
  ctx: CommandContext,
  tx: CommandTx,
  { meetingId, what }: { meetingId: string; what: Undoable },
): Promise<Reply> {
  const meeting = await tx.get(meetings, meetingId)
  const record = await tx.get(attendances, `${meetingId}:${ctx.person.personId}`)
  if (!meeting || !record || !isRecent(record, what, ctx.now)) {
    return { text: '已经撤回过了。发“会议”可以看您现在的情况。' }
  }
  refuseOver(meeting, what, ctx.now)
  return what === '签到' ? undoCheckIn(ctx, tx, meeting, record) : undoLeave(ctx, tx, meeting, record)
}

/** What a person did himself: presence from the paper list, or a leave that another entered, is not his to take back. */
const doneAt = (record: Attendance, what: Undoable): string | undefined => {
  if (what === '签到') return record.presence?.method === 'self' ? record.presence.at : undefined
  const { leave } = record
  return leave && leave.state !== 'refused' && leave.by === record.personId ? leave.askedAt : undefined
}

function isRecent(record: Attendance, what: Undoable, now: Date): boolean {
  const at = doneAt(record, what)
  return at !== undefined && addMinutes(new Date(at), UNDO_MINUTES) >= now
}

export async function lastDoneAtMeeting(ctx: CommandContext, tx: CommandReadTx, kinds: readonly Undoable[]) {
  const mine = await tx.find(attendances, 'person', ctx.person.personId)
  const done = mine.flatMap(record =>
    kinds
      .filter(what => isRecent(record, what, ctx.now))
      .map(what => ({ meetingId: record.meetingId, what, at: doneAt(record, what) ?? '' })),
  )
  return done.sort((a, b) => a.at.localeCompare(b.at)).at(-1)
}

function refuseOver(meeting: Meeting, what: Undoable, now: Date): void {
  if (meeting.state === 'cancelled') throw new UserError(`${titleOf(meeting)} 已取消，${what}不用撤回。`)
  if (meeting.state === 'closed' || isDue(meeting, now))
    throw new UserError(`${titleOf(meeting)} 已结束，${what}不能再撤回。要更正请找书记。`)
}

/** The positions of others stay as they were told. */
async function undoCheckIn(ctx: CommandContext, tx: CommandTx, meeting: Meeting, record: Attendance): Promise<Reply> {
  await tx.put(attendances, { ...record, presence: null })
  await auditUndo(ctx, tx, meeting, 'undo-check-in', record.presence)
  const next = isOpen(meeting, ctx.now) ? '到会了再发：签到' : '签到已结束，到会了请书记补签。'
  return { text: `已撤回签到：${titleOf(meeting)}。${next}` }
}

async function undoLeave(ctx: CommandContext, tx: CommandTx, meeting: Meeting, record: Attendance): Promise<Reply> {
  const { leave } = record
  await tx.put(attendances, { ...record, leave: null })
  await auditUndo(ctx, tx, meeting, 'undo-leave', leave && { state: leave.state, askedAt: leave.askedAt })
  const told = await whoWasAsked(ctx, tx, meeting, leave)
  const what = leave?.state === 'granted' ? '撤回了已准的请假' : '撤回了请假，不用再批'
  const when = stamp(tx, '撤回的', leave?.leaveId)
  const text = `${ctx.person.name} ${what}：${meeting.meetingId} ${titleOf(meeting)}（${when}）`
  await tx.send({ text }, told, { about: meeting.meetingId })
  return { text: `已撤回请假：${titleOf(meeting)}。还是来不了请发：请假${shortId(meeting.meetingId)} 事由` }
}

const auditUndo = (ctx: CommandContext, tx: CommandTx, meeting: Meeting, what: string, before: unknown) =>
  tx.audit({ by: ctx.person.personId, branchId: meeting.branchId, what, about: meeting.meetingId, before })

/** Those the request went to, and who granted it. */
async function whoWasAsked(ctx: CommandContext, tx: CommandTx, meeting: Meeting, leave: Leave | null) {
  const deciders = await decidersOf(tx, ctx.person, meeting.branchId)
  const told = new Set(deciders.map(person => person.personId))
  if (leave?.decidedBy) told.add(leave.decidedBy)
  told.delete(ctx.person.personId)
  return [...told]
}
