import type { FileOrder, NamedFile } from '../bot/message.ts'
import { type Drawable, drawInWorker } from './drawing.ts'
import { fileNameOf } from './spelling.ts'

/**
 * Collects what a report shows. It runs in the main thread and reads the store, so that it has to slice its work; it checks its
 * arguments itself, since they come back from the disk.
 */
export type Collector = (args: unknown) => Promise<Drawable>
/** By the names that messages order them by. */
export type Collectors = Readonly<Record<string, Collector>>

export interface Reports {
  /** Rejects where there is no such report, where it fails, and after a minute: each is a bug. */
  make(order: FileOrder): Promise<NamedFile>
  /** What is under way is given up and settles no more: it is no failure of the report, and the next start makes it. */
  close(): void
}

const LONGEST_MS = 60_000

/** One report at a time, so that ten officers who ask at once take the memory and the core of one. */
export function createReports(collectors: Collectors, longestMs = LONGEST_MS): Reports {
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()

  async function make({ report, args }: FileOrder): Promise<NamedFile> {
    closing.signal.throwIfAborted()
    const collect = Object.hasOwn(collectors, report) ? collectors[report] : undefined
    if (!collect) throw new Error(`there is no report ${report}`)
    const late = new AbortController()
    const timer = setTimeout(
      () => late.abort(new Error(`report ${report}: not made within ${longestMs} ms`)),
      longestMs,
    )
    const signal = AbortSignal.any([late.signal, closing.signal])
    try {
      const drawable = await unlessAborted(collect(args), signal)
      const { bytes } = await unlessAborted(drawInWorker(drawable, signal), signal)
      return { name: fileNameOf(drawable.fileName, 'sheets' in drawable ? 'xlsx' : 'docx'), bytes }
    } finally {
      clearTimeout(timer)
    }
  }

  const never = new Promise<never>(() => {})
  return {
    make(order) {
      const made = last.then(() => make(order))
      last = made.catch(() => {})
      return made.catch((error: unknown) => (closing.signal.aborted ? never : Promise.reject(error)))
    },
    close: () => closing.abort(),
  }
}

/** A collector cannot be ended from outside: it is left alone. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
