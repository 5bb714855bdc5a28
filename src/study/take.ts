import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addMinutes } from '../clock.ts'
import { mark, pointsFor, readGiven, scoreOf } from '../domain/quiz-grade.ts'
import { ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Attempt, attempts, type BankQuestion, type Quiz } from '../store/collections.ts'
import { bestOf, questionsOf, type Taking, takingOf, triesLeft } from './open.ts'
import { drawnFor } from './pool.ts'
import { askReminder } from './remind.ts'
import { noteWrong } from './review.ts'
import { deadlineOf, explained, letterOf, questionText, rightAnswer, sourceOf } from './words.ts'

/** 答题: one question after the other, by card, letter or line, on whatever device, over days. */

/** Begins, or goes on where it was left. */
export async function begin(ctx: CommandContext, tx: CommandTx, quiz: Quiz): Promise<Answer> {
  const taking = await takingOf(tx, quiz, ctx.person.personId)
  if (taking.underWay) return goOn(tx, taking, taking.underWay)
  if (triesLeft(taking) <= 0) throw new UserError(noTriesLeft(taking))
  const started = await start(ctx, tx, taking)
  const asked = await questionsOf(tx.township, started.questionIds)
  return ask(
    quiz,
    started,
    asked,
    taking.finished.length === 0 ? introduction(quiz, asked.length) : `第 ${taking.finished.length + 1} 次答`,
  )
}

async function goOn(tx: CommandTx, taking: Taking, current: Attempt): Promise<Answer> {
  const { quiz } = taking
  if (isLate(current, quiz, tx.now)) return close(tx, taking, current, TIME_IS_UP)
  const asked = await questionsOf(tx.township, current.questionIds)
  return nextOf(current, asked) === null ? close(tx, taking, current, WITHDRAWN) : ask(quiz, current, asked, '')
}

/** Whoever asks for a reminder in the middle of it is still at his question. */
export async function remindMe(ctx: CommandContext, tx: CommandTx, quiz: Quiz): Promise<Answer> {
  const promised = await askReminder(ctx, tx, quiz)
  const taking = await takingOf(tx, quiz, ctx.person.personId)
  if (!taking.underWay) return promised
  const next = await goOn(tx, taking, taking.underWay)
  return { ...next, text: `${promised.text}\n${next.text}` }
}

/** Said in the middle of a quiz these are no answers. */
const STOP = /^(?:退出|停|停下|暂停|不答了|先不答|等会儿|等一下)[。.！!]?$/u
const GO_ON = /^(?:继续|接着答|下一题)[。.！!]?$/u

const TIME_IS_UP = '时间到了，没有答的算错。'
const WITHDRAWN = '没答的题已经撤下，不算。'

/** Said once, in front of the first question. */
function introduction(quiz: Quiz, count: number): string {
  const limit = quiz.minutes === null ? '不限时' : `限时 ${quiz.minutes} 分钟`
  const pause = quiz.minutes === null ? '随时可停，再发“答题”接着答。' : '现在开始计时，停下也算时间。'
  const lines = [
    `${quiz.title}：共 ${count} 题，${quiz.passMark} 分合格，${limit}，${deadlineOf(quiz)} 截止。`,
    `自愿参加，可答 ${quiz.attempts} 次取最好的；得分和答案只有您自己看，别人只看总数。${pause}`,
  ]
  return lines.join('\n')
}

async function start(ctx: CommandContext, tx: CommandTx, { quiz, number }: Taking): Promise<Attempt> {
  const { personId, memberships } = ctx.person
  const branchId = ownBranchId(ctx.person) ?? ''
  const startedAt = tx.now.toISOString()
  const questionIds = await drawnFor(tx.township, quiz, { personId, number, startedAt })
  if (questionIds.length === 0) throw new UserError(`${quiz.title}的题都撤下了，不用答了。有新的会在这里告诉您。`)
  return tx.insert(attempts, {
    quizId: quiz.quizId,
    personId,
    branchId,
    group: memberships[0]?.group ?? null,
    number,
    questionIds,
    answers: [],
    startedAt,
    finishedAt: null,
    score: null,
    passed: null,
  })
}

