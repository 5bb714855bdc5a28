import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { now } from '../clock.ts'
import type { Document, Poster } from './document.ts'
import type { Workbook } from './workbook.ts'

/** What a report is made of: a workbook becomes an XLSX, the others a DOCX. */
export type Drawable = Workbook | Document | Poster

export interface Job {
  drawable: Drawable
  madeAt: Date
}

export interface Drawn {
  bytes: Uint8Array
  /** In which thread; 0 is the main one. */
  threadId: number
}

const START = new URL('./worker-start.mjs', import.meta.url)
const drawn = z.object({ bytes: z.instanceof(Uint8Array), threadId: z.number() })
/** A file that would take more ends its worker, and not the bot. */
const MEGABYTES = 512

/** Draws a workbook or a document in a thread of its own, which ends with it, or when the signal says so. */
export function drawInWorker(drawable: Drawable, signal: AbortSignal): Promise<Drawn> {
  return new Promise((resolve, reject) => {
    const workerData: Job = { drawable, madeAt: now() }
    // Nothing of the environment: it holds the secrets.
    const options = { workerData, env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: MEGABYTES } }
    const worker = new Worker(START, options)
    const end = () => void worker.terminate()
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
    worker.once('message', (message: unknown) => {
      const answer = drawn.safeParse(message)
      if (answer.success) resolve(answer.data)
    })
    worker.once('error', reject)
    worker.once('exit', code => {
      signal.removeEventListener('abort', end)
      reject(new Error(`the worker ended with ${code} and no file`))
    })
  })
}
