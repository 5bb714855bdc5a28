import { lengthOf, letters, normalStem, type Question } from '../domain/question-bank.ts'
import { UserError } from '../errors.ts'
import { type BankQuestion, banks, type QuestionBank, questions } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { type BankFile, cleaned, type Draft } from './bank-draft.ts'
import { judge, type Lack } from './bank-question.ts'

/** What an import would do, decided against the file itself and the store; writes nothing. */

export interface BankPlan {
  form: string
  name: string
  /** The bank of this name, where there is one: its questions are added to. */
  bank: QuestionBank | null
  add: Planned[]
  duplicates: Duplicate[]
  wrong: BankRemark[]
  unknownColumns: string[]
  /** Whether it is written: nothing is wrong, or what is may be left out. */
  goes: boolean
}

export interface Planned {
  where: string
  question: Question
  lacks: Lack[]
}

export interface Duplicate {
  row: number
  where: string
  /** '题库党章第 3 题', '本文件第 5 行'. */
  of: string
  /** Of the question in the store: what would have to be corrected there. */
  questionId: string | null
  /** The same question with another answer: one of the two is wrong. */
  otherAnswer: boolean
}

export interface BankRemark {
  row: number
  where: string
  /** '' where it is about the whole question. */
  column: string
  why: string
}

export interface Naming {
  /** As it was said. */
  name?: string | undefined
  /** Of the file, where nothing was said and the file has no title. */
  fileName?: string | undefined
}

const LONGEST_NAME = 30

export async function planBank(
  tx: ReadTx,
  file: BankFile,
  { skipBad, ...naming }: Naming & { skipBad: boolean },
): Promise<BankPlan> {
  const name = nameOf(file, naming)
  const bank = (await tx.getBy(banks, 'name', name)) ?? null
  const plan: BankPlan = {
    form: file.form,
    name,
    bank,
    add: [],
    duplicates: [],
    wrong: [],
    unknownColumns: [],
    goes: true,
  }
  plan.unknownColumns = file.unknownColumns
  const seen = new Map<string, Planned>()
  let number = await lastNumber(tx, bank)
  for (const draft of file.drafts) {
    const judged = judge(draft, number + 1)
    if ('flaws' in judged)
      plan.wrong.push(...judged.flaws.map(flaw => ({ row: draft.row, where: draft.where, ...flaw })))
    else {
      const duplicate = await duplicateOf(tx, draft, judged.question, seen)
      if (duplicate) plan.duplicates.push(duplicate)
      else {
        number += 1
        const planned = { where: draft.where, ...judged }
        plan.add.push(planned)
        seen.set(normalStem(judged.question.stem), planned)
      }
    }
  }
  plan.goes = plan.wrong.length === 0 || skipBad
  refuseShipped(plan)
  return plan
}

function nameOf({ title }: BankFile, { name, fileName }: Naming): string {
  const fromFile = (fileName ?? '').replace(/^.*[/\\]/, '').replace(/\.[a-z]{2,5}$/i, '')
  const found = [name, title, fromFile].map(one => cleaned(one ?? '').replace(/\s+/g, ' ')).find(one => one !== '')
  if (!found) throw new UserError('没有题库名称。请写明：命令行用 --name 名称，接口用 ?name=名称。')
  if (lengthOf(found) <= LONGEST_NAME) return found
  throw new UserError(`题库名称“${found.slice(0, LONGEST_NAME)}…”超过 ${LONGEST_NAME} 字。请用 --name 写一个短的。`)
}

async function lastNumber(tx: ReadTx, bank: QuestionBank | null): Promise<number> {
  const all = bank ? await tx.find(questions, 'bank', bank.bankId) : []
  return all.reduce((most, one) => Math.max(most, one.number), 0)
}

/** The next release adds to these, by number. */
function refuseShipped({ bank, add, goes }: BankPlan): void {
  if (!bank?.shipped || add.length === 0 || !goes) return
  throw new UserError(`“${bank.name}”是自带的题库，不能往里加题，什么也没有导入。请用 --name 另起一个名称。`)
}

async function duplicateOf(
  tx: ReadTx,
  { row, where }: Draft,
  question: Question,
  seen: ReadonlyMap<string, Planned>,
): Promise<Duplicate | null> {
  const stemKey = normalStem(question.stem)
  const inFile = seen.get(stemKey)
  if (inFile) {
    const otherAnswer = rightKey(inFile.question) !== rightKey(question)
    return { row, where, of: `本文件${inFile.where}`, questionId: null, otherAnswer }
  }
  const kept = await tx.getBy(questions, 'stem', stemKey)
  if (!kept) return null
  const bank = await tx.get(banks, kept.bankId)
  const of = `题库${bank?.name ?? ''}第 ${kept.number} 题`
  return { row, where, of, questionId: kept.questionId, otherAnswer: rightKey(kept) !== rightKey(question) }
}

/** By content, since options may stand in another order. */
function rightKey({ kind, options, answer }: Pick<BankQuestion, 'kind' | 'options' | 'answer'>): string {
  const texts = typeof answer === 'string' ? [answer] : answer
  if (kind === '判断' || kind === '填空') return texts.map(normalStem).toSorted().join('|')
  const chosen = texts.flatMap(letters).map(letter => options[letter.charCodeAt(0) - 'A'.charCodeAt(0)] ?? '')
  return chosen.map(normalStem).toSorted().join('|')
}
