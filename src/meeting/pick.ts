import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { dayOf, daysBetween, timeOf } from '../clock.ts'
import { checkInWindow } from '../domain/meeting.ts'
import { isOfficerOf, membershipIn } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { attendances, type Meeting, meetings } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { listedLines } from './branch-names.ts'
import { isDue } from './close-due.ts'
import { rowOf } from './roll.ts'
import { titleOf } from './words.ts'

/** Open meetings of the speaker's reach, soonest first; those that are due to close by themselves count as closed. */
export async function openMeetings(ctx: CommandContext, tx: ReadTx): Promise<readonly Meeting[]> {
  const found = ctx.reach.township
    ? await tx.find(meetings, 'open', 'yes')
    : await ofBranches(tx, 'openInBranch', ctx.reach.places)
  return soonestFirst(found.filter(meeting => !isDue(meeting, ctx.now)))
}

/** Open meetings that expect or invite this person. */
export async function myOpenMeetings(ctx: CommandContext, tx: ReadTx): Promise<readonly Meeting[]> {
  const found = await ofBranches(tx, 'openInBranch', ctx.person.memberships)
  return soonestFirst(found.filter(meeting => !isDue(meeting, ctx.now) && rowOf(meeting, ctx.person)))
}

async function ofBranches(
  tx: ReadTx,
  index: 'branch' | 'openInBranch',
  places: readonly { branchId: string }[],
): Promise<readonly Meeting[]> {
  const found: Meeting[] = []
  for (const branchId of new Set(places.map(place => place.branchId))) {
    found.push(...(await tx.find(meetings, index, branchId)))
  }
  return found
}

const soonestFirst = (found: readonly Meeting[]): readonly Meeting[] =>
  [...found].sort((a, b) => a.startsAt.localeCompare(b.startsAt) || a.meetingId.localeCompare(b.meetingId))

/** The meeting with this id, in the speaker's reach. An id outside what he may see does not exist. */
export async function meetingById(ctx: CommandContext, tx: CommandReadTx, meetingId: string): Promise<Meeting> {
  const meeting = await tx.get(meetings, meetingId)
  if (meeting) return meeting
  const elsewhere = await tx.township.get(meetings, meetingId)
  if (elsewhere && membershipIn(ctx.person, elsewhere.branchId) && rowOf(elsewhere, ctx.person)) {
    throw new UserError(`${meetingId} 不归您管，要由支部书记或委员来办。`)
  }
  throw new UnknownIdError(meetingId)
}

export const isUnderWay = (meeting: Meeting, now: Date): boolean => checkInWindow(meeting).opens <= now

/**
 * An open meeting an officer means: the one he names, else the one under way, else the next. Throws where that is unclear.
 * What the township says without a branch is about its own: another branch's meeting has to be named.
 */
export async function pickOpenMeeting(ctx: CommandContext, tx: CommandReadTx, meetingId?: string): Promise<Meeting> {
  if (meetingId) return meetingById(ctx, tx, meetingId)
  const all = await openMeetings(ctx, tx)
  const open = all.filter(ofOwnBranch(ctx))
  const underWay = open.filter(meeting => isUnderWay(meeting, ctx.now))
  const candidates = underWay.length > 0 ? underWay : open.slice(0, 1)
  const [first] = candidates
  if (!first && all.length > 0) throw await unclear(ctx, tx, all)
  if (!first) throw noneYet(ctx, '现在没有开着的会议。')
  if (candidates.length > 1) throw await unclear(ctx, tx, candidates)
  return first
}

/** As above; where none is under way, the last that was closed. */
export async function pickLatestMeeting(ctx: CommandContext, tx: CommandReadTx, meetingId?: string): Promise<Meeting> {
  if (meetingId) return meetingById(ctx, tx, meetingId)
  const isOwn = ofOwnBranch(ctx)
  const all = await openMeetings(ctx, tx)
  const open = all.filter(isOwn)
  const underWay = open.filter(meeting => isUnderWay(meeting, ctx.now))
  if (underWay.length > 1) throw await unclear(ctx, tx, underWay)
  const picked = underWay[0] ?? (await lastClosed(ctx, tx, isOwn)) ?? open[0]
  if (!picked && all.length > 0) throw await unclear(ctx, tx, all)
  if (!picked) throw noneYet(ctx, '还没有会议。')
  return picked
}

