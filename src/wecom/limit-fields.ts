import { z } from 'zod'

/** A payload of ours that WeCom would refuse or cut: a bug. `field` as 'template_card.button_list.0.text'. */
export class PayloadLimitError extends Error {
  override readonly name = 'PayloadLimitError'
  constructor(
    readonly api: string,
    readonly field: string,
    reason: string,
  ) {
    super(`${api}: ${field} ${reason}`)
  }
}

export const chosen = (path: readonly PropertyKey[]): string => path.map(String).join('.') || 'body'

/** 1 to `most` UTF-8 bytes. */
export const utf8 = (most: number) =>
  z
    .string('must be text')
    .min(1, 'is empty')
    .refine(text => Buffer.byteLength(text) <= most, `is longer than ${most} bytes`)

/** 1 to `most` characters, counted in UTF-16 units: no way of counting gives more. */
export const characters = (most: number) =>
  z.string('must be text').min(1, 'is empty').max(most, `is longer than ${most} characters`)

/** From `least` to `most` items. */
export const items = <T extends z.ZodType>(item: T, least: number, most: number) =>
  z.array(item).min(least, `has fewer than ${least}`).max(most, `has more than ${most}`)

/** Items of which no two have the same `field`. */
export const unique =
  (field: string) =>
  (list: readonly Readonly<Record<string, unknown>>[]): boolean => {
    const values = list.map(item => item[field]).filter(value => value !== undefined)
    return new Set(values).size === values.length
  }
