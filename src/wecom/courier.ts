import { z } from 'zod'
import type { Courier, Part, Sent, Unreached } from '../bot/message.ts'
import { WecomError } from '../errors.ts'
import type { SendResult, WecomClient } from './client.ts'
import { render } from './render.ts'

const INVALID = '未加入企业微信、未激活，或不在应用可见范围：请本人激活，并到管理后台把他加进可见范围'
const UNLICENSED = '没有接口许可或许可已过期：请管理员到管理后台分配许可'
const UNKNOWN = '企业微信里没有这个账号：核对名册的“账号”一栏'

/** Codes that refuse a whole call because of its receivers. */
const BAD_RECEIVERS: ReadonlyMap<number, string> = new Map([
  [81013, INVALID],
  [40003, UNKNOWN],
  [46004, UNKNOWN],
  [60111, UNKNOWN],
])
/** With this one every receiver is bad; with the others one bad receiver may stop the rest. */
const ALL_BAD = 81013

/** The longest that WeCom takes, four hours (WECOM.md 4.1): the outbox repeats what was under way up to nearly that. */
const DUPLICATE_SECONDS = 14_400

/** What the outbox and the callback send with. */
export function createCourier(client: Pick<WecomClient, 'agentId' | 'sendMessage'>): Courier {
  async function send(part: Part, userIds: readonly string[], checkDuplicates: boolean): Promise<Sent> {
    if (userIds.length === 0) return { unreached: [], msgids: [] }
    try {
      const result = await client.sendMessage(body(part, userIds, checkDuplicates))
      return { unreached: unreachedOf(result, userIds), msgids: result.msgid ? [result.msgid] : [] }
    } catch (error) {
      const advice = error instanceof WecomError ? BAD_RECEIVERS.get(error.code) : undefined
      if (!(error instanceof WecomError) || advice === undefined) throw error
      if (userIds.length === 1 || error.code === ALL_BAD) {
        return { unreached: userIds.map(userId => ({ userId, code: String(error.code), advice })), msgids: [] }
      }
      return sendHalves(part, userIds, checkDuplicates)
    }
  }

  /** The refused call reached nobody. Halving finds the bad receiver; the same list gives the same calls each time. */
  async function sendHalves(part: Part, userIds: readonly string[], checkDuplicates: boolean): Promise<Sent> {
    const middle = Math.ceil(userIds.length / 2)
    const first = await send(withTask(part, 'a'), userIds.slice(0, middle), checkDuplicates)
    const second = await send(withTask(part, 'b'), userIds.slice(middle), checkDuplicates)
    return {
      unreached: [...first.unreached, ...second.unreached],
      msgids: [...first.msgids, ...second.msgids],
    }
  }

  /** The order of the keys is fixed: WeCom compares the request JSON to find duplicates. */
  function body(part: Part, userIds: readonly string[], checkDuplicates: boolean): Part {
    const safe = part.msgtype === 'template_card' ? {} : { safe: 0 }
    return {
      touser: userIds.join('|'),
      agentid: client.agentId,
      ...part,
      ...safe,
      enable_duplicate_check: checkDuplicates ? 1 : 0,
      ...(checkDuplicates && { duplicate_check_interval: DUPLICATE_SECONDS }),
    }
  }

  return { parts: render, send }
}

const taskCard = z.looseObject({ task_id: z.string() })

/** A card sent in two calls needs a task_id for each: WeCom refuses one that was used (WECOM.md 4.5). */
function withTask(part: Part, suffix: string): Part {
  const card = taskCard.safeParse(part.template_card)
  return card.success ? { ...part, template_card: { ...card.data, task_id: `${card.data.task_id}-${suffix}` } } : part
}

/** WeCom answers in lower case, whatever it was asked (WECOM.md 4.2). */
function unreachedOf(result: SendResult, userIds: readonly string[]): Unreached[] {
  const invalid = lowered(result.invaliduser)
  const unlicensed = lowered(result.unlicenseduser)
  return userIds.flatMap(userId => {
    const id = userId.toLowerCase()
    if (invalid.has(id)) return [{ userId, code: 'invalid', advice: INVALID }]
    return unlicensed.has(id) ? [{ userId, code: 'unlicensed', advice: UNLICENSED }] : []
  })
}

const lowered = (ids: readonly string[]): ReadonlySet<string> => new Set(ids.map(id => id.toLowerCase()))
