import { minutesBetween, now } from '../clock.ts'
import { quietHours, settingOf } from '../domain/parameters.ts'
import type { QuietHours } from '../domain/quiet.ts'
import { type Outgoing, outbox, type Person, people, settings } from '../store/collections.ts'
import type { ReadTx, Store, Tx } from '../store/records.ts'
import { missedByFault, missedTooLate, missedUnsure } from './outbox-attempt.ts'
import { type Call, type Made, type Making, type Missed, makeCalls } from './outbox-calls.ts'
import type { Errand } from './outbox-lanes.ts'

/**
 * What the store knows of a record, in small updates under its own lock. It alone decides: what was read earlier, or is
 * kept in memory, may be behind.
 */

/** An errand whose call stands as under way on the disk, so that it may be sent. */
export interface Marked {
  errand: Errand
  call: Call
  /** It was on its way before, and nobody knows whether it arrived. */
  again: boolean
}

export interface Opened {
  /** Errands of the record's calls, in order. */
  errands: readonly Errand[]
  /** The first of them, where its people can be served now. */
  marked: Marked | null
  /** How many cannot get it at all. */
  unreached: number
}

/** What came of a call. */
export interface Came {
  unreached?: readonly Missed[]
  msgids?: readonly string[]
}

export type Ledger = ReturnType<typeof createLedger>

/**
 * Younger calls may be repeated: WeCom drops the second for four hours (`duplicate_check_interval`), and with its tries the
 * repetition itself takes less than five minutes.
 */
const REPEATED_WITHIN_MINUTES = 235

export function createLedger(store: Store, making: Making) {
  const change = <T>(outgoingId: string, run: (tx: Tx, record: Outgoing) => Promise<T>): Promise<T | null> =>
    store.update(`outbox:${outgoingId}`, async tx => {
      const record = await tx.get(outbox, outgoingId)
      return record ? run(tx, record) : null
    })

  return {
    /** Records that are not finished, in the order of their numbers, and the hours in which only some of them go. */
    unfinished: (): Promise<{ records: readonly Outgoing[]; quiet: QuietHours }> =>
      store.read(async tx => ({
        records: [...(await tx.find(outbox, 'unfinished', 'yes'))].sort((one, other) => one.number - other.number),
        quiet: settingOf(quietHours, await tx.get(settings, quietHours.name)),
      })),

    /** What is left to do of a record that an earlier process began. */
    errandsOf: async (record: Outgoing): Promise<readonly Errand[]> =>
      record.calls === null
        ? [errandOf(record, null, [...new Set(record.to)])]
        : store.read(tx => errandsOf(tx, record, record.calls ?? [])),

    /** Makes and stores the calls of a record that was never tried; null where that was done, or it is gone. */
    open: (outgoingId: string, groups: readonly (readonly string[])[]): Promise<Opened | null> =>
      change(outgoingId, async (tx, record) => {
        if (record.calls !== null) return null
        const made = makeOrGiveUp(record, groups, await readPeople(tx, record.to), making)
        const errands = made.calls.map(({ people }, index) => errandOf(record, index, people))
        const startsNow = made.calls[0]?.group === 0
        const calls = made.calls.map(({ call }, index) => (startsNow && index === 0 ? marked(call, tx.now) : call))
        await write(tx, record, calls, made.unreached)
        const [errand, call] = [errands[0], calls[0]]
        const first = startsNow && errand && call ? { errand, call, again: false } : null
        return { errands, marked: first, unreached: made.unreached.length }
      }),

    /** Whether it goes in the quiet hours too. */
    goesAtNight: (outgoingId: string): Promise<boolean> =>
      store.read(async tx => {
        const record = await tx.get(outbox, outgoingId)
        return record === undefined || goesAtNight(record)
      }),

    /** Its time is over before anybody was tried: nobody gets it. What has begun meanwhile goes on. */
    expire: (outgoingId: string): Promise<unknown> =>
      change(outgoingId, async (tx, record) => {
        if (isExpired(record, tx.now.getTime())) await write(tx, record, [], missedTooLate(record.to))
      }),

    /** The picture of its message is at WeCom again, under this MediaId. */
    keepPicture: (outgoingId: string, mediaId: string): Promise<unknown> =>
      change(outgoingId, (tx, record) => tx.put(outbox, { ...record, mediaId })),

    /** The file of its message is at WeCom under this MediaId, or the sentence takes its place. */
    keepFile: (outgoingId: string, file: { mediaId: string } | { instead: string }): Promise<unknown> =>
      change(outgoingId, (tx, record) => {
        const kept = 'mediaId' in file ? { ...file, at: tx.now.toISOString() } : file
        return tx.put(outbox, { ...record, file: kept })
      }),

    /** Says that a call is about to be sent; null: it is not to be sent any more. */
    mark: (errand: Errand): Promise<Marked | null> =>
      change(errand.outgoingId, async (tx, record) => {
        const [index, calls] = [errand.index ?? -1, record.calls ?? []]
        const call = calls[index]
        if (!call || isFinished(call)) return null
        const again = call.state === 'underway'
        if (again && isTooOld(call, tx.now)) {
          await write(tx, record, withCall(calls, index, as(call, 'failed')), missedUnsure(errand.people))
          return null
        }
        const next = again ? call : marked(call, tx.now)
        if (!again) await write(tx, record, withCall(calls, index, next))
        return { errand, call: next, again }
      }),

    /** The call is over (done, failed), or back to where it was before it was marked: it was certainly not carried out. */
    settle: (errand: Errand, state: Call['state'], came: Came = {}): Promise<unknown> =>
      change(errand.outgoingId, async (tx, record) => {
        const [index, calls] = [errand.index ?? -1, record.calls ?? []]
        const call = calls[index]
        const settled = call && { ...as(call, state), ...(came.msgids?.length && { msgids: [...came.msgids] }) }
        await write(tx, record, settled ? withCall(calls, index, settled) : calls, came.unreached)
      }),
  }
}

