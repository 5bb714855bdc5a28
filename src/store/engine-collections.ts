import type { z } from 'zod'
import { define } from './declaring.ts'
import { counter, type Secret, secret, setting } from './engine-shapes.ts'
import type { Collection } from './records.ts'

/** What the township has one of: its counters, its parameters, its keys. */

export const counters = define<z.infer<typeof counter>>({
  name: 'counters',
  schema: counter,
  key: r => r.name,
  places: 'engine',
  kept: '长期',
})

export const settings = define<z.infer<typeof setting>>({
  name: 'settings',
  schema: setting,
  key: r => r.name,
  places: () => [],
  kept: '长期',
})

export const secrets = define<Secret>({
  name: 'secrets',
  schema: secret,
  key: r => r.name,
  places: 'engine',
  kept: '长期',
})

export const ENGINE: readonly Collection<unknown>[] = [counters, settings, secrets]
