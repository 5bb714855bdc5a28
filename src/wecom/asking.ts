import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { nowMs } from '../clock.ts'
import { WecomError, WecomUnreachableError } from '../errors.ts'
import { log } from '../log.ts'
import { type Answered, type AnyAnswer, read } from './answers.ts'
import { createCallCounts } from './call-counts.ts'
import { errcodeOf } from './errcodes.ts'
import { createPauses } from './pauses.ts'
import { createTokenKeeper } from './token.ts'

const BACK_OFF_MS = [500, 1000, 2000, 4000] as const
const PAUSE_MS = 60_000
/** About 2,000 refused gettoken calls an hour block the IP for an hour (WECOM.md 3): 360 stay below. */
const TOKEN_REFUSED_PAUSE_MS = 10_000

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

interface AskingOptions {
  corpId: string
  secret: string
  sleep?: ((ms: number) => Promise<void>) | undefined
}

type Exchange = (api: string, query: Readonly<Record<string, string>>) => Promise<AnyAnswer>

/** What is repeated, and after how long: the token that is renewed once, the busy WeCom, the API that rests for a minute. */
export function createAsking(exchange: Exchange, { corpId, secret, sleep = ms => delay(ms) }: AskingOptions) {
  const pauses = createPauses()
  const counts = createCallCounts()

  const tokens = createTokenKeeper(async () => {
    const answer = await ask('gettoken', () => exchange('gettoken', { corpid: corpId, corpsecret: secret })).catch(
      (error: unknown) => {
        if (error instanceof WecomError && errcodeOf(error.code).action === 'admin') {
          pauses.start('gettoken', error, TOKEN_REFUSED_PAUSE_MS)
        }
        // Without a token the call that needed it was not sent, whatever became of this one.
        if (error instanceof WecomUnreachableError)
          throw new WecomUnreachableError('gettoken', false, { cause: error.cause })
        throw error
      },
    )
    const { access_token: token, expires_in: expiresIn } = read('gettoken', tokenAnswer, answer)
    return { token, expiresIn }
  })

  /** Repeats what may be repeated; resolves with an answer whose errcode is 0 or missing. `what` rests where it is too often. */
  async function ask<A extends Answered>(
    api: string,
    send: () => Promise<A>,
    { renew, what = api }: { renew?: () => Promise<void>; what?: string } = {},
  ): Promise<A> {
    let retries = 0
    let renewed = false
    for (;;) {
      pauses.check(what)
      const answer = await send().catch((error: unknown) => {
        if (error instanceof WecomUnreachableError) counts.note(api, 'unreachable')
        throw error
      })
      const { errcode: code = 0 } = answer
      counts.note(api, code)
      if (code === 0) return answer
      const { action } = errcodeOf(code)
      const waitMs = action === 'retry' ? BACK_OFF_MS[retries] : undefined
      if (action === 'token' && renew && !renewed) {
        renewed = true
        await renew()
      } else if (waitMs !== undefined) {
        retries += 1
        await sleep(waitMs)
      } else {
        throw refusal(api, what, code, answer.errmsg)
      }
    }
  }

  function refusal(api: string, what: string, code: number, errmsg: string): WecomError {
    const { action, advice } = errcodeOf(code)
    const ip = code === 60020 ? ipIn(errmsg) : undefined
    log.warn('wecom refused a call', { api, code, ip })
    if (action !== 'slow')
      return new WecomError(api, code, ip ? `服务器 IP 是 ${ip}。${advice}` : advice, undefined, ip)
    const error = new WecomError(api, code, advice, new Date(nowMs() + PAUSE_MS))
    pauses.start(what, error, PAUSE_MS)
    return error
  }

  /** With a token that is renewed once, unseen. */
  async function withToken<A extends Answered>(api: string, send: (token: string) => Promise<A>): Promise<A> {
    pauses.check(api)
    let token = await tokens.get()
    const renew = async () => {
      token = await tokens.renew(token)
    }
    return ask(api, () => send(token), { renew })
  }

  return { ask, withToken, tokens, counts: counts.list }
}

/** The one thing that is read out of errmsg: the address that has to be allow-listed stands nowhere else. */
const ipIn = (errmsg: string): string | undefined => /from ip: ?([0-9a-fA-F.:]+)/.exec(errmsg)?.[1]