/** What was begun is finished: a call that may have arrived can be repeated for some hours only. */
export const goesAtNight = ({ urgent, state }: Outgoing): boolean => urgent === true || state === 'underway'

/** Nobody has it, and it is of no use any more. */
export const isExpired = ({ until, state }: Outgoing, now: number): boolean =>
  until !== undefined && state === 'waiting' && Date.parse(until) < now

/** What cannot be rendered will never be: it is finished without a call. */
function makeOrGiveUp(
  record: Outgoing,
  groups: readonly (readonly string[])[],
  personOf: ReadonlyMap<string, Person>,
  making: Making,
): Made {
  try {
    return makeCalls(record, groups, personOf, making)
  } catch (error) {
    return { calls: [], unreached: missedByFault(error, [...new Set(record.to)], record.outgoingId) }
  }
}

async function readPeople(tx: ReadTx, personIds: readonly string[]): Promise<ReadonlyMap<string, Person>> {
  const personOf = new Map<string, Person>()
  for (const personId of personIds) {
    const person = await tx.get(people, personId)
    if (person) personOf.set(personId, person)
  }
  return personOf
}

async function errandsOf(tx: ReadTx, record: Outgoing, calls: readonly Call[]): Promise<readonly Errand[]> {
  const personIdOf = new Map<string, string>()
  for (const person of (await readPeople(tx, record.to)).values()) {
    if (person.userId !== null) personIdOf.set(person.userId, person.personId)
  }
  return calls.flatMap((call, index) => {
    // A userid that was changed or unlinked since has nobody to be kept with; it keeps its place in the call.
    const receivers = call.userIds.map(userId => personIdOf.get(userId) ?? userId)
    return isFinished(call) ? [] : [errandOf(record, index, receivers)]
  })
}

const errandOf = (record: Outgoing, index: number | null, personIds: readonly string[]): Errand => ({
  outgoingId: record.outgoingId,
  number: record.number,
  index,
  people: personIds,
  picture: index === null && record.mediaId === undefined ? record.message.picture : undefined,
  file: index === null && !hasFile(record) ? record.message.file : undefined,
  tries: 0,
})

/** WeCom keeps it three days (WECOM.md 9), of which the delivery needs some. */
const FILE_MINUTES = 2 * 24 * 60

const hasFile = ({ file }: Outgoing): boolean =>
  file !== undefined && ('instead' in file || minutesBetween(new Date(file.at), now()) < FILE_MINUTES)

async function write(tx: Tx, record: Outgoing, calls: readonly Call[], missed: readonly Missed[] = []): Promise<void> {
  const unreached = [...record.unreached, ...missed]
  const state = stateOf(calls)
  const firstOf = new Map(unreached.toReversed().map(one => [one.personId, one]))
  await tx.put(outbox, {
    ...record,
    state,
    calls: [...calls],
    unreached: unreached.filter(one => firstOf.get(one.personId) === one),
  })
  if (state === 'done' && record.state !== 'done' && record.reportTo) {
    await tx.send({ text: reportWords(record, [...firstOf.values()]) }, [record.reportTo], { urgent: true })
  }
}

/** Who has no phone is told by mouth, and is not missed (COMMANDS.md). */
function reportWords({ to, about, mediaId, file }: Outgoing, unreached: readonly Missed[]): string {
  const all = new Set(to).size
  const noPhone = unreached.filter(({ code }) => code === 'no-phone').length
  const missed = unreached.length - noPhone
  const picture = mediaId === '' ? '，图片已过期或不能用，只发了文字' : ''
  const fileless = file && 'instead' in file ? '，文件没有做成，只发了文字' : ''
  const byMouth = noPhone > 0 ? `，${noPhone} 人无手机` : ''
  const head = `${about ?? ''} 发完了：共 ${all} 人，送出 ${all - unreached.length} 人${byMouth}${picture}${fileless}`
  return missed === 0 ? `${head}。` : `${head}，${missed} 人没有送到。看是谁、怎么办，请发：发送记录`
}

function stateOf(calls: readonly Call[]): Outgoing['state'] {
  if (calls.every(isFinished)) return 'done'
  return calls.every(({ state }) => state === 'waiting') ? 'waiting' : 'underway'
}

const isFinished = ({ state }: Call): boolean => state === 'done' || state === 'failed'

const as = (call: Call, state: Call['state']): Call => ({ ...call, state })

const marked = (call: Call, now: Date): Call => ({ ...call, state: 'underway', markedAt: now.toISOString() })

const isTooOld = ({ markedAt }: Call, now: Date): boolean =>
  markedAt !== undefined && minutesBetween(new Date(markedAt), now) >= REPEATED_WITHIN_MINUTES

const withCall = (calls: readonly Call[], index: number, changed: Call): Call[] =>
  calls.map((call, at) => (at === index ? changed : call))
