import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addDays, addMinutes, dayOf, instantAt, minutesBetween, spellMoment, timeOf } from '../clock.ts'
import { calendar } from '../domain/holidays.ts'
import { ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { attempts, type Quiz, quizReminders, quizzes } from '../store/collections.ts'
import type { Tx } from '../store/records.ts'
import { deadlineOf, isOpenNow } from './words.ts'

/** One private word before a quiz closes, to who began it and to who asked for it. */

/** So long after its opening, and before its close, a reminder is of use. */
const AHEAD = 120
/**
 * At ten on the last day that is worked; of a quiz that closes before noon, or that was opened later than ten, two hours
 * ahead. null: it is too short for a reminder.
 */
export function remindsAt({ opensAt, closesAt }: Pick<Quiz, 'opensAt' | 'closesAt'>): Date | null {
  const ends = new Date(closesAt)
  const ten = instantAt(lastWorkday(dayOf(ends)), '10:00')
  const ahead = calendar.isWorkday(dayOf(ends)) ? [addMinutes(ends, -AHEAD)] : []
  const fits = (at: Date) =>
    minutesBetween(at, ends) >= AHEAD && minutesBetween(new Date(opensAt), at) >= AHEAD && timeOf(at) >= '08:00'
  return [ten, ...ahead].find(fits) ?? null
}

function lastWorkday(day: string): string {
  let at = day
  while (!calendar.isWorkday(at)) at = addDays(at, -1)
  return at
}

/** Who began and did not finish, and who asked for it; nobody else is chased. Resolves with how many. */
export async function remindDue(tx: Tx, quizId: string, slot: Date): Promise<number> {
  const quiz = await tx.get(quizzes, quizId)
  const at = quiz ? remindsAt(quiz) : null
  // That minute alone: one that was missed is run when it is made up for, and nobody who could not be reached is tried all day.
  if (!quiz || !at || !isOpenNow(quiz, slot) || slot < at || minutesBetween(at, slot) > 0) return 0
  const to = await whoWants(tx, quiz, at)
  const text = `${quiz.title}（${quizId}）${deadlineOf(quiz)} 截止。\n您还没有答完，想答请发：答题 ${quizId}`
  const sent = await tx.send({ text }, to, {
    about: quizId,
    key: `${quizId}:closing`,
    reminder: `quiz:${quizId}`,
    until: new Date(quiz.closesAt),
  })
  return sent ? to.length : 0
}

/** Whoever begins after that minute is at it just now. */
async function whoWants(tx: Tx, { quizId, series }: Quiz, at: Date): Promise<string[]> {
  const all = await tx.find(attempts, 'quiz', quizId)
  const done = new Set(all.filter(({ finishedAt }) => finishedAt !== null).map(({ personId }) => personId))
  const passed = new Set(all.filter(attempt => attempt.passed).map(({ personId }) => personId))
  const underWay = all.filter(({ finishedAt, startedAt }) => finishedAt === null && new Date(startedAt) <= at)
  // Of a row of days the words of the final test say it of them all, an hour before.
  const began = series ? [] : underWay.map(({ personId }) => personId).filter(personId => !passed.has(personId))
  const asked = (await tx.find(quizReminders, 'quiz', quizId)).map(({ personId }) => personId)
  return [...new Set([...began, ...asked.filter(personId => !done.has(personId))])]
}

/** '答题 提醒': once, and only because he asked. Said twice it is one. */
export async function askReminder(ctx: CommandContext, tx: CommandTx, quiz: Quiz): Promise<Answer> {
  const { quizId, title } = quiz
  const { personId } = ctx.person
  const at = remindsAt(quiz)
  if (!at || at <= tx.now) {
    throw new UserError(`${title} ${deadlineOf(quiz)} 截止，来不及再提醒了。现在就可以答，请发：答题 ${quizId}`)
  }
  if (ctx.person.unsubscribed) throw new UserError('您退订了提醒，所以不会提醒。要提醒请先发：订阅')
  // Past the reach: he may have asked before he changed the branch.
  if (!(await tx.township.get(quizReminders, `${quizId}:${personId}`))) {
    const branchId = ownBranchId(ctx.person) ?? ''
    await tx.insert(quizReminders, { quizId, personId, branchId, at: tx.now.toISOString() })
  }
  return { text: `好，${spellMoment(at)} 提醒您一次：${title}（${quizId}）。那时答完了就不提醒。` }
}
