import { nowMs } from '../clock.ts'
import { log, logIncident } from '../log.ts'
import type { Courier } from './message.ts'
import type { Agenda, Started } from './outbox-agenda.ts'
import { type Attempt, attempt, missedBy } from './outbox-attempt.ts'
import type { Errand } from './outbox-lanes.ts'
import type { Came, Ledger, Marked } from './outbox-ledger.ts'
import type { Uploads } from './outbox-uploads.ts'

const PAUSE_MS = 60_000
const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 60_000

export interface DeliveryOptions {
  ledger: Ledger
  agenda: Agenda
  courier: Pick<Courier, 'send'>
  uploads: Uploads
  /** Whether these are the quiet hours. */
  atNight(): boolean
}

/**
 * Does one errand: marks its call on the disk, sends it, writes down what came of it. A call that may have been carried
 * out is repeated, identical, until WeCom answers: it drops what it already has.
 */
export function createDelivery({ ledger, agenda, courier, uploads, atNight }: DeliveryOptions) {
  /** Puts the errands of its calls in the place of a record that was never tried. */
  async function open({ errand, groups }: Started): Promise<Marked | null> {
    if (!(await uploads.bring(errand))) {
      restAfterFailure(errand)
      return null
    }
    const opened = await ledger.open(errand.outgoingId, groups)
    const marked = opened?.marked ?? null
    agenda.replace(errand, opened?.errands ?? [], marked?.errand)
    if (opened && opened.unreached > 0) warn(errand, opened.unreached)
    return marked
  }

  async function mark(errand: Errand): Promise<Marked | null> {
    const marked = await ledger.mark(errand)
    if (!marked) agenda.leave(errand)
    return marked
  }

  async function carry({ errand, call, again }: Marked): Promise<void> {
    const result = await attempt(courier, call, errand.people, { outgoingId: errand.outgoingId, again })
    if (result.is === 'unsent') return putOff(errand, again, result)
    if (result.is === 'paused') return pause(errand, again, result.until?.getTime() ?? nowMs() + PAUSE_MS)
    agenda.noteSent(errand.people)
    if (result.is === 'sent') return finish(errand, 'done', result)
    if (result.is === 'refused') return finish(errand, 'failed', result)
    // Under way on the disk, until WeCom answers the repetition or knows it no more (ledger.mark).
    restAfterFailure(errand)
  }

  async function finish(errand: Errand, state: 'done' | 'failed', came: Came): Promise<void> {
    await ledger.settle(errand, state, came)
    if (came.unreached?.length) warn(errand, came.unreached.length)
    agenda.leave(errand)
  }

  async function pause(errand: Errand, again: boolean, until: number): Promise<void> {
    agenda.pause(until)
    agenda.rest(errand, until)
    await ledger.settle(errand, again ? 'underway' : 'waiting')
  }

  async function putOff(errand: Errand, again: boolean, result: Attempt & { is: 'unsent' }): Promise<void> {
    const { atMost, error } = result
    if (error && atMost !== undefined && errand.tries + 1 >= atMost) {
      return finish(errand, 'failed', { unreached: missedBy(error, errand.people) })
    }
    await ledger.settle(errand, again ? 'underway' : 'waiting')
    restAfterFailure(errand)
  }

  function restAfterFailure(errand: Errand): void {
    agenda.rest(errand, nowMs() + Math.min(FIRST_DELAY_MS * 2 ** errand.tries, LONGEST_DELAY_MS))
    errand.tries += 1
  }

  /** The store failed, or there is a bug: the next try does what the disk says. */
  async function guard<T>(errand: Errand, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      logIncident('the outbox could not go on', error, { outgoingId: errand.outgoingId })
      restAfterFailure(errand)
      return null
    }
  }

  return {
    /** Never rejects; the errand runs no more when it resolves. */
    async run(started: Started): Promise<void> {
      const { errand } = started
      if (atNight() && (await guard(errand, () => ledger.goesAtNight(errand.outgoingId))) === false) {
        agenda.release(errand)
        agenda.stopRunning(errand)
        return
      }
      const marked = await guard(errand, () => (errand.index === null ? open(started) : mark(errand)))
      if (marked) await guard(marked.errand, () => carry(marked))
      agenda.stopRunning(marked?.errand ?? errand)
    },
  }
}

const warn = ({ outgoingId, people }: Errand, unreached: number): void =>
  log.warn('not everybody was reached', { outgoingId, people: people.length, unreached })
