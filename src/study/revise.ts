import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addDays, dayOf, spellDay } from '../clock.ts'
import { mark, readGiven } from '../domain/quiz-grade.ts'
import { ownBranchId } from '../domain/roster.ts'
import { type BankQuestion, questions, quizzes, type Review, reviews } from '../store/collections.ts'
import { reviewed, reviewedOn } from './review.ts'
import { answered, questionAnswer, verdictOn } from './take.ts'
import { isOpenNow, questionText } from './words.ts'

/** 错题, one question after the other: the speaker's own, as his id is part of every key that is read here. */

/** COMMANDS.md: at most 5 a day, only when he asks. */
const MOST_A_DAY = 5

interface Mine {
  review: Review
  question: BankQuestion
}

interface Standing {
  /** That can be asked now, those that wait longest first. */
  due: readonly Mine[]
  done: number
  /** The first Beijing day after today on which there is something; null: nothing is kept. */
  next: string | null
  /** Some are of a quiz that shows its answers only when it is over. */
  withheld: boolean
}

export async function nextReview(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  return ask(ctx, await standingOf(ctx, tx), '')
}

/** What was answered today, was withdrawn meanwhile or never was his is not marked: the next one is asked. */
export async function answerReview(
  ctx: CommandContext,
  tx: CommandTx,
  { questionId, said }: { questionId: string; said: string },
): Promise<Answer> {
  const before = await standingOf(ctx, tx)
  const current = before.due.find(({ question }) => question.questionId === questionId)
  if (!current)
    return {
      ...ask(ctx, before, (await doneToday(ctx, tx, questionId)) ? '这题今天已经答过。' : '这题现在不用答。'),
      outcome: '已答过',
    }
  const { review, question } = current
  const read = readGiven(question, said)
  if ('refused' in read) return ask(ctx, { ...before, due: [current, ...before.due] }, read.refused)
  const { right } = mark(question, read.given, { points: 1, partMarks: false })
  await tx.put(reviews, reviewed(review, right, tx.now))
  return { ...ask(ctx, await standingOf(ctx, tx), verdictOn(question, right)), outcome: answered(read.given) }
}

async function doneToday(ctx: CommandContext, tx: CommandReadTx, questionId: string): Promise<boolean> {
  const review = await tx.get(reviews, `${ctx.person.personId}:${questionId}`)
  return review !== undefined && reviewedOn(review, dayOf(ctx.now))
}

async function standingOf(ctx: CommandContext, tx: CommandReadTx): Promise<Standing> {
  const today = dayOf(ctx.now)
  const secret = await answersWithheld(ctx, tx)
  const mine: Mine[] = []
  let done = 0
  let withheld = false
  for (const review of await tx.find(reviews, 'person', ctx.person.personId)) {
    if (reviewedOn(review, today)) done += 1
    const question = await tx.township.get(questions, review.questionId)
    if (!question || !isAskable(question, today)) continue
    if (secret.has(question.questionId)) withheld = true
    else mine.push({ review, question })
  }
  mine.sort((a, b) => compare(a.review.dueAt, b.review.dueAt) || compare(a.question.questionId, b.question.questionId))
  const open = mine.filter(({ review }) => isDue(review, today) && !reviewedOn(review, today))
  const due = open.slice(0, Math.max(0, MOST_A_DAY - done))
  return { due, done, next: nextDay(mine, today), withheld }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Withdrawn, or of a rule that is no longer in force: gone from here too. */
export const isAskable = ({ withdrawn, validTo }: BankQuestion, today: string): boolean =>
  withdrawn === null && (validTo === null || today <= validTo)

const isDue = ({ dueAt }: Review, today: string): boolean => dayOf(new Date(dueAt)) <= today

/** The answer is shown with every 错题, so it would be told before the quiz is over. */
async function answersWithheld(ctx: CommandContext, tx: CommandReadTx): Promise<ReadonlySet<string>> {
  const own = ownBranchId(ctx.person) ?? ''
  const open = (await tx.township.find(quizzes, 'branch', own)).filter(
    quiz => quiz.shows === 'afterClose' && isOpenNow(quiz, ctx.now),
  )
  return new Set(open.flatMap(({ pool }) => pool))
}

function nextDay(mine: readonly Mine[], today: string): string | null {
  const tomorrow = addDays(today, 1)
  const days = mine.map(({ review }) => dayOf(new Date(review.dueAt))).map(day => (day < tomorrow ? tomorrow : day))
  return days.toSorted()[0] ?? null
}

function ask(ctx: CommandContext, standing: Standing, before: string): Answer {
  const { due, done } = standing
  const [current] = due
  if (!current) return { text: [before, nothingWords(ctx, standing)].filter(each => each !== '').join('\n') }
  const of = done + new Set(due.map(({ question }) => question.questionId)).size
  return questionAnswer(current.question, {
    before,
    text: questionText(current.question, done + 1, of),
    line: `/错题 ${current.question.questionId}`,
  })
}

function nothingWords(ctx: CommandContext, { done, next, withheld }: Standing): string {
  const when = next === addDays(dayOf(ctx.now), 1) ? '明天' : next === null ? '' : spellDay(next)
  if (done > 0) return `今天的错题做完了，辛苦了。${when ? `要接着做，${when}再发：错题` : ''}`
  if (when) return `现在没有要做的错题。${when}再发：错题`
  if (withheld) return '错题要等测验截止才能看。截止后再发：错题'
  return '现在没有错题。答题时答错的会记在这里，想练时发：错题'
}
