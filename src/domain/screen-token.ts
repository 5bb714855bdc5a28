import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The venue screen's secret link and the token in its changing QR code. Both are derived from one key of the township, which
 * the store keeps, so that nothing has to be written for them and a restart changes nothing.
 */

/** A token is shown for one slot and counts in the next one too, while it is on its way: it is dead a minute after its birth. */
export const SLOT_MS = 30_000
export const LIVES_MS = 2 * SLOT_MS

/** Crockford's: no I, L, O and U, so that nobody mistakes a letter for a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 30 bits for one minute; a guess would have to be drawn as a QR code and scanned. */
const TOKEN_CHARACTERS = 6
/** 80 bits: out of reach of guessing over the network, and still short enough for the remote control of a television. */
const LINK_CHARACTERS = 16

// Without 'u': with it 'k' in no case is the Kelvin sign too, which is three bytes.
export const TOKEN = new RegExp(`^(m-\\d{1,9})\\.([0-9a-z]{${TOKEN_CHARACTERS}})$`, 'i')
const SECRET = new RegExp(`^(\\d{1,9})-([0-9a-z]{${LINK_CHARACTERS}})$`, 'i')

export interface ScreenToken {
  /** 'm-9.K3F7Q2' */
  token: string
  /** How long it still counts. */
  livesMs: number
  /** Another one comes with another slot. */
  slot: number
}

export function tokenAt(key: Uint8Array, meetingId: string, at: Date): ScreenToken {
  const slot = slotOf(at)
  const token = `${meetingId}.${derived(key, `token ${meetingId} ${slot}`, TOKEN_CHARACTERS)}`
  return { token, livesMs: slot * SLOT_MS + LIVES_MS - at.getTime(), slot }
}

/** The meeting whose token of now, or of the slot before, this is; null: of none. */
export function meetingOfToken(key: Uint8Array, said: string, at: Date): string | null {
  const [, id, mark] = TOKEN.exec(said) ?? []
  if (id === undefined || mark === undefined) return null
  const meetingId = id.toLowerCase()
  const slots = [slotOf(at), slotOf(at) - 1]
  const matching = slots.filter(slot => same(mark, derived(key, `token ${meetingId} ${slot}`, TOKEN_CHARACTERS)))
  return matching.length > 0 ? meetingId : null
}

/** '17-k3f7q2m9x4c8w2np': what follows /screen/ in the address. */
export function screenSecret(key: Uint8Array, meetingId: string): string {
  return `${meetingId.replace(/^m-/, '')}-${derived(key, `screen ${meetingId}`, LINK_CHARACTERS).toLowerCase()}`
}

/** The meeting whose screen this opens; null: of none. Costs the same whether there is such a meeting or not. */
export function meetingOfSecret(key: Uint8Array, said: string): string | null {
  const [, number, mark] = SECRET.exec(said) ?? []
  if (number === undefined || mark === undefined) return null
  const meetingId = `m-${Number(number)}`
  return same(mark, derived(key, `screen ${meetingId}`, LINK_CHARACTERS)) ? meetingId : null
}

const slotOf = (at: Date): number => Math.floor(at.getTime() / SLOT_MS)

/** The low five bits of as many bytes. */
function derived(key: Uint8Array, about: string, characters: number): string {
  const bytes = createHmac('sha256', key).update(about).digest().subarray(0, characters)
  return Array.from(bytes, byte => ALPHABET[byte & 31]).join('')
}

const same = (said: string, right: string): boolean =>
  timingSafeEqual(Buffer.from(said.toUpperCase()), Buffer.from(right))
