import { meetings, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import type { Command } from './command.ts'

/** A valid example made of what he said and of his own data: the meeting he named, a name he knows. */
export async function exampleFor(tx: ReadTx, person: Person, command: Command, said = ''): Promise<string> {
  const [example] = command.examples
  const branchId = person.memberships[0]?.branchId
  if (!branchId) return example
  const open = await tx.find(meetings, 'openInBranch', branchId)
  const fellow = (await tx.find(people, 'branch', branchId)).find(other => other.personId !== person.personId)
  const named = /(?:^|\s)(?:m-?|会议)?(\d{1,9})(?:\s|$)/u.exec(said)?.[1]
  const meetingId = named ? `m-${Number(named)}` : open.at(-1)?.meetingId
  return example
    .replace(/^\//, '')
    .replace(/m-17/g, meetingId ?? 'm-17')
    .replace(/张三/g, fellow?.name ?? '张三')
}
