import { branches } from '../store/collections.ts'
import type { Tx } from '../store/records.ts'

/** Putting branches and people on the roster: what an import and a look into WeCom's directory share. */

export async function addBranch(tx: Tx, name: string, by: string): Promise<string> {
  const branchId = await tx.nextId('b')
  const number = Number(branchId.slice(2))
  await tx.insert(branches, { branchId, number, name, kind: null, leader: null, termEndsOn: null })
  await tx.audit({ by, branchId, what: 'add-branch', about: branchId, after: { name } })
  return branchId
}

/** The group that the bot made for a branch has the people whom the roster names; what differs is worked out when it is done. */
export async function keepGroupsInStep(tx: Tx, branchIds: ReadonlySet<string>, by: string): Promise<void> {
  for (const branchId of branchIds) {
    const branch = await tx.get(branches, branchId)
    if (branch?.chat?.kind !== 'appchat') continue
    await tx.chore({ lane: `chat:${branchId}`, branchId, by, what: { does: 'sync-chat' } })
  }
}
