import { minutesBetween } from '../clock.ts'
import type { Meeting, MeetingKind, StudyEntry } from '../store/collections.ts'
import { endOf } from './meeting.ts'

/** Hours of study, in tenths: whole numbers, so that sums are exact. */

/** 《中国共产党党员教育管理工作条例》第二十条 says 一般, and how long a 学时 is it does not say: an hour is one here. */
export const STUDY_RULE = '《中国共产党党员教育管理工作条例》第二十条'

/**
 * What a meeting of several kinds had of each nobody knows, so it counts as a whole. Other kinds may have had study in them,
 * which an officer enters as hours: the bot does not guess.
 */
const LESSONS: readonly MeetingKind[] = ['党课', '警示教育']
const TRAININGS: readonly MeetingKind[] = ['培训']

export type StudyKind = 'lesson' | 'training'

export function studyKindOf({ kinds }: Pick<Meeting, 'kinds'>): StudyKind | null {
  if (kinds.some(kind => LESSONS.includes(kind))) return 'lesson'
  return kinds.some(kind => TRAININGS.includes(kind)) ? 'training' : null
}

/** From the start to the end. Coming late takes nothing off. */
export function tenthsOf(meeting: Pick<Meeting, 'startsAt' | 'endsAt' | 'closed'>): number {
  return Math.max(0, Math.round(minutesBetween(new Date(meeting.startsAt), endOf(meeting)) / 6))
}

export interface StudySum {
  /** How many lessons he was at. */
  lessons: number
  lessonTenths: number
  /** Trainings he was at, and what was entered. */
  trainingTenths: number
}

export const allTenths = ({ lessonTenths, trainingTenths }: StudySum): number => lessonTenths + trainingTenths

/** `attended`: closed meetings with his presence; those that are no study count nothing. */
export function sumOfStudy(attended: readonly Meeting[], entries: readonly StudyEntry[]): StudySum {
  const sum: StudySum = { lessons: 0, lessonTenths: 0, trainingTenths: 0 }
  for (const meeting of attended) {
    const kind = studyKindOf(meeting)
    if (kind === 'lesson') {
      sum.lessons += 1
      sum.lessonTenths += tenthsOf(meeting)
    } else if (kind === 'training') sum.trainingTenths += tenthsOf(meeting)
  }
  for (const { tenths } of entries) sum.trainingTenths += tenths
  return sum
}

/** '12.5', '6' */
export const spellHours = (tenths: number): string => String(tenths / 10)

/** Nobody studies longer at one go: ten days of a full-time course. */
const MOST_TENTHS = 800

const HOURS = /^(\d{1,4})(?:\.(\d+))?个?(?:学时|课时|小时|h)?$/
const AND_A_HALF = /^(\d{1,3})?个?半个?(?:学时|课时|小时)$|^(\d{1,3})个(?:学时|课时|小时)?半(?:学时|课时|小时)?$/

/** '1.5' '4学时' '1个半小时' in tenths. Null: not meant as hours. */
export function readHours(said: string): { tenths: number } | { refused: string } | null {
  const text = said.normalize('NFKC').trim().toLowerCase()
  const tenths = tenthsIn(text)
  if (tenths === null) return null
  if (Number.isNaN(tenths)) return { refused: `“${said}”太细了，学时最多写一位小数，如 1.5。` }
  if (tenths === 0) return { refused: '学时不能是 0，如 1.5。' }
  if (tenths > MOST_TENTHS) return { refused: `一次最多 ${spellHours(MOST_TENTHS)} 学时，请核对。` }
  return { tenths }
}

/** NaN: finer than a tenth. */
function tenthsIn(text: string): number | null {
  const [whole, before, between] = AND_A_HALF.exec(text) ?? []
  if (whole !== undefined) return Number(before ?? between ?? 0) * 10 + 5
  const [, hours, fraction = ''] = HOURS.exec(text) ?? []
  if (hours === undefined) return null
  const digits = fraction.replace(/0+$/, '')
  return digits.length > 1 ? Number.NaN : Number(hours) * 10 + Number(digits === '' ? 0 : digits)
}
