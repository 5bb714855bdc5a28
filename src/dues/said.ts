import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { paysIn } from '../domain/dues.ts'
import { inRosterOrder } from '../domain/meeting.ts'
import { looksLikeAmount, readAmount } from '../domain/money.ts'
import { readMonths } from '../domain/month-words.ts'
import { explainUnclear, findPeople, joinGroups, namesSomebody } from '../domain/people.ts'
import { UserError } from '../errors.ts'
import { branchMeant, peopleWithin } from '../meeting/within.ts'
import { type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** What was said of dues: names, an amount, months, in any order; the rest is free text. */

export interface DuesSaid {
  people: readonly Person[]
  fen: number | null
  months: readonly string[] | null
  /** In the order in which they were said; of a range all. */
  monthsAsSaid: readonly string[]
  /** What is none of these, as it was typed. */
  rest: string
}

/** Of a branch's list the rows are its payers, in roster order. */
export async function payersOf(tx: ReadTx, branchId: string): Promise<readonly Person[]> {
  return inRosterOrder((await tx.find(people, 'branch', branchId)).filter(person => paysIn(person, branchId)))
}

export interface Reading {
  /** Whom names can mean; absent: whoever is in the speaker's reach. */
  candidates?: readonly Person[]
  /** The command's words, for the example in a refusal: '收缴'. */
  verb: string
  /** Numbers in front of everything else are rows of the list just shown; else they are amounts. */
  takesRows?: boolean
  /** What to say where there are two amounts. */
  oneAmount?: string
  /** Nobody is to be named: what is no month was meant as an amount. */
  namesNobody?: boolean
  /** What is neither name, amount nor month is kept instead of refused: a reason, an approval. */
  takesRest?: boolean
}

/** Throws UserError for a word that is none of these, two amounts, an amount that is none, or a name that is not clear. */
export async function readDuesSaid(
  ctx: CommandContext,
  tx: CommandReadTx,
  text: string,
  reading: Reading,
): Promise<DuesSaid> {
  const candidates = reading.candidates ?? (await peopleWithin(ctx, tx))
  const sorted = sortWords(text, candidates, { now: ctx.now, takesRows: reading.takesRows ?? false })
  const rows = sorted.rows ? rowsListed(ctx) : null
  const result = findPeople(sorted.names, candidates, { branchId: branchMeant(ctx), rows })
  const unclear = explainUnclear(result, candidates, reading.verb)
  if (unclear) throw new UserError(unclear)
  const [first] = sorted.rest
  if (first !== undefined && !reading.takesRest) throw unknownWord(first, candidates, reading)
  return {
    people: result.found,
    fen: amountIn(sorted.amounts, reading.oneAmount ?? '请只写一个再发。'),
    months: sorted.months.length > 0 ? [...new Set(sorted.months)].sort() : null,
    monthsAsSaid: sorted.months,
    rest: sorted.rest.join(' '),
  }
}

interface Sorted {
  names: string[]
  /** Some of the names are row numbers. */
  rows: boolean
  amounts: string[]
  months: string[]
  rest: string[]
}

/** 3, 3号, 3-5, 3、7、12 */
const ROW = /^第?\d{1,3}(?:[-–—~至到、]\d{1,3})*[号行]?$/

/** '0.5 元': the unit belongs to the number. */
const UNIT_APART = /(?<=[\d０-９])\s+(?=(?:元|块钱?|角|毛|分)(?:\s|\d|$))/gu

function sortWords(
  text: string,
  candidates: readonly Person[],
  { now, takesRows }: { now: Date; takesRows: boolean },
): Sorted {
  const sorted: Sorted = { names: [], rows: false, amounts: [], months: [], rest: [] }
  const words = text
    .replace(UNIT_APART, '')
    .split(/\s+/u)
    .filter(word => word !== '')
  for (const word of joinGroups(words, candidates).flatMap(typed => apart(typed, candidates))) {
    const months = readMonths(word, now)
    if (sorted.rest.length > 0) sorted.rest.push(word)
    else if (takesRows && isRow(word, sorted)) {
      sorted.names.push(word.normalize('NFKC'))
      sorted.rows = true
    } else if (months && 'refused' in months) throw new UserError(months.refused)
    else if (months) sorted.months.push(...months.months)
    else if (looksLikeAmount(word)) sorted.amounts.push(word)
    else if (namesSomebody(word, candidates)) sorted.names.push(word)
    else sorted.rest.push(word)
  }
  return sorted
}

/** In front of everything but other rows: behind a name a number is an amount. */
function isRow(word: string, { names, amounts, months }: Sorted): boolean {
  const onlyRows = names.every(name => ROW.test(name))
  return amounts.length + months.length === 0 && onlyRows && ROW.test(word.normalize('NFKC'))
}

/** '张三0.5' is a name and an amount, unless the digits tell a namesake apart. */
function apart(word: string, candidates: readonly Person[]): string[] {
  const [, name, amount] = /^(\p{Script=Han}{2,}?)([\d０-９].*)$/u.exec(word) ?? []
  if (name === undefined || amount === undefined || namesSomebody(word, candidates)) return [word]
  return namesSomebody(name, candidates) ? [name, amount] : [word]
}

function amountIn(words: readonly string[], oneAmount: string): number | null {
  const [word, another] = words
  if (word === undefined) return null
  if (another !== undefined) throw new UserError(`写了两个金额：${word}、${another}。${oneAmount}`)
  const amount = readAmount(word)
  if ('refused' in amount) throw new UserError(amount.refused)
  return amount.fen
}

function rowsListed(ctx: CommandContext): readonly string[] {
  if (!ctx.duesListShown) throw new UserError('行号要照着党费名单说。请先发：党费 名单')
  return ctx.duesListShown
}

/** A digit or a sign was meant as an amount, everything else as a name. */
function unknownWord(word: string, candidates: readonly Person[], { verb, namesNobody }: Reading): UserError {
  if (namesNobody || /\d/u.test(word.normalize('NFKC'))) {
    const amount = readAmount(word)
    if ('refused' in amount) return new UserError(amount.refused)
  }
  const result = { found: [], unknown: [word], ambiguous: [] }
  return new UserError(explainUnclear(result, candidates, verb) ?? `没看懂“${word}”。`)
}
