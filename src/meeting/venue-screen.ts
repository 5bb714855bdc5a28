import { randomBytes } from 'node:crypto'
import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { meetingOfToken, screenSecret } from '../domain/screen-token.ts'
import { UserError } from '../errors.ts'
import { type Meeting, meetings, secrets } from '../store/collections.ts'
import type { ReadTx, Store, Tx } from '../store/records.ts'
import { rowOf } from './roll.ts'

/** What commands know of the venue screen: its address, and what a scan of its QR code proves. */

const KEY = 'venue-screen'

/** null: the store was never opened by the service. */
export async function screenKey(tx: ReadTx): Promise<Buffer | null> {
  const kept = await tx.get(secrets, KEY)
  return kept ? Buffer.from(kept.value, 'hex') : null
}

/** The township's key, made where there is none yet. */
export async function keepScreenKey(store: Store): Promise<Buffer> {
  return (await store.read(screenKey)) ?? store.update('township', makeScreenKey)
}

async function makeScreenKey(tx: Tx): Promise<Buffer> {
  const known = await screenKey(tx)
  if (known) return known
  const key = randomBytes(32)
  await tx.insert(secrets, { name: KEY, value: key.toString('hex') })
  return key
}

/** '会场屏幕：' and the address on a line of its own, so that a client makes a link of it and of nothing else. */
export async function screenLines(ctx: CommandContext, tx: CommandReadTx, meetingId: string): Promise<string[]> {
  const key = await screenKey(tx.township)
  return key
    ? ['会场屏幕（在电视或投影上打开，不要转发）：', `${ctx.baseUrl}/screen/${screenSecret(key, meetingId)}`]
    : []
}

/**
 * The meeting whose QR code was scanned just now. Typed, it proves nothing: a photo can be read out to anybody. The age of the
 * token is looked at before whether there is such a meeting, so that nobody learns of one.
 */
export async function meetingScanned(ctx: CommandContext, tx: CommandReadTx, token: string): Promise<Meeting> {
  if (ctx.via !== 'scan')
    throw new UserError('二维码里的字打出来不算签到。请在会场用菜单“扫码签到”扫，或发“签到”加屏幕上的四位数字。')
  const key = await screenKey(tx.township)
  const meetingId = key && meetingOfToken(key, token, ctx.now)
  if (!meetingId) throw new UserError('这个二维码已过期。请对着会场屏幕再扫一次，或发“签到”加屏幕上的四位数字。')
  const meeting = await tx.get(meetings, meetingId)
  if (meeting && rowOf(meeting, ctx.person)) return meeting
  throw new UserError('这个会没有请您参加，不用签到。弄错了请找支部书记。')
}
