import { dayOf, spellDay } from '../clock.ts'
import type { Quiz } from '../store/collections.ts'
import { quizzes } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** A row of days that belong together, and how it is called. */

export interface Series {
  seriesId: string
  /** '廉政每日测验' */
  title: string
  /** By their days; the last one is the final test. */
  days: readonly Quiz[]
  final: Quiz
  from: string
  to: string
}

/** undefined: there is none of that id. */
export async function seriesById(tx: ReadTx, seriesId: string): Promise<Series | undefined> {
  const found = await tx.find(quizzes, 'series', seriesId)
  const days = found.toSorted((a, b) => (a.series?.day ?? 0) - (b.series?.day ?? 0))
  const [first] = days
  const final = days.at(-1)
  if (!first || !final) return undefined
  const from = dayOf(new Date(first.opensAt))
  const ended = dayOf(new Date(final.closesAt))
  // One that was called off before it began has no end of its own.
  return { seriesId, title: baseTitle(first), days, final, from, to: ended < from ? from : ended }
}

/** '廉政每日测验' of '廉政每日测验第 2 天' */
export const baseTitle = ({ title }: Pick<Quiz, 'title'>): string => title.replace(/(?:第 \d+ 天|终测)$/u, '')

/** '11月30日 周一 至 12月4日 周五' */
export const spanOf = ({ from, to }: { from: string; to: string }): string => `${spellDay(from)} 至 ${spellDay(to)}`
