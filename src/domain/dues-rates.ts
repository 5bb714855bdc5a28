import { z } from 'zod'
import shipped from '../../data/dues-rates.json' with { type: 'json' }
import { isDay } from '../clock.ts'
import { DUES_CATEGORIES, type DuesCategory } from '../store/collections.ts'
import { spellYuan } from './money.ts'

/**
 * What a member owes a month by the rules (DOMAIN.md 2.1, 2.2). They are about to be revised, so the figures are data: of the
 * tables of a category the newest that is in force on the day holds.
 */
const fen = z.number().int().nonnegative()
/** 'cap' with 'every': what is assessed for any category goes no higher. */
const source = {
  law: z.string(),
  article: z.string(),
  says: z.string(),
  effectiveFrom: z.string().refine(isDay, 'is no day'),
}
const bracket = z.strictObject({
  /** Inclusive (含); null: what lies above the others. */
  upToFen: fen.nullable(),
  rateBasisPoints: z.number().int().min(0).max(10_000),
})
const ascending = (brackets: readonly z.output<typeof bracket>[]): boolean =>
  brackets.every(
    ({ upToFen }, at) =>
      (upToFen === null) === (at === brackets.length - 1) && (upToFen ?? Infinity) > (brackets[at - 1]?.upToFen ?? -1),
  )
const category = z.enum(DUES_CATEGORIES)
const table = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('brackets'),
    category,
    brackets: z.array(bracket).min(1).refine(ascending, 'brackets ascend, and the last is open'),
    ...source,
  }),
  z.strictObject({ kind: z.literal('flat'), category, fen, ...source }),
  /** The figure within it is the township's. */
  z
    .strictObject({ kind: z.literal('range'), category, leastFen: fen, mostFen: fen, ...source })
    .refine(({ leastFen, mostFen }) => leastFen <= mostFen, 'a range ascends'),
  z.strictObject({ kind: z.literal('cap'), category: z.literal('every'), fen, ...source }),
])
export type DuesTable = z.output<typeof table>

const tables = z
  .array(table)
  .refine(
    all => new Set(all.map(one => `${one.category} ${one.effectiveFrom}`)).size === all.length,
    'two tables of one category begin on one day',
  )

/** Throws ZodError for what is no list of tables: the start fails rather than an assessment. */
export const duesTablesOf = (said: unknown): readonly DuesTable[] => tables.parse(said)

/**
 * The day of the 2017 notice is in none of our copies (DOMAIN.md 2), so its cap stands from the beginning of that year: no
 * dues of 2017 are assessed any more.
 */
export const duesTables: readonly DuesTable[] = duesTablesOf(shipped)

export function duesTableOn(
  day: string,
  of: DuesTable['category'],
  all: readonly DuesTable[] = duesTables,
): DuesTable | null {
  const begun = all.filter(one => one.category === of && one.effectiveFrom <= day)
  return begun.sort((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))[0] ?? null
}

/** The rule says nothing about rounding (DOMAIN.md 2.2): a parameter, half up. */
export const DUES_ROUNDINGS = ['fen', 'jiao', 'yuan'] as const
export type DuesRounding = (typeof DUES_ROUNDINGS)[number]
const FEN_IN: Readonly<Record<DuesRounding, number>> = { fen: 1, jiao: 10, yuan: 100 }

/** No pay comes near it; up to here every product below is a whole number that a double holds exactly. */
export const MOST_BASE_FEN = 100_000_000

export interface AssessOptions {
  /** The township's figure, null where it has set none. */
  farmerMonthlyDuesFen?: number | null
  rounding?: DuesRounding
  tables?: readonly DuesTable[]
}

export interface Assessed {
  fen: number
  /** Null where an amount is set and no rate applies. */
  rateBasisPoints: number | null
  law: string
  article: string
  says: string
  effectiveFrom: string
  /** The cap was applied: more is voluntary, and never suggested. */
  capped: boolean
}

/** What is owed a month, or why that cannot be said, in words for an officer. `baseFen` is wanted for rates alone. */
export function assess(
  of: DuesCategory,
  baseFen: number | null,
  day: string,
  { farmerMonthlyDuesFen = null, rounding = 'fen', tables: all = duesTables }: AssessOptions = {},
): Assessed | { refused: string } {
  const found = duesTableOn(day, of, all)
  if (found === null) return { refused: `${day} 的“${of}”党费标准这里没有，请按当时的规定核算` }
  const amount = amountBy(found, baseFen, { farmerMonthlyDuesFen, rounding })
  if ('refused' in amount) return amount
  const cap = duesTableOn(day, 'every', all)
  const capped = cap?.kind === 'cap' && amount.fen > cap.fen
  const { law, article, says, effectiveFrom } = found
  return { ...amount, fen: capped ? cap.fen : amount.fen, law, article, says, effectiveFrom, capped }
}

type Amount = Pick<Assessed, 'fen' | 'rateBasisPoints'> | { refused: string }

function amountBy(
  found: DuesTable,
  baseFen: number | null,
  { farmerMonthlyDuesFen, rounding }: { farmerMonthlyDuesFen: number | null; rounding: DuesRounding },
): Amount {
  if (found.kind === 'brackets') return amountByRate(found, baseFen, rounding)
  if (found.kind !== 'range') return { fen: found.fen, rateBasisPoints: null }
  const range = `${spellYuan(found.leastFen)} 到 ${spellYuan(found.mostFen)} 元`
  const fen = farmerMonthlyDuesFen
  if (fen === null) return { refused: `镇里还没有定农民党费，请镇党建办发：设置 农民党费 数额（每月 ${range}）` }
  if (fen >= found.leastFen && fen <= found.mostFen) return { fen, rateBasisPoints: null }
  return {
    refused: `农民党费每月 ${spellYuan(fen)} 元不在 ${range}之间（${found.article}），请镇党建办改“设置 农民党费”`,
  }
}

/** The rate of its bracket applies to the whole base (全额累进, DOMAIN.md 2.2). */
function amountByRate(
  { brackets, category: of }: Extract<DuesTable, { kind: 'brackets' }>,
  baseFen: number | null,
  rounding: DuesRounding,
): Amount {
  if (baseFen === null) return { refused: `“${of}”党费按基数算，请写上每月的基数（元），如 4500.00` }
  if (!Number.isSafeInteger(baseFen) || baseFen < 0) throw new RangeError('a base is whole fen')
  if (baseFen > MOST_BASE_FEN) return { refused: `基数最多 ${spellYuan(MOST_BASE_FEN)} 元，请核对` }
  const rate = brackets.find(({ upToFen }) => upToFen === null || baseFen <= upToFen)?.rateBasisPoints ?? 0
  return { fen: roundHalfUp(baseFen * rate, 10_000, FEN_IN[rounding]), rateBasisPoints: rate }
}

/** In one step from the exact fraction: 4.449 rounded to fen first would be 4.5 in jiao. */
function roundHalfUp(product: number, divisor: number, unit: number): number {
  const [above, below] = [2 * product + divisor * unit, 2 * divisor * unit]
  return ((above - (above % below)) / below) * unit
}

/** 150 → '1.5%' */
export function spellRate(basisPoints: number): string {
  const digits = String(basisPoints).padStart(3, '0')
  const decimals = digits.slice(-2).replace(/0+$/, '')
  return `${digits.slice(0, -2)}${decimals && `.${decimals}`}%`
}
