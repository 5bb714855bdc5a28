import { yearOf } from '../clock.ts'
import { settingOf, studyHoursPerYear } from '../domain/parameters.ts'
import { allTenths, type StudySum, spellHours } from '../domain/study-hours.ts'
import { type Attempt, attempts, type Person, quizzes, settings } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { studyOf } from './sums.ts'

/** My study, for nobody but me: pass a transaction that sees the whole township, as some of it may be in another branch. */

export async function myStudy(tx: ReadTx, person: Person): Promise<string[]> {
  const sum = studyWords(await studyOf(tx, person.personId, yearOf(tx.now)))
  return [`今年学习 ${sum}${await usual(tx, person)}`, await myQuizzes(tx, person.personId)]
}

/** '12.5 学时（党课 3 次 6 学时，培训 6.5 学时）' */
export function studyWords(sum: StudySum): string {
  const { lessons, lessonTenths, trainingTenths } = sum
  const parts = [
    lessons > 0 ? `党课 ${lessons} 次 ${spellHours(lessonTenths)} 学时` : '',
    trainingTenths > 0 ? `培训 ${spellHours(trainingTenths)} 学时` : '',
  ].filter(part => part !== '')
  return `${spellHours(allTenths(sum))} 学时${parts.length > 0 ? `（${parts.join('，')}）` : ''}`
}

/** The rule is about members, and says 一般: it is told, and nothing is made of it. */
async function usual(tx: ReadTx, { identity }: Person): Promise<string> {
  if (identity !== 'full' && identity !== 'probationary') return ''
  const hours = settingOf(studyHoursPerYear, await tx.get(settings, studyHoursPerYear.name))
  return hours === 0 ? '' : `，一般每年不少于${hours}学时`
}

const QUIZZES_SHOWN = 3

/** The best of each quiz whose answers are still kept, the last ones; '' where there are none. */
async function myQuizzes(tx: ReadTx, personId: string): Promise<string> {
  const best = new Map<string, Attempt>()
  for (const attempt of await tx.find(attempts, 'person', personId)) {
    const before = best.get(attempt.quizId)
    if (attempt.score !== null && attempt.score >= (before?.score ?? 0)) best.set(attempt.quizId, attempt)
  }
  const last = [...best.values()].toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, QUIZZES_SHOWN)
  const words: string[] = []
  for (const { quizId, score } of last) {
    words.push(`${(await tx.get(quizzes, quizId))?.title ?? quizId} ${score} 分`)
  }
  return words.length > 0 ? `近三个月测验最好成绩：${words.join('，')}（只有您自己看）` : ''
}
