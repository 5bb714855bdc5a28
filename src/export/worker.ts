import { parentPort, threadId, workerData } from 'node:worker_threads'
import { isDocument, isPoster } from './document.ts'
import type { Job } from './drawing.ts'

/** One file, then the thread ends. What is thrown reaches `drawing.ts` as the worker's error. */
const { drawable, madeAt }: Job = workerData
const bytes = await draw()
parentPort?.postMessage({ bytes, threadId })

/** Each loads its own library alone. */
async function draw(): Promise<Uint8Array> {
  if (isDocument(drawable)) return (await import('./docx.ts')).toDocx(drawable)
  if (isPoster(drawable)) return (await import('./docx-poster.ts')).toPoster(drawable)
  return (await import('./xlsx.ts')).toXlsx(drawable, madeAt)
}
