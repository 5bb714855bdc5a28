import { WecomError, WecomUnreachableError } from '../errors.ts'
import { log, logIncident } from '../log.ts'
import type { FileOrder, NamedFile, Platform } from './message.ts'
import { BUSY, MOST_TRIES, TOO_MANY } from './outbox-attempt.ts'
import type { Errand } from './outbox-lanes.ts'
import type { Ledger } from './outbox-ledger.ts'

export interface UploadsOptions {
  ledger: Pick<Ledger, 'keepPicture' | 'keepFile'>
  rehost: Platform['rehost']
  makeFile(order: FileOrder): Promise<NamedFile>
  /** Returns the MediaId to send, which lives three days. */
  uploadFile(file: NamedFile): Promise<string>
}

export type Uploads = ReturnType<typeof createUploads>

/**
 * Brings to WeCom what a message has besides words, before its calls are made: they hold the MediaIds, and stay the same byte
 * for byte. What cannot be had is left out; the words go all the same.
 */
export function createUploads({ ledger, rehost, makeFile, uploadFile }: UploadsOptions) {
  /** What was made and could not be uploaded yet. */
  const made = new WeakMap<Errand, NamedFile>()

  /** False: not now. */
  async function bringPicture(errand: Errand, picture: string): Promise<boolean> {
    const mediaId = await rehost(picture).catch((error: unknown) =>
      mayComeYet(error, errand) ? null : lost(errand, error),
    )
    if (mediaId === null) return false
    await ledger.keepPicture(errand.outgoingId, mediaId)
    errand.picture = undefined
    return true
  }

  function lost({ outgoingId }: Errand, error: unknown): '' {
    if (error instanceof WecomError) log.warn('a picture could not be sent', { outgoingId, code: error.code })
    else logIncident('a picture could not be sent', error, { outgoingId })
    return ''
  }

  /** False: not now. */
  async function bringFile(errand: Errand, order: FileOrder): Promise<boolean> {
    const kept = await fileOf(errand, order)
    if (kept === null) return false
    await ledger.keepFile(errand.outgoingId, kept)
    errand.file = undefined
    return true
  }

  async function fileOf(errand: Errand, order: FileOrder): Promise<{ mediaId: string } | { instead: string } | null> {
    const { outgoingId } = errand
    const { report } = order
    let file = made.get(errand)
    try {
      file ??= await makeFile(order)
    } catch (error) {
      return { instead: sorry('没有做成', logIncident('a file could not be made', error, { outgoingId, report })) }
    }
    made.set(errand, file)
    try {
      return { mediaId: await uploadFile(file) }
    } catch (error) {
      if (mayComeYet(error, errand)) return null
      const code = error instanceof WecomError ? error.code : null
      return {
        instead: sorry('没有传上去', logIncident('a file could not be sent', error, { outgoingId, report, code })),
      }
    }
  }

  return {
    /** False: something is missing yet, and may come. */
    bring: async (errand: Errand): Promise<boolean> =>
      (!errand.picture || (await bringPicture(errand, errand.picture))) &&
      (!errand.file || (await bringFile(errand, errand.file))),
  }
}

const sorry = (what: string, incident: string): string =>
  `文件${what}，编号 ${incident}。请稍后再要一次，或把编号告诉镇党建办。`

/** A network that is down or a refused token holds up the words as well; for the rest there is an end. */
function mayComeYet(error: unknown, { tries }: Errand): boolean {
  const soon = tries + 1 < MOST_TRIES
  if (error instanceof WecomUnreachableError) return !error.ambiguous || soon
  if (!(error instanceof WecomError)) return false
  return error.code === TOO_MANY || error.api === 'gettoken' || (BUSY.includes(error.code) && soon)
}
