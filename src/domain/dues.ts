import type { DuesRelief, DuesStandard, Person } from '../store/collections.ts'
import { citation } from './grounds.ts'
import { addMonths } from './month-words.ts'
import { isActive, ownBranchId } from './roster.ts'

/** What a member owes (DOMAIN.md 2): one obligation for each person and month, worked out of standards, reliefs and days. */

const DUES_RULES = '《关于中国共产党党费收缴、使用和管理的规定》'
const DUES_FROM = '2008-04-01'

export const PROBATIONARY_START = {
  says: '预备党员从支部大会通过之日起交纳党费',
  cite: citation(DUES_RULES, '第八条', DUES_FROM),
}
export const RELIEF = {
  says: '交纳党费确有困难的，经党支部研究、报上一级党委批准，可以少交或免交',
  cite: citation(DUES_RULES, '第七条', DUES_FROM),
}
export const MAKING_UP = {
  says: '补交党费的时间一般不得超过 6 个月',
  cite: citation(DUES_RULES, '第十二条', DUES_FROM),
}

/** Full and probationary members, in the branch of their own relation (art. 9). */
export const paysDues = (person: Person): boolean =>
  isActive(person) && (person.identity === 'full' || person.identity === 'probationary')

export const paysIn = (person: Person, branchId: string): boolean =>
  paysDues(person) && ownBranchId(person) === branchId

/** Nobody writes to him for money: whoever is away, infirm or without a phone is spoken to (DOMAIN.md 2, COMMANDS.md). */
export const isChased = (person: Person): boolean => !person.floating && !person.exempt && !person.noPhone

/** Oldest first. Of a store that knew one standard alone: that one. */
export function standardsOf(person: Person): readonly Pick<DuesStandard, 'from' | 'fen'>[] {
  if (person.duesStandards) return person.duesStandards
  const { monthlyDuesFen: fen, duesFrom: from } = person
  return fen !== null && fen > 0 && from !== null ? [{ from, fen }] : []
}

export const standardIn = (person: Person, month: string): number | null =>
  standardsOf(person).findLast(({ from }) => from <= month)?.fen ?? null

/** The first month that he owes here; null: no standard was set. */
export function firstMonth(person: Person): string | null {
  const from = standardsOf(person)[0]?.from
  if (from === undefined) return null
  return [from, person.joinedOn?.slice(0, 7) ?? '', person.relationFrom ?? ''].reduce((a, b) => (a > b ? a : b))
}

/** The one given last counts where two are for the same month. */
export const reliefIn = (person: Person, month: string): DuesRelief | undefined =>
  person.duesReliefs?.findLast(({ from, to }) => from <= month && month <= to)

/** `fen` above 0 is owed; else why nothing is. */
export type Owed =
  | { fen: number; relief: DuesRelief | null }
  | { fen: 0; why: 'no member' | 'not joined' | 'before' | 'no standard' }
  | { fen: 0; why: 'waived'; relief: DuesRelief }

export function owedIn(person: Person, month: string): Owed {
  if (!paysDues(person)) return { fen: 0, why: 'no member' }
  if (person.joinedOn && month < person.joinedOn.slice(0, 7)) return { fen: 0, why: 'not joined' }
  const standard = standardIn(person, month)
  const first = firstMonth(person)
  if (first === null) return { fen: 0, why: 'no standard' }
  if (standard === null || month < first) return { fen: 0, why: 'before' }
  const relief = reliefIn(person, month)
  if (!relief) return { fen: standard, relief: null }
  return relief.fen === 0 ? { fen: 0, why: 'waived', relief } : { fen: Math.min(relief.fen, standard), relief }
}

/** Who set the one standard that a store from before the dues knows: it came with a roster file. */
const BY_ROSTER = 'roster'

/** The person with one more standard; one from the same month takes the other's place. */
export function withStandard(person: Person, standard: DuesStandard): Person {
  const known = standardsOf(person).map(each => ({ by: BY_ROSTER, at: standard.at, ...each }))
  const duesStandards = [...known.filter(({ from }) => from !== standard.from), standard].toSorted((a, b) =>
    a.from < b.from ? -1 : 1,
  )
  const newest = duesStandards.at(-1) ?? standard
  return { ...person, duesStandards, monthlyDuesFen: newest.fen, duesFrom: newest.from }
}

/**
 * How many months in a row, up to and with this one, were owed and not paid (DOMAIN.md 2.6). A month that was waived, or not
 * owed at all, ends it as a paid one does.
 */
export function unpaidInARow(person: Person, paid: ReadonlyMap<string, unknown>, upTo: string): number {
  let count = 0
  for (let month = upTo; owedIn(person, month).fen > 0 && !paid.has(month); month = addMonths(month, -1)) count += 1
  return count
}