/** One whose time is over is finished as it stands, when he comes back to it. */
const isLate = ({ startedAt }: Attempt, { minutes }: Quiz, now: Date): boolean =>
  minutes !== null && addMinutes(new Date(startedAt), minutes) <= now

/** `at`: which question is answered, from 1; one that was answered before is not answered again. */
export async function answerQuestion(
  ctx: CommandContext,
  tx: CommandTx,
  quiz: Quiz,
  { at, attempt: ofAttempt, said }: { at: number; attempt: number | null; said: string },
): Promise<Answer> {
  const taking = await takingOf(tx, quiz, ctx.person.personId)
  const attempt = taking.underWay
  if (!attempt) return notUnderWay(taking)
  if (isLate(attempt, quiz, tx.now)) return close(tx, taking, attempt, TIME_IS_UP)
  const asked = await questionsOf(tx.township, attempt.questionIds)
  const next = nextOf(attempt, asked)
  if (next === null) return close(tx, taking, attempt, WITHDRAWN)
  if (ofAttempt !== null && ofAttempt !== attempt.number) {
    return { ...ask(quiz, attempt, asked, '那是上一次的题，没有记。'), outcome: '上一次的' }
  }
  if (STOP.test(said.trim())) return { text: `好，停在第 ${next} 题，前面的都在。想接着答请发：答题 ${quiz.quizId}` }
  if (GO_ON.test(said.trim())) return ask(quiz, attempt, asked, '')
  const question = asked[at - 1]
  if (at !== next || !question) {
    const why = whyNot(attempt, question, at)
    return { ...ask(quiz, attempt, asked, why), ...(why && { outcome: '已答过' }) }
  }
  const read = readGiven(question, said)
  if ('refused' in read) return ask(quiz, attempt, asked, read.refused)
  const points = pointsFor(quiz.quotas, question)
  const marked = mark(question, read.given, { points, partMarks: quiz.partMarks })
  const answer = { questionId: question.questionId, given: read.given, ...marked, at: tx.now.toISOString() }
  const after = { ...attempt, answers: [...attempt.answers, answer] }
  // Where the key is shown after the close, 错题 waits for that too.
  if (!marked.right) await noteWrong(ctx, tx, question, { again: true })
  const verdict = quiz.shows === 'each' ? verdictOn(question, marked.right) : `第 ${at} 题已记下。`
  if (nextOf(after, asked) === null) return close(tx, taking, after, verdict)
  await tx.put(attempts, after)
  return { ...ask(quiz, after, asked, verdict), outcome: answered(read.given) }
}

/** What the card says from now on: a button has room for little. */
export const answered = (given: string): string => (given.length <= 6 ? `已答 ${given}` : '已答')

function whyNot({ answers }: Attempt, question: BankQuestion | undefined, at: number): string {
  if (question?.withdrawn) return `第 ${at} 题已经撤下，不算。`
  const known = answers.some(({ questionId }) => questionId === question?.questionId)
  return known ? `第 ${at} 题已经答过。` : ''
}

/** '对。' or '错，正确答案：B. …', why, and where it stands. */
export function verdictOn(question: BankQuestion, right: boolean): string {
  const fact = right ? '对。' : `不对，正确答案：${rightAnswer(question)}`
  return `${fact}\n${explained(question)}\n出处：${sourceOf(question)}`
}

/** The place, from 1, of the first question that is open; what was withdrawn meanwhile is not asked. null: none is left. */
function nextOf({ answers }: Pick<Attempt, 'answers'>, asked: readonly BankQuestion[]): number | null {
  const done = new Set(answers.map(({ questionId }) => questionId))
  const at = asked.findIndex(({ questionId, withdrawn }) => withdrawn === null && !done.has(questionId))
  return at < 0 ? null : at + 1
}

