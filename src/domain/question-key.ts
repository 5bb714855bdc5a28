import type { BankQuestion } from '../store/collections.ts'
import { readGiven } from './quiz-grade.ts'

/** The right answer as an officer types it for a question that is there. `refused`: a sentence that says what does not fit. */
export type Key = { answer: BankQuestion['answer'] } | { refused: string }

/** Several texts of a 填空 are told apart by a bar: '2|两|二'. */
const BAR = /[|｜]/u

export function keyOf(question: Pick<BankQuestion, 'kind' | 'options'>, said: string): Key {
  if (question.kind === '填空') {
    const accepted = said.split(BAR).map(text => text.trim())
    return accepted.includes('') ? { refused: '答案有一个是空的。' } : { answer: [...new Set(accepted)] }
  }
  const read = readGiven(question, said)
  if ('refused' in read) return read
  if (question.kind === '多选' && read.given.length < 2) return { refused: '多选的答案要两个以上字母。' }
  return { answer: read.given }
}