/** Paper is printed for what comes: as `pickOpenMeeting`; where none is open, the last that was closed. */
export async function pickMeetingToPrint(ctx: CommandContext, tx: CommandReadTx, meetingId?: string): Promise<Meeting> {
  const isAnyOpen = (await openMeetings(ctx, tx)).length > 0
  return isAnyOpen || meetingId ? pickOpenMeeting(ctx, tx, meetingId) : pickLatestMeeting(ctx, tx)
}

/** Longer ago, the record was written long since. */
const RECORD_DAYS = 60

/** A record is written of what was held: the last that was closed. */
export async function pickMeetingToRecord(
  ctx: CommandContext,
  tx: CommandReadTx,
  meetingId?: string,
): Promise<Meeting> {
  if (meetingId) return meetingById(ctx, tx, meetingId)
  const last = await lastClosed(ctx, tx, ofOwnBranch(ctx))
  if (last && daysBetween(dayOf(new Date(last.startsAt)), dayOf(ctx.now)) <= RECORD_DAYS) return last
  throw new UserError(`${RECORD_DAYS} 天内没有结束的会议。别的会议请带编号再发，编号请发：会议`)
}

/** What the township says without naming a branch is about the one it is an officer of; of others nothing is picked for it. */
function ofOwnBranch(ctx: CommandContext): (meeting: Meeting) => boolean {
  if (!ctx.reach.township) return () => true
  return meeting => isOfficerOf(ctx.person, meeting.branchId)
}

/** The last that was closed, or is due to be. */
export async function lastClosed(
  ctx: CommandContext,
  tx: CommandReadTx,
  isMeant: (meeting: Meeting) => boolean,
): Promise<Meeting | undefined> {
  const held = ctx.reach.township ? await tx.all(meetings) : await ofBranches(tx, 'branch', ctx.reach.places)
  const closed = held.filter(meeting => isMeant(meeting) && (meeting.state === 'closed' || isDue(meeting, ctx.now)))
  return soonestFirst(closed).at(-1)
}

/** A leader hears of his group alone: of the branch's meetings he may well know. */
function noneYet(ctx: CommandContext, fact: string): UserError {
  const { township, places } = ctx.reach
  if (!township && places.every(place => place.group)) {
    return new UserError('您的小组现在没有会议。要开请发：会议 新建 党小组会')
  }
  return new UserError(`${fact}要开会请发：会议 新建`)
}

async function unclear(ctx: CommandContext, tx: ReadTx, candidates: readonly Meeting[]): Promise<UserError> {
  const lines = await listedLines(ctx.person, tx, candidates.slice(0, 6))
  return new UserError(`有 ${candidates.length} 个会议，请带上编号再发：\n${lines.join('\n')}`)
}

/** After the window of a meeting that has not been over for three hours: what he is told, present or not. */
export async function lastMissed(
  ctx: CommandContext,
  tx: CommandReadTx,
): Promise<{ meeting: Meeting; answer: Answer } | undefined> {
  const held = await ofBranches(tx, 'branch', ctx.person.memberships)
  const over = held.filter(
    meeting => meeting.state !== 'cancelled' && new Date(meeting.closesAt) > ctx.now && isOver(meeting, ctx.now),
  )
  const last = soonestFirst(over.filter(meeting => rowOf(meeting, ctx.person))).at(-1)
  if (!last) return undefined
  const record = await tx.get(attendances, `${last.meetingId}:${ctx.person.personId}`)
  const text = record?.presence
    ? `已签到，${timeOf(new Date(record.presence.at))} 签的。\n${titleOf(last)}`
    : `${titleOf(last)} 的签到已结束。到会了请书记补签。`
  return { meeting: last, answer: { text } }
}

const isOver = (meeting: Meeting, now: Date): boolean =>
  meeting.state === 'closed' || checkInWindow(meeting).closes <= now
