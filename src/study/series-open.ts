import type { Message } from '../bot/message.ts'
import { dayOf, instantAt, spellDay } from '../clock.ts'
import { calendar } from '../domain/holidays.ts'
import { END_OF_DAY } from '../domain/quiz-plan.ts'
import { groupPost } from '../meeting/group-post.ts'
import { type Quiz, quizzes } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { countOf, invitedTo } from './publish.ts'
import { type Series, seriesById, spanOf } from './series-words.ts'
import { deadlineOf } from './words.ts'

/**
 * The days open one after the other, and who hears of it: the group once a day, each person alone on the first day and for the
 * final test. On the days between nobody is told alone: who wants to says 答题.
 */

/** The rows of days of which one is to be opened. */
export async function seriesDue(tx: ReadTx, asOf: Date): Promise<string[]> {
  const due = (await tx.find(quizzes, 'open', 'yes')).filter(quiz => isDue(quiz, asOf))
  return [...new Set(due.flatMap(({ series }) => (series ? [series.seriesId] : [])))]
}

const isDue = ({ state, opensAt, closesAt }: Quiz, asOf: Date): boolean =>
  state === 'scheduled' && new Date(opensAt) <= asOf && new Date(closesAt) > asOf

export interface Opened {
  quizzes: number
  people: number
  posts: number
}

/** Opens what is due; days that were slept through are told of together, as the last of them. */
export async function openDue(tx: Tx, seriesId: string, asOf: Date): Promise<Opened> {
  const series = await seriesById(tx, seriesId)
  const due = series?.days.filter(quiz => isDue(quiz, asOf)) ?? []
  const latest = due.at(-1)
  if (!series || !latest) return { quizzes: 0, people: 0, posts: 0 }
  for (const quiz of due) await tx.put(quizzes, { ...quiz, state: 'open' })
  // Of a day off that a machine woke up on, the people find it by 答题.
  if (!calendar.isWorkday(dayOf(asOf))) return { quizzes: due.length, people: 0, posts: 0 }
  const posts = await postInGroups(tx, series, latest, asOf)
  return { quizzes: due.length, people: await tellEach(tx, series, due), posts }
}

/** Of no use after the day: the next one has a post of its own. */
async function postInGroups(tx: Tx, series: Series, latest: Quiz, asOf: Date): Promise<number> {
  const until = instantAt(dayOf(asOf), END_OF_DAY)
  let posts = 0
  for (const branchId of latest.branchIds) {
    const post = await groupPost(tx, { branchId, text: postText(series, latest), by: 'quiz-open', until })
    if (post && (await tx.chore({ ...post, key: `${latest.quizId}:${branchId}` }))) posts += 1
  }
  return posts
}

async function tellEach(tx: Tx, series: Series, due: readonly Quiz[]): Promise<number> {
  const latest = due.at(-1)
  const first = due.find(({ series: of }) => of?.day === 1)
  const quiz = latest?.series?.final ? latest : first
  if (!quiz) return 0
  const to = (await invitedTo(tx, quiz.branchIds)).map(({ personId }) => personId)
  const message = quiz === first ? firstWords(series, quiz) : finalWords(series, quiz)
  const { quizId, closesAt } = quiz
  await tx.send(message, to, {
    ...{ about: quizId, key: `${quizId}:opens`, until: new Date(closesAt) },
    // Who wants no reminders has heard of the week once.
    ...(quiz !== first && { reminder: `quiz:${quizId}` }),
  })
  return to.length
}

const start = (quizId: string) => ({
  label: '开始答题',
  line: `/答题 ${quizId}`,
  words: `想答请回：答题 ${quizId}`,
})

/** The first line is the title of a card, which takes few words: what does not fit would come as a message more. */
function firstWords(series: Series, quiz: Quiz): Message {
  const { title, final } = series
  return {
    text: `${title}开始了（${quiz.quizId}）\n自愿参加，得分只有您自己看。哪天有空哪天补，发“答题”就行。`,
    facts: [
      { label: '日期', value: spanOf(series) },
      { label: '题数', value: `每个上班日 ${countOf(quiz)} 题，最后一天终测 ${countOf(final)} 题` },
      { label: '截止', value: deadlineOf(final) },
    ],
    choices: [start(quiz.quizId)],
  }
}

function finalWords({ title }: Series, quiz: Quiz): Message {
  return {
    text: `${title}今天终测（${quiz.quizId}）\n自愿参加，得分只有您自己看。前几天没答完的发“答题”也还能补。`,
    facts: [
      { label: '题数', value: `${countOf(quiz)} 题` },
      { label: '截止', value: deadlineOf(quiz) },
    ],
    choices: [start(quiz.quizId)],
  }
}

function postText({ title, days }: Series, quiz: Quiz): string {
  const { series } = quiz
  const which = series?.final ? '终测' : `第 ${series?.day}/${days.length} 天`
  const late = series?.day === 1 ? '' : '前几天的也能补，'
  const ends = spellDay(dayOf(new Date(quiz.closesAt)))
  return `${title}${which}：${countOf(quiz)} 题，自愿参加，${late}${ends} ${END_OF_DAY} 截止。\n想答的请单独对机器人说：答题`
}
