import { z } from 'zod'
import { DUES_ROUNDINGS, type DuesRounding, duesTables } from './dues-rates.ts'
import { readAmount, spellYuan } from './money.ts'
import { QUIET_HOURS, type QuietHours } from './quiet.ts'

/** What a township may set with /设置 (DOMAIN.md 13). Kept as records of `settings`, audited; absent: the default. */

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** `value` is what the store keeps; `read` makes it of what an officer types, null where that is not understood. */
export interface Parameter<T> {
  /** Of the record, ASCII. */
  name: string
  /** As it is said: '休息时间'. */
  label: string
  schema: z.ZodType<T>
  fallback: T
  read(said: string): T | null
  spell(value: T): string
  /** What may be typed, and where the figure comes from. */
  hint: string
}

export const quietHours: Parameter<QuietHours> = {
  name: 'quietHours',
  label: '休息时间',
  schema: z.object({ from: time, to: time }),
  fallback: QUIET_HOURS,
  read(said) {
    const [, fromHour, fromMinute, toHour, toMinute] =
      /^(\d{1,2})(?:[:点](\d{2})?)?\s*[-到至~—]+\s*(\d{1,2})(?:[:点](\d{2})?)?$/.exec(said.normalize('NFKC').trim()) ??
      []
    if (fromHour === undefined || toHour === undefined) return null
    const spell = (hour: string, minute = '00') => `${hour.padStart(2, '0')}:${minute}`
    const hours = { from: spell(fromHour, fromMinute), to: spell(toHour, toMinute) }
    return this.schema.safeParse(hours).success ? hours : null
  },
  spell: ({ from, to }) => (from === to ? '没有' : `${from} 到 ${to}`),
  hint: '如 21:00-08:00，这段时间机器人不主动发消息',
}

const whole = (least: number, most: number) => z.number().int().min(least).max(most)
const readWhole = (said: string, schema: z.ZodType<number>): number | null => {
  const number = /^\d{1,4}$/.test(said.normalize('NFKC').trim()) ? Number(said.normalize('NFKC')) : Number.NaN
  return schema.safeParse(number).success ? number : null
}

/** No national figure exists for party lessons (DOMAIN.md 1.2): each township's own habit. */
export const lessonsPerYear: Parameter<number> = {
  name: 'lessonsPerYear',
  label: '党课次数',
  schema: whole(0, 24),
  fallback: 4,
  read: said => readWhole(said, whole(0, 24)),
  spell: value => (value === 0 ? '不计' : `每年 ${value} 次`),
  hint: '每年几次，0 是不计（全国没有统一规定）',
}

/** 《中国共产党党员教育管理工作条例》第二十条: 一般不少于32学时. A township may ask for more, or not say it at all. */
export const studyHoursPerYear: Parameter<number> = {
  name: 'studyHoursPerYear',
  label: '学时',
  schema: whole(0, 200),
  fallback: 32,
  read: said => readWhole(said.replace(/^每年/, '').replace(/个?(?:学时|课时|小时)$/, ''), whole(0, 200)),
  spell: value => (value === 0 ? '不显示' : `每年 ${value} 学时`),
  hint: '每年几学时，如 32；0 是不显示（党员教育管理工作条例第二十条：一般不少于32学时）',
}

/** A day that every month has. Local rules say the 1st, or before the 20th (DOMAIN.md 2.4). */
export const duesDay: Parameter<number> = {
  name: 'duesDay',
  label: '党费日',
  schema: whole(1, 28),
  fallback: 1,
  read: said => readWhole(said.replace(/[日号]$/, '').replace(/^每月/, ''), whole(1, 28)),
  spell: value => `每月 ${value} 日`,
  hint: '1 到 28，如 1；遇休息日顺延到第一个工作日',
}

/** 'quarterEnd': the months of the current quarter. The national rule gives no right to pay ahead (DOMAIN.md 2.4). */
export type PrepayMonths = number | 'quarterEnd'
const prepay = z.union([z.literal('quarterEnd'), whole(0, 6)])
export const prepayMonths: Parameter<PrepayMonths> = {
  name: 'prepayMonths',
  label: '预交月数',
  schema: prepay,
  fallback: 'quarterEnd',
  read: said =>
    /^(?:到|交到)?(?:本季度?|季)[末底]$/.test(said.trim())
      ? 'quarterEnd'
      : readWhole(said.replace(/个?月$/, ''), whole(0, 6)),
  spell: value => (value === 'quarterEnd' ? '到季末' : value === 0 ? '不能预交' : `${value} 个月`),
  hint: '到季末，或 0 到 6 个月，如 3；0 是不能预交（全国没有规定可以预交）',
}

const FARMER_RANGES = duesTables.filter(table => table.kind === 'range')
const LEAST_FARMER_FEN = Math.min(...FARMER_RANGES.map(({ leastFen }) => leastFen))
const MOST_FARMER_FEN = Math.max(...FARMER_RANGES.map(({ mostFen }) => mostFen))
const farmerFen = whole(LEAST_FARMER_FEN, MOST_FARMER_FEN)

/** In fen; null until the township has said it, as the figure is local. Whether it fits on a day: `assess`, dues-rates.ts. */
export const farmerMonthlyDues: Parameter<number | null> = {
  name: 'farmerMonthlyDues',
  label: '农民党费',
  schema: farmerFen.nullable(),
  fallback: null,
  read(said) {
    const amount = readAmount(said)
    return 'fen' in amount && farmerFen.safeParse(amount.fen).success ? amount.fen : null
  },
  spell: value => (value === null ? '还没有定' : `每月 ${spellYuan(value)} 元`),
  hint: `每月 ${spellYuan(LEAST_FARMER_FEN)} 到 ${spellYuan(MOST_FARMER_FEN)} 元，如 0.50（党费收缴规定第六条，数额由当地定）`,
}

const ROUNDING_WORDS: Readonly<Record<DuesRounding, string>> = { fen: '分', jiao: '角', yuan: '元' }
export const duesRounding: Parameter<DuesRounding> = {
  name: 'duesRounding',
  label: '党费取整',
  schema: z.enum(DUES_ROUNDINGS),
  fallback: 'fen',
  read: said => DUES_ROUNDINGS.find(one => ROUNDING_WORDS[one] === said.trim().replace(/^到/, '')) ?? null,
  spell: value => `到${ROUNDING_WORDS[value]}`,
  hint: '分、角、元，按比例算出的党费四舍五入到哪一位（全国没有统一规定）',
}

export const PARAMETERS = [
  quietHours,
  lessonsPerYear,
  studyHoursPerYear,
  duesDay,
  prepayMonths,
  farmerMonthlyDues,
  duesRounding,
] as const satisfies readonly Parameter<never>[] | readonly unknown[]

/** The value of a record of `settings`; a value that does not fit (any more) counts as not set. */
export function settingOf<T>(parameter: Parameter<T>, record: { value: unknown } | undefined): T {
  if (record === undefined) return parameter.fallback
  const parsed = parameter.schema.safeParse(record.value)
  return parsed.success ? parsed.data : parameter.fallback
}
