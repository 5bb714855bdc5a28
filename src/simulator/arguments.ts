import type { z } from 'zod'
import { refuse } from './refusal.ts'

/** What every call of the API is checked for first. */
export function parsed<T>(schema: z.ZodType<T>, raw: string): T {
  let json: unknown
  try {
    json = JSON.parse(raw)
  } catch {
    refuse(40035, 'invalid json')
  }
  const result = schema.safeParse(json)
  return result.success ? result.data : refuse(40035, `invalid parameter ${result.error.issues[0]?.path.join('.')}`)
}

export function checkAgent(given: unknown, agentId: number): void {
  if (!Number.isInteger(given)) refuse(40056, 'invalid agentid')
  if (given !== agentId) refuse(301002, 'agentid not of this access_token')
}
