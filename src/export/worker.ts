import { parentPort, threadId, workerData } from 'node:worker_threads'
import type { Job } from './drawing.ts'
import { toXlsx } from './xlsx.ts'

/** One workbook, then the thread ends. What is thrown reaches `drawing.ts` as the worker's error. */
const { workbook, madeAt }: Job = workerData
const bytes = await toXlsx(workbook, madeAt)
parentPort?.postMessage({ bytes, threadId })
