import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addMinutes } from '../clock.ts'
import { draw, seedOf } from '../domain/quiz-draw.ts'
import { mark, pointsFor, readGiven, scoreOf } from '../domain/quiz-grade.ts'
import { ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Attempt, attempts, type BankQuestion, type Quiz } from '../store/collections.ts'
import { questionsOf, type Taking, takingOf, triesLeft } from './open.ts'
import { noteWrong } from './review.ts'
import { deadlineOf, letterOf, questionText, rightAnswer, sourceOf } from './words.ts'

/** 答题: one question after the other, by card, letter or line, on whatever device, over days. */

/** Begins, or goes on where it was left. */
export async function begin(ctx: CommandContext, tx: CommandTx, quiz: Quiz): Promise<Answer> {
  const taking = await takingOf(tx, quiz, ctx.person.personId)
  const current = taking.underWay && (await inTime(tx, taking.underWay, quiz))
  if (current) {
    const asked = await questionsOf(tx.township, current.questionIds)
    return nextOf(current, asked) === null ? close(tx, quiz, current, '') : ask(quiz, current, asked, '')
  }
  if (triesLeft(taking) <= 0) throw new UserError(noTriesLeft(taking))
  const started = await start(ctx, tx, taking)
  const asked = await questionsOf(tx.township, started.questionIds)
  return ask(
    quiz,
    started,
    asked,
    taking.finished.length === 0 ? introduction(quiz, asked.length) : `第 ${started.number} 次答`,
  )
}

/** Said once, in front of the first question. */
function introduction(quiz: Quiz, count: number): string {
  const limit = quiz.minutes === null ? '不限时' : `限时 ${quiz.minutes} 分钟`
  const lines = [
    `${quiz.title}：共 ${count} 题，${quiz.passMark} 分合格，${limit}，${deadlineOf(quiz)} 截止。`,
    `自愿参加，可答 ${quiz.attempts} 次取最好的；得分和答案只有您自己看，别人只看总数。随时可停，再发“答题”接着答。`,
  ]
  return lines.join('\n')
}

async function start(ctx: CommandContext, tx: CommandTx, { quiz, finished }: Taking): Promise<Attempt> {
  const { personId, memberships } = ctx.person
  const branchId = ownBranchId(ctx.person) ?? ''
  const pool = (await questionsOf(tx.township, quiz.pool)).filter(({ withdrawn }) => withdrawn === null)
  const number = finished.length + 1
  return tx.insert(attempts, {
    quizId: quiz.quizId,
    personId,
    branchId,
    group: memberships[0]?.group ?? null,
    number,
    questionIds: draw(pool, quiz.quotas, seedOf(quiz.seed, personId, number)),
    answers: [],
    startedAt: tx.now.toISOString(),
    finishedAt: null,
    score: null,
    passed: null,
  })
}

/** One whose time is over is finished as it stands; null: it is. */
async function inTime(tx: CommandTx, attempt: Attempt, quiz: Quiz): Promise<Attempt | null> {
  if (!isLate(attempt, quiz, tx.now)) return attempt
  await tx.put(attempts, await finished(tx, attempt, quiz))
  return null
}

const isLate = ({ startedAt }: Attempt, { minutes }: Quiz, now: Date): boolean =>
  minutes !== null && addMinutes(new Date(startedAt), minutes) <= now

