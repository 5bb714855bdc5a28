import { addDays, dayOf, spellDay, spellMoment, timeOf } from '../clock.ts'
import type { Tally } from '../domain/attendance.ts'
import { meetingTitle } from '../domain/meeting.ts'
import type { Meeting, QuorumFigures } from '../store/collections.ts'

/** How meetings are put into words: the same wherever one is mentioned. */

export const titleOf = (meeting: Pick<Meeting, 'kinds' | 'topic'>): string => meetingTitle(meeting.kinds, meeting.topic)

/** '党小组会 · 学习（二组）': for lists and previews, whose reader may keep more than one group. */
export const fullTitleOf = (meeting: Pick<Meeting, 'kinds' | 'topic' | 'group'>): string =>
  `${titleOf(meeting)}${meeting.group ? `（${meeting.group}）` : ''}`

/** '党员大会+党课', '党小组会（一组）': on paper, where the topic has a place of its own. */
export const kindsOnPaper = ({ kinds, group }: Pick<Meeting, 'kinds' | 'group'>): string =>
  `${kinds.join('+')}${group ? `（${group}）` : ''}`

/** '11月26日 周四 19:00' */
export const startOf = (meeting: Pick<Meeting, 'startsAt'>): string => spellMoment(new Date(meeting.startsAt))

/** 'm-17 党课 · 学习党章，11月26日 周四 19:00' */
export const meetingLine = (meeting: Meeting): string => lineWithBranch(meeting, '')

/** 'm-17 水泉村党支部 党课 · 学习党章，11月26日 周四 19:00' */
export const lineWithBranch = (meeting: Meeting, prefix: string): string =>
  `${meeting.meetingId} ${prefix}${fullTitleOf(meeting)}，${startOf(meeting)}`

/** '18:30', with its day in front where that is not today. */
export function timeFrom(at: Date, now: Date): string {
  if (dayOf(at) === dayOf(now)) return timeOf(at)
  const day = dayOf(at) === addDays(dayOf(now), 1) ? '明天' : spellDay(dayOf(at))
  return `${day} ${timeOf(at)}`
}

/** The number alone, as people say it: 17. */
export const shortId = (meetingId: string): string => meetingId.replace(/^m-/, '')

/** '应到 20 实到 18 请假 1 缺席 1 到会率 90%' */
export function tallyWords(tally: Tally): string {
  const { expected, present, onLeave, absent, rate, presentOrLeaveRate, observers, exemptPresent, awayPresent } = tally
  const lines = [
    `应到 ${expected} 实到 ${present} 请假 ${onLeave} 缺席 ${absent} 到会率 ${rate}%`,
    `到会+准假 ${presentOrLeaveRate}%`,
  ]
  if (exemptPresent > 0) lines.push(`实到中可免考勤 ${exemptPresent}`)
  if (awayPresent > 0) lines.push(`另有长期请假的流动党员到会 ${awayPresent}（不计入应到实到）`)
  if (observers > 0) lines.push(`列席 ${observers}`)
  return lines.join('\n')
}

/** '有表决权 应到 20 实到 18，达到法定人数（10）。通过需赞成 11 票' */
export function quorumWords(quorum: QuorumFigures): string {
  const { entitled, present, needed, yesNeeded, reached } = quorum
  const verdict = reached ? '达到法定人数' : '未达到法定人数'
  const warning = reached && present < yesNeeded ? '，到会人数不足以通过决议' : ''
  return `有表决权 应到 ${entitled} 实到 ${present}，${verdict}（${needed} 人）。决议通过需赞成 ${yesNeeded} 票${warning}`
}

const GIST = 30

/** The beginning, in one line: for lists. */
export function gistOf(text: string, most = GIST): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  const characters = [...line]
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : line
}
