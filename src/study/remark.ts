import type { CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { timeOf } from '../clock.ts'
import { markedAgain } from '../domain/quiz-again.ts'
import { type Attempt, attempts, type BankQuestion, type Quiz, quizzes } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { figuresAgain } from './figures.ts'
import { bestOf, questionsOf } from './open.ts'

/** After a question was withdrawn or corrected: everybody who was asked it is marked anew, as if it had always been so. */

export interface Remarked {
  /** Who was asked it, as long as the answers are there. */
  people: number
  /** Whose result is another now, and how it reads to him. */
  changed: ReadonlyMap<string, readonly string[]>
}

/** `question`: as it stands from now on. Called after it was put. */
export async function markAgain(tx: CommandTx, question: BankQuestion): Promise<Remarked> {
  const people = new Set<string>()
  const changed = new Map<string, string[]>()
  for (const quiz of await tx.all(quizzes)) {
    if (!quiz.pool.includes(question.questionId)) continue
    const papers = await papersOf(tx, quiz, question)
    for (const { personId, before, after } of papers) {
      people.add(personId)
      const line = resultLine(quiz, before, after)
      if (line !== null) changed.set(personId, [...(changed.get(personId) ?? []), line])
      for (const [at, attempt] of after.entries()) if (attempt !== before[at]) await tx.put(attempts, attempt)
    }
    if (quiz.figures) await tx.put(quizzes, { ...quiz, figures: await figuresAgain(tx, quiz, quiz.figures) })
  }
  return { people: people.size, changed }
}

/** All goes of one person who was asked it in one of them. */
interface Paper {
  personId: string
  before: readonly Attempt[]
  after: readonly Attempt[]
}

async function papersOf(tx: ReadTx, quiz: Quiz, question: BankQuestion): Promise<Paper[]> {
  const known = new Map((await questionsOf(tx, quiz.pool)).map(each => [each.questionId, each]))
  const byPerson = grouped(await tx.find(attempts, 'quiz', quiz.quizId), ({ personId }) => personId)
  const papers: Paper[] = []
  for (const [personId, before] of byPerson) {
    if (!before.some(({ questionIds }) => questionIds.includes(question.questionId))) continue
    papers.push({ personId, before, after: before.map(attempt => markedAgain(attempt, quiz, question, known)) })
  }
  return papers
}

function grouped<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = by(one)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return groups
}

/** The best counts, so nothing is said where that is what it was; null. */
function resultLine({ quizId, title }: Quiz, before: readonly Attempt[], after: readonly Attempt[]): string | null {
  const [was, is] = [resultOf(before), resultOf(after)]
  return was === is ? null : `${quizId} ${title}：原来 ${was}，现在 ${is}`
}

function resultOf(all: readonly Attempt[]): string {
  const best = bestOf({ finished: all.filter(({ finishedAt }) => finishedAt !== null) })
  return best ? `${best.score} 分${best.passed ? '（合格）' : ''}` : ''
}

/** One word to each, the same to all to whom the same happened; the key is not said, it may not be out yet. */
export async function tellChanged(
  tx: CommandTx,
  { changed }: Remarked,
  about: BankQuestion,
  what: string,
): Promise<void> {
  const byText = grouped([...changed.keys()], personId => (changed.get(personId) ?? []).join('\n'))
  for (const [lines, to] of byText) {
    // WeCom drops a text that it saw within four hours: the time makes it another.
    const text = `您答过的一道题${what}，${timeOf(tx.now)} 重新算了分。\n题目：${about.stem}\n${lines}`
    await tx.send({ text }, to, { about: about.questionId })
  }
}

export function remarkedAnswer(fact: string, { people, changed }: Remarked): Answer {
  const told = changed.size === 0 ? '没有人的得分因此改变。' : `${changed.size} 人得分变了，已单独告诉本人。`
  return { text: people === 0 ? `${fact}。还没有人答过这道题。` : `${fact}。${people} 人抽到过，已重新判分；${told}` }
}
