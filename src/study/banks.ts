import { fold } from '../bot/command.ts'
import { QUESTION_KINDS } from '../domain/question-bank.ts'
import { UserError } from '../errors.ts'
import { type BankQuestion, banks, type QuestionBank, type QuestionKind, questions } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** Banks are the township's and open to every officer: give these functions `tx.township`, not the speaker's reach. */

/** Any unique part of its name, whatever its width, case and spaces; the whole name wins over a part of others. Throws UserError. */
export async function bankNamed(tx: ReadTx, words: string): Promise<QuestionBank> {
  const said = plain(words).replace(/^[《“]|[》”]$/g, '')
  const all = await tx.all(banks)
  const whole = all.filter(({ name }) => plain(name) === said)
  const found = whole.length > 0 ? whole : all.filter(({ name }) => said !== '' && plain(name).includes(said))
  const [one] = found
  if (one && found.length === 1) return one
  const names = (some: readonly QuestionBank[]) => some.map(({ name }) => name).join('、')
  if (found.length > 1)
    throw new UserError(`“${words}”对得上 ${found.length} 个题库：${names(found)}。请写全一些再发。`)
  throw new UserError(`没有题库“${words}”。现有：${names(all) || '无'}。`)
}

const plain = (text: string): string => fold(text).replace(/\s+/g, '')

/** What may be asked on that day: neither withdrawn nor outside its dates; in the order of their numbers. */
export async function validQuestions(tx: ReadTx, bankId: string, day: string): Promise<BankQuestion[]> {
  const all = await tx.find(questions, 'bank', bankId)
  return all.filter(one => isValid(one, day)).toSorted((a, b) => a.number - b.number)
}

function isValid({ withdrawn, validFrom, validTo }: BankQuestion, day: string): boolean {
  return withdrawn === null && (validFrom ?? '') <= day && (validTo === null || day <= validTo)
}

export interface BankCounts {
  valid: number
  byKind: readonly (readonly [kind: QuestionKind, count: number])[]
  withdrawn: number
  /** By their dates they may not be asked on that day. */
  outside: number
}

export async function countBank(tx: ReadTx, bankId: string, day: string): Promise<BankCounts> {
  const all = await tx.find(questions, 'bank', bankId)
  const valid = all.filter(one => isValid(one, day))
  const withdrawn = all.filter(one => one.withdrawn !== null).length
  return { valid: valid.length, byKind: countKinds(valid), withdrawn, outside: all.length - valid.length - withdrawn }
}

export const countKinds = (all: readonly { kind: QuestionKind }[]): [QuestionKind, number][] =>
  QUESTION_KINDS.map((kind): [QuestionKind, number] => [kind, all.filter(one => one.kind === kind).length]).filter(
    ([, count]) => count > 0,
  )
