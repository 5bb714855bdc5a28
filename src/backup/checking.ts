import { Worker } from 'node:worker_threads'
import { nodeFiles } from '../store/files.ts'
import type { Checked } from './keeping.ts'
import type { RestoreOptions } from './restoring.ts'

export type CheckOrder = Pick<RestoreOptions, 'path' | 'key' | 'corpId' | 'folder'> & { scratch: string }
export type CheckResult =
  | { ok: true; records: number }
  | { ok: false; why: NonNullable<Checked['bad']>['why']; what: string }

/** Restores a backup into a scratch folder in a thread of its own, compares every record, and clears the scratch away. */
export async function checkInWorker(order: CheckOrder, signal: AbortSignal): Promise<CheckResult> {
  const { scratch } = order
  await nodeFiles.removeFolder(scratch)
  await nodeFiles.makeFolder(scratch)
  const worker = new Worker(new URL('./worker-start.mjs', import.meta.url), { workerData: order })
  const end = () => void worker.terminate()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<CheckResult>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(signal.aborted ? signal.reason : new Error('the check ended without a result')))
    })
  } finally {
    signal.removeEventListener('abort', end)
    await worker.terminate()
    await nodeFiles.removeFolder(scratch)
  }
}
