import { z } from 'zod'
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

export const PARAMETERS = [quietHours, lessonsPerYear] as const satisfies
  | readonly Parameter<never>[]
  | readonly unknown[]

/** The value of a record of `settings`; a value that does not fit (any more) counts as not set. */
export function settingOf<T>(parameter: Parameter<T>, record: { value: unknown } | undefined): T {
  const parsed = parameter.schema.safeParse(record?.value)
  return parsed.success ? parsed.data : parameter.fallback
}
