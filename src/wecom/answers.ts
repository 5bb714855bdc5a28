import { z } from 'zod'
import { WecomUnreachableError } from '../errors.ts'
import { log } from '../log.ts'

/** How WeCom's answers are read, and what is said of those that cannot be. */

/** A few calls (getcallbackip) leave errcode out where all is well. */
const anyAnswer = z.looseObject({ errcode: z.int().optional(), errmsg: z.string().default('') })
export type AnyAnswer = z.output<typeof anyAnswer>
export type Answered = Pick<AnyAnswer, 'errcode' | 'errmsg'>

/** WeCom answers 200 and JSON; anything else comes from something between us and it. */
export function parseAnswer(api: string, data: Buffer): AnyAnswer {
  let json: unknown
  try {
    json = JSON.parse(data.toString('utf8'))
  } catch {
    throw unreachable(api, true, 'not JSON')
  }
  return read(api, anyAnswer, json)
}

export function read<T extends z.ZodType>(api: string, schema: T, answer: unknown): z.output<T> {
  const parsed = schema.safeParse(answer)
  if (!parsed.success) throw unreachable(api, true, 'unexpected shape')
  return parsed.data
}

/** The cause is a code only: axios's own error carries the URL with the token, and the body. */
export function unreachable(api: string, ambiguous: boolean, cause: string): WecomUnreachableError {
  log.warn('wecom did not answer a call', { api, ambiguous, cause })
  return new WecomUnreachableError(api, ambiguous, { cause })
}
