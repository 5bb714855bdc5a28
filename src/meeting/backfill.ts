import { type CommandContext, type CommandReadTx, type CommandTx, fold } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { dayOf, daysBetween, timeOf } from '../clock.ts'
import { sheetRows, unreachedRows } from '../domain/attendance.ts'
import { blankAttendance, checkInWindow, isVoting } from '../domain/meeting.ts'
import { membershipIn } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import {
  type Attendance,
  attendances,
  type Meeting,
  meetings,
  type Person,
  type Presence,
  people,
} from '../store/collections.ts'
import { isDue } from './close-due.ts'
import { namesIn } from './names.ts'
import { loneNumber, namesRow, type PaperList, type Sheet } from './paper-list.ts'
import { isUnderWay, meetingById, openMeetings, pickLatestMeeting } from './pick.ts'
import { goneWords, type Roll, rollOf } from './roll.ts'
import { meetingLine, shortId, timeFrom, titleOf } from './words.ts'

/** Presence from the paper list, of equal worth (DOMAIN.md 8.4, 2). Everything here runs under the lock of the meeting. */

/** DOMAIN.md 13 `backfillDays`: later by the township, with a reason. */
const BACKFILL_DAYS = 7
export const USUAL_REASON = '纸质签到'

/** The meeting that the list is of: the one named, else that of the roll whose rows are used, else the latest. */
export async function meetingOfList(
  ctx: CommandContext,
  tx: CommandReadTx,
  list: PaperList,
): Promise<{ meetingId: string; words: readonly string[] }> {
  const { words } = list
  if (list.meetingId) return { meetingId: (await meetingById(ctx, tx, list.meetingId)).meetingId, words }
  const number = list.all ? null : loneNumber(words)
  const numbered = number && (await tx.get(meetings, `m-${Number(number)}`))
  if (numbered && numbered.state !== 'cancelled' && daysSince(numbered, ctx.now) <= BACKFILL_DAYS) {
    if ((await rollOf(tx, numbered)).rows.length < Number(number)) {
      return { meetingId: numbered.meetingId, words: words.filter(word => word !== number) }
    }
    throw rowOrMeeting(number)
  }
  const shown = words.some(namesRow) ? await meetingShown(ctx, tx) : undefined
  const { meetingId } = shown ?? (await pickLatestMeeting(ctx, tx))
  const last = words.length > 1 && !list.all ? (words.at(-1) ?? '') : ''
  // '14 18' of the roll of m-18: its own number behind the rows is more likely the meeting than one more row.
  if (`m-${Number(fold(last))}` === meetingId && /^\d+$/.test(fold(last))) throw rowOrMeeting(fold(last))
  return { meetingId, words }
}

const rowOrMeeting = (number: string): UserError =>
  new UserError(`“${number}”是行号还是会议？会议请写 m-${Number(number)}，行号请写 ${number}号。`)

/** A roll looked at last week gives no rows to tonight's meeting. */
async function meetingShown(ctx: CommandContext, tx: CommandReadTx): Promise<Meeting | undefined> {
  const shown = ctx.rollShown ? await tx.get(meetings, ctx.rollShown) : undefined
  if (!shown) return undefined
  const underWay = (await openMeetings(ctx, tx)).filter(meeting => isUnderWay(meeting, ctx.now))
  const [other] = underWay
  if (!other || underWay.some(meeting => meeting.meetingId === shown.meetingId)) return shown
  throw new UserError(`行号是 ${shown.meetingId} 名单的，正在开的是 ${meetingLine(other)}。请带上会议编号再发。`)
}

const daysSince = (meeting: Meeting, now: Date): number => daysBetween(dayOf(new Date(meeting.endsAt)), dayOf(now))

export function refuseBackfill(ctx: CommandContext, meeting: Meeting, why: string | null): void {
  const { opens } = checkInWindow(meeting)
  if (meeting.state === 'cancelled') throw new UserError(`${meetingLine(meeting)} 已取消，不能补签。`)
  if (ctx.now < opens) {
    throw new UserError(`${timeFrom(opens, ctx.now)} 开始签到：${titleOf(meeting)}。到那时才能补签。`)
  }
  if (daysSince(meeting, ctx.now) <= BACKFILL_DAYS) return
  const late = `${meetingLine(meeting)}，已过 ${BACKFILL_DAYS} 天。`
  if (!ctx.person.admin) throw new UserError(`${late}要补签请找镇党建办。`)
  if (!why) throw new UserError(`${late}补签要写原因，这样发：补签 姓名 m-${shortId(meeting.meetingId)} 原因：名单漏交`)
}

