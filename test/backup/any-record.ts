import { z } from 'zod'
import type { Collection } from '../../src/store/records.ts'

/** A valid record of any collection, made from its schema, so that a new collection is in the tests without a word. */
export function anyRecord<R>({ schema, name }: Collection<R>, number: number): R {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const found = schema.safeParse(new Maker(json as Json, number).value(json as Json))
  if (!found.success) throw new Error(`${name}: ${found.error.message}`)
  return found.data
}

type Json = Record<string, unknown>

const STRINGS = (number: number) => [`r${number}`, '2026-11-24', '2026-11', '2026', `${'0'.repeat(63)}${number % 10}`]

class Maker {
  constructor(
    private readonly root: Json,
    private readonly number: number,
  ) {}

  value(json: Json): unknown {
    if ('const' in json) return json.const
    if (Array.isArray(json.enum)) return json.enum[this.number % json.enum.length]
    if (Array.isArray(json.anyOf)) return this.value(json.anyOf[0])
    if (Array.isArray(json.oneOf)) return this.value(json.oneOf[this.number % json.oneOf.length])
    if (Array.isArray(json.type)) return this.value({ ...json, type: json.type[0] })
    if (typeof json.$ref === 'string') return this.text({})
    if (json.type === 'object') return this.object(json)
    if (json.type === 'array') return [this.value((json.items ?? json.prefixItems ?? {}) as Json)]
    if (json.type === 'integer' || json.type === 'number') return Math.max(Number(json.minimum ?? 1), this.number)
    if (json.type === 'boolean') return this.number % 2 === 0
    if (json.type === 'null') return null
    return this.text(json)
  }

  private object({ properties = {}, additionalProperties }: Json): Json {
    const entries = Object.entries(properties as Record<string, Json>).map(([key, of]) => [key, this.value(of)])
    if (entries.length === 0 && additionalProperties) return { a: this.value(additionalProperties as Json) }
    return Object.fromEntries(entries)
  }

  private text({ format, pattern }: Json): string {
    if (format === 'date-time') return new Date(Date.UTC(2026, 10, 24, 2, 0, this.number)).toISOString()
    const wanted = typeof pattern === 'string' ? new RegExp(pattern, 'u') : /^r/
    const fitting = STRINGS(this.number).find(text => wanted.test(text))
    if (fitting === undefined) throw new Error(`no string fits ${pattern} of ${this.root.title ?? ''}`)
    return fitting
  }
}
