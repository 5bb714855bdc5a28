import { aheadLines, planOf } from '../branch/plan.ts'
import { dayOf, instantAt, monthOf } from '../clock.ts'
import { addMonths, quarterOf } from '../domain/month-words.ts'
import type { Span } from '../domain/paper-order.ts'
import { type Duty, type Period, planRules } from '../domain/plan.ts'
import { type Branch, MEETING_KINDS, type MeetingKind } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { type BranchMeetings, heldOf } from './held.ts'

/** How often each kind was held, beside what a branch of this shape holds usually. A meeting of several kinds counts for each. */
export interface KindCount {
  kind: MeetingKind
  /** Of a 党小组会. */
  group: string | null
  /** '每季度 1 次', '不设支委会' */
  plan: string
  /** A bucket each; null: it has not begun. */
  counts: readonly (number | null)[]
  total: number
  /** '本季度尚未召开：党员大会'; '' where nothing is ahead, and of a time that is over. */
  ahead: string
}

export interface Bucket {
  name: string
  months: readonly string[]
}

/** Of a year its quarters, else the months. */
export function bucketsOf({ months }: Span): Bucket[] {
  const [first = '', last = ''] = [months[0], months.at(-1)]
  if (months.length === 12 && first.endsWith('-01') && last.endsWith('-12')) {
    return ['一', '二', '三', '四'].map((name, at) => ({
      name: `${name}季度`,
      months: quarterOf(addMonths(first, at * 3)),
    }))
  }
  return months.map(month => ({ name: `${month.slice(0, 4)}年${Number(month.slice(5))}月`, months: [month] }))
}

/** The plan as of the last day of the span, or today where it is not over. */
export async function dutiesIn(tx: ReadTx, branchId: string, { months }: Span, now: Date): Promise<readonly Duty[]> {
  const [first = '', last = ''] = [months[0], months.at(-1)]
  const current = monthOf(now)
  if (last < current) return planOf(tx, tx, branchId, instantAt(`${last}-28`, '12:00'))
  return planOf(tx, tx, branchId, first > current ? instantAt(`${first}-01`, '12:00') : now)
}

export const isNow = ({ months }: Span, now: Date): boolean => months.includes(monthOf(now))

export function countKinds(of: BranchMeetings, span: Span, duties: readonly Duty[], now: Date): KindCount[] {
  const buckets = bucketsOf(span)
  const held = heldOf(of).map(({ meeting }) => ({ ...meeting, month: dayOf(new Date(meeting.startsAt)).slice(0, 7) }))
  return MEETING_KINDS.flatMap(kind => {
    const mine = held.filter(({ kinds }) => kinds.includes(kind))
    const own = duties.filter(duty => duty.kind === kind)
    const groups = kind === '党小组会' ? groupsOf(own, mine) : [null]
    if (own.length === 0 && mine.length === 0 && !isPlanned(kind)) return []
    return groups.map(group => {
      const ours = group === null ? mine : mine.filter(meeting => meeting.group === group)
      const duty = own.find(each => each.group === group)
      return {
        kind,
        group,
        plan: duty ? planWords(duty) : unplannedWords(of.branch, kind, group),
        counts: buckets.map(bucket => countIn(bucket, ours, now)),
        total: ours.length,
        ahead: duty && isNow(span, now) ? aheadLines([duty], now).join('，') : '',
      }
    })
  })
}

const isPlanned = (kind: MeetingKind): boolean => planRules.some(rule => rule.kind === kind)

/** Those there are, then those that only met; where there are none one row says so. */
function groupsOf(duties: readonly Duty[], held: readonly { group: string | null }[]): (string | null)[] {
  const groups = [...new Set([...duties.map(({ group }) => group), ...held.map(({ group }) => group)])]
  return groups.length > 0 ? groups : [null]
}

function countIn({ months }: Bucket, held: readonly { month: string }[], now: Date): number | null {
  const count = held.filter(({ month }) => months.includes(month)).length
  return count === 0 && (months[0] ?? '') > monthOf(now) ? null : count
}

const EVERY: Readonly<Record<Period, string>> = { month: '每月', quarter: '每季度', year: '每年' }

const planWords = ({ period, required }: Duty): string => `${EVERY[period]} ${required} 次`

/** Of a general branch nothing is known: the plan asks it of none. */
function unplannedWords(branch: Branch, kind: MeetingKind, group: string | null): string {
  if (branch.kind === '总支') return '—'
  if (kind === '支委会') return '不设支委会'
  return kind === '党小组会' && group === null ? '没有党小组' : '—'
}
