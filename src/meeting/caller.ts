import { type Meeting, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { answersFor } from './agenda.ts'
import { hears, keepersOf } from './heads.ts'

/** Whoever called the meeting, as long as he answers for it and can be told; else those who keep such meetings. */
export async function callerOf(tx: ReadTx, meeting: Meeting): Promise<readonly Person[]> {
  const caller = await tx.get(people, meeting.calledBy)
  if (caller && hears(caller) && answersFor(caller, meeting)) return [caller]
  return keepersOf(await tx.find(people, 'branch', meeting.branchId), meeting)
}