/** The next question with what is to be said before it. */
function ask({ quizId }: Quiz, { answers, number }: Attempt, asked: readonly BankQuestion[], before: string): Answer {
  const at = nextOf({ answers }, asked)
  const question = at === null ? undefined : asked[at - 1]
  if (at === null || !question) throw new Error('an attempt under way has no next question')
  return questionAnswer(question, {
    before,
    text: questionText(question, at, asked.length),
    line: `/答题 ${quizId} ${at}${number > 1 ? `.${number}` : ''}`,
  })
}

/** `line`: what an answer completes. */
export function questionAnswer(
  question: BankQuestion,
  { before, text, line }: { before: string; text: string; line: string },
): Answer {
  // A blank line parts what is said of the last question from the card with the next.
  const answer: Answer = { text: [before, text].filter(each => each !== '').join('\n\n'), mayAnswerLate: true }
  const list = optionsOf(question)
  if (list.length === 0) return { ...answer, awaits: line }
  return { ...answer, options: { mode: question.kind === '多选' ? 'multiple' : 'single', submit: line, list } }
}

/** Of a 判断 对 and 错; of a 填空 none. */
function optionsOf({ kind, options }: BankQuestion): { id: string; text: string }[] {
  if (kind === '判断')
    return [
      { id: 'A', text: '对' },
      { id: 'B', text: '错' },
    ]
  return options.map((text, at) => ({ id: letterOf(at), text }))
}

async function close(tx: CommandTx, taking: Taking, attempt: Attempt, before: string): Promise<Answer> {
  const { quiz } = taking
  const done = await finished(tx, attempt, quiz)
  await tx.put(attempts, done)
  const result = done.passed ? '合格' : `没有到 ${quiz.passMark} 分`
  const earlier = bestOf(taking)?.score ?? -1
  const best = earlier > (done.score ?? 0) ? `（以前最好 ${earlier} 分，算好的）` : ''
  const lines = [before, `得分 ${done.score}，${result}${best}。${whatNext(taking)}`]
  return { text: lines.filter(line => line !== '').join('\n'), outcome: '已答完' }
}

/** After the go that ends now. */
function whatNext(taking: Taking): string {
  const { quizId, shows } = taking.quiz
  const left = triesLeft(taking) - 1
  const parts = [...(left > 0 ? [`还可以答 ${left} 次`] : []), ...(shows === 'afterClose' ? ['答案截止以后看'] : [])]
  return parts.length === 0 ? '谢谢您参加。' : `${parts.join('，')}，请发：答题 ${quizId}`
}

/** As it counts from now on. */
async function finished(tx: CommandReadTx, attempt: Attempt, quiz: Quiz): Promise<Attempt> {
  const asked = await questionsOf(tx.township, attempt.questionIds)
  const answers = new Map(attempt.answers.map(each => [each.questionId, each]))
  const { score, passed } = scoreOf(asked, answers, quiz)
  return { ...attempt, finishedAt: tx.now.toISOString(), score, passed }
}

function notUnderWay(taking: Taking): Answer {
  if (triesLeft(taking) <= 0) throw new UserError(noTriesLeft(taking))
  const { number, finished: all, quiz } = taking
  const fact = number > all.length + 1 ? '您换了支部，在那边没答完的不算次数' : '这次已经答完'
  throw new UserError(`${fact}。要再答请发：答题 ${quiz.quizId}`)
}

function noTriesLeft({ quiz, finished: all }: Taking): string {
  const best = bestOf({ finished: all })?.score ?? 0
  const next = quiz.shows === 'each' ? '错了的题可以发：错题' : `答案截止以后看，请发：答题 ${quiz.quizId}`
  return `${quiz.quizId} 已答满 ${quiz.attempts} 次，最好 ${best} 分。${next}`
}
