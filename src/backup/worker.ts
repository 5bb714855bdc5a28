import { parentPort, workerData } from 'node:worker_threads'
import { setLogLevel } from '../log.ts'
import type { CheckOrder, CheckResult } from './checking.ts'
import { verifyFile } from './reading.ts'
import { BackupRefused, MismatchError } from './refusals.ts'
import { fillAndCompare } from './restoring.ts'

/** One check, then the thread ends: parsing a whole store would hold up everybody in the thread of the service. */
setLogLevel('silent')
const order: CheckOrder = workerData
parentPort?.postMessage(await check())

async function check(): Promise<CheckResult> {
  try {
    await verifyFile(order)
    return { ok: true, records: (await fillAndCompare(order, order.scratch)).records }
  } catch (error) {
    if (error instanceof MismatchError)
      return { ok: false, why: 'differs', what: `${error.collection} is not what was backed up` }
    if (error instanceof BackupRefused)
      return { ok: false, why: error.why, what: `the file cannot be restored: ${error.why}` }
    throw error
  }
}