/** Nobody was named: the next text is the list. */
export function askWho(ctx: CommandContext, meeting: Meeting, roll: Roll): Answer {
  refuseBackfill(ctx, meeting, USUAL_REASON)
  const { meetingId } = meeting
  const names = unreachedRows(roll.rows, roll.attendances, roll.noPhone)
    .filter(row => row.personId !== ctx.person.personId)
    .flatMap(row => roll.people.get(row.personId)?.name ?? [])
  const example = names.find(name => names.indexOf(name) === names.lastIndexOf(name))
  const lines = [`补签谁？请直接发姓名或行号，可以几位一起发。`, meetingLine(meeting)]
  if (example) lines.push(`也可以这样发：补签 ${example} ${meetingId}`)
  return { text: lines.join('\n'), awaits: `/补签 ${meetingId}` }
}

export async function sheetOf(tx: CommandReadTx, meeting: Meeting, roll: Roll): Promise<Sheet> {
  const rows = sheetRows(roll.rows, roll.attendances).map(row => row.personId)
  const candidates = rows.flatMap(personId => roll.people.get(personId) ?? [])
  const { meetingId, branchId, group } = meeting
  return {
    meetingId,
    branchId,
    group,
    rows,
    candidates,
    branchPeople: await tx.township.find(people, 'branch', branchId),
  }
}

/** His row is still on the paper, which does not make him one of 应到. */
export function refuseGone(meeting: Meeting, roll: Roll, named: readonly Person[]): void {
  const gone = sheetRows(roll.rows, roll.attendances).filter(
    row => row.standing === 'left' && named.some(person => person.personId === row.personId),
  )
  if (gone.length === 0) return
  const nameOf = namesIn(roll, meeting.branchId)
  const who = gone.map(({ number, personId }) => {
    return `第 ${number} 行 ${nameOf(personId)} ${goneWords(roll.people.get(personId), meeting.branchId)}`
  })
  throw new UserError(`${who.join('；')}，不用补签。一个也没有补签，请去掉后再发。`)
}

/** Books everybody who has no presence yet, and answers with what became of each. */
export async function bookPresence(
  ctx: CommandContext,
  tx: CommandTx,
  meeting: Meeting,
  list: { personIds: readonly string[]; why: string | null },
): Promise<Answer> {
  const roll = await rollOf(tx, meeting)
  const why = list.why ?? USUAL_REASON
  const beforeClose = meeting.state === 'open' && !isDue(meeting, tx.now)
  const by = ctx.person.personId
  const at = tx.now.toISOString()
  const presence: Presence = { at, method: 'backfill', by, why, lateMinutes: 0, position: null, beforeClose }
  const booked: string[] = []
  const already: Attendance[] = []
  // Whoever left after the preview is in no count any more.
  const gone = new Set(roll.rows.filter(row => row.standing === 'left').map(row => row.personId))
  for (const personId of list.personIds.filter(each => !gone.has(each))) {
    const before = await tx.get(attendances, `${meeting.meetingId}:${personId}`)
    if (before?.presence) already.push(before)
    else {
      await (before
        ? tx.put(attendances, { ...before, presence })
        : tx.insert(attendances, { ...blankFor(meeting, personId, roll.people.get(personId)), presence }))
      booked.push(personId)
    }
  }
  const { branchId, meetingId } = meeting
  if (booked.length > 0) {
    await tx.audit({ by, branchId, what: 'backfill', about: meetingId, after: { personIds: booked, beforeClose }, why })
  }
  return { text: bookedWords(meeting, roll, { booked, already, why, beforeClose }) }
}

function blankFor(meeting: Meeting, personId: string, person: Person | undefined): Attendance {
  const group = person ? (membershipIn(person, meeting.branchId)?.group ?? null) : null
  return blankAttendance(meeting, personId, meeting.group ?? group)
}

/** The named form names everybody; a whole list would only be long. */
const NAMES_SHOWN = 20

function bookedWords(
  meeting: Meeting,
  roll: Roll,
  result: { booked: readonly string[]; already: readonly Attendance[]; why: string; beforeClose: boolean },
): string {
  const { booked, already, why, beforeClose } = result
  const nameOf = namesIn(roll, meeting.branchId)
  const names = booked.length <= NAMES_SHOWN ? `：${booked.map(nameOf).join('、')}` : '。'
  const known = already
    .slice(0, NAMES_SHOWN)
    .map(({ personId, presence }) =>
      presence?.method === 'self'
        ? `${nameOf(personId)} 已签到（${timeOf(new Date(presence.at))}）`
        : `${nameOf(personId)} 已签到（补签）`,
    )
  const lines = [
    booked.length > 0 ? `已补签 ${booked.length} 人${names}` : '都已签到，不用补签。',
    `${meeting.meetingId} ${titleOf(meeting)}（${why}）`,
    ...(known.length > 0 ? [`${known.join('、')}，不变`] : []),
  ]
  if (booked.length > 0 && !beforeClose && isVoting(meeting.kinds)) lines.push('会后补签只计到会，法定人数不变。')
  return lines.join('\n')
}