/** `at`: which question is answered, from 1; one that was answered before is not answered again. */
export async function answerQuestion(
  ctx: CommandContext,
  tx: CommandTx,
  quiz: Quiz,
  { at, said }: { at: number; said: string },
): Promise<Answer> {
  const taking = await takingOf(tx, quiz, ctx.person.personId)
  const attempt = taking.underWay
  if (!attempt) return notUnderWay(taking)
  if (isLate(attempt, quiz, tx.now)) return close(tx, quiz, attempt, '时间到了，没有答的算错。')
  const asked = await questionsOf(tx.township, attempt.questionIds)
  const question = asked[at - 1]
  if (at !== nextOf(attempt, asked) || !question) {
    const known = attempt.answers.some(({ questionId }) => questionId === question?.questionId)
    return ask(quiz, attempt, asked, known ? `第 ${at} 题已经答过。` : '')
  }
  const read = readGiven(question, said)
  if ('refused' in read) return { ...ask(quiz, attempt, asked, read.refused), mayAnswerLate: true }
  const points = pointsFor(quiz.quotas, question)
  const marked = mark(question, read.given, { points, partMarks: quiz.partMarks })
  const answer = { questionId: question.questionId, given: read.given, ...marked, at: tx.now.toISOString() }
  const after = { ...attempt, answers: [...attempt.answers, answer] }
  if (!marked.right) await noteWrong(ctx, tx, question)
  const verdict = quiz.shows === 'each' ? verdictOn(question, marked.right) : `第 ${at} 题已记下。`
  if (nextOf(after, asked) === null) return close(tx, quiz, after, verdict)
  await tx.put(attempts, after)
  return ask(quiz, after, asked, verdict)
}

/** '对。' or '错，正确答案：B. …', why, and where it stands. */
export function verdictOn(question: BankQuestion, right: boolean): string {
  const fact = right ? '对。' : `不对，正确答案：${rightAnswer(question)}`
  return `${fact}\n${question.explanation}\n出处：${sourceOf(question)}`
}

/** The place, from 1, of the first question that is open; what was withdrawn meanwhile is not asked. null: none is left. */
function nextOf({ answers }: Pick<Attempt, 'answers'>, asked: readonly BankQuestion[]): number | null {
  const done = new Set(answers.map(({ questionId }) => questionId))
  const at = asked.findIndex(({ questionId, withdrawn }) => withdrawn === null && !done.has(questionId))
  return at < 0 ? null : at + 1
}

/** The next question with what is to be said before it. */
function ask({ quizId }: Quiz, { answers }: Attempt, asked: readonly BankQuestion[], before: string): Answer {
  const at = nextOf({ answers }, asked)
  const question = at === null ? undefined : asked[at - 1]
  if (at === null || !question) throw new Error('an attempt under way has no next question')
  return questionAnswer(question, {
    before,
    text: questionText(question, at, asked.length),
    line: `/答题 ${quizId} ${at}`,
  })
}

/** `line`: what an answer completes. */
export function questionAnswer(
  question: BankQuestion,
  { before, text, line }: { before: string; text: string; line: string },
): Answer {
  const lines = question.options.map((option, at) => `${letterOf(at)}. ${option}`)
  return {
    text: [before, text, ...lines].filter(each => each !== '').join('\n'),
    awaits: line,
    mayAnswerLate: true,
    outcome: '已答',
  }
}

async function close(tx: CommandTx, quiz: Quiz, attempt: Attempt, before: string): Promise<Answer> {
  const done = await finished(tx, attempt, quiz)
  await tx.put(attempts, done)
  const left = quiz.attempts - attempt.number
  const result = done.passed ? '合格' : `没有到 ${quiz.passMark} 分`
  const again = left > 0 && !done.passed ? `还可以答 ${left} 次，要再答请发：答题 ${quiz.quizId}` : '谢谢您参加。'
  return { text: `${before}\n得分 ${done.score}，${result}。${again}`, outcome: '已答完' }
}

async function finished(tx: CommandReadTx, attempt: Attempt, quiz: Quiz): Promise<Attempt> {
  const asked = await questionsOf(tx.township, attempt.questionIds)
  const answers = new Map(attempt.answers.map(each => [each.questionId, each]))
  const { score, passed } = scoreOf(asked, answers, quiz)
  return { ...attempt, finishedAt: tx.now.toISOString(), score, passed }
}

function notUnderWay(taking: Taking): Answer {
  if (triesLeft(taking) <= 0) throw new UserError(noTriesLeft(taking))
  throw new UserError(`这次已经答完。要再答请发：答题 ${taking.quiz.quizId}`)
}

function noTriesLeft({ quiz, finished: all }: Taking): string {
  const best = Math.max(...all.map(({ score }) => score ?? 0))
  return `${quiz.quizId} 已答满 ${quiz.attempts} 次，最好 ${best} 分。错了的题可以发：错题`
}
