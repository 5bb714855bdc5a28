import type { CommandContext, CommandTx } from '../bot/command.ts'
import { branches, drafts, type Person, people } from '../store/collections.ts'

/** Writes what became of people, with what always follows: the audit, the groups of the branches, previews nobody sends any more. */

export interface Change {
  before: Person
  after: Person
  /** 'transfer-out' */
  what: string
  why?: string
}

export async function carryOut(ctx: CommandContext, tx: CommandTx, changes: readonly Change[]): Promise<void> {
  const by = ctx.person.personId
  const touched = new Set<string>()
  for (const { before, after, what, why } of changes) {
    await tx.put(people, after)
    const places = new Set([...before.memberships, ...after.memberships].map(({ branchId }) => branchId))
    const changed = differing(before, after)
    for (const branchId of places) {
      touched.add(branchId)
      await tx.audit({ by, branchId, what, about: after.personId, ...changed, ...(why && { why }) })
    }
  }
  for (const branchId of touched) {
    if ((await tx.township.get(branches, branchId))?.chat?.kind !== 'appchat') continue
    await tx.chore({ lane: `chat:${branchId}`, branchId, by, what: { does: 'sync-chat' } })
  }
}

/** Who left can publish nothing; what he prepared shall not lie there for others. */
export async function dropDrafts(ctx: CommandContext, tx: CommandTx, personId: string): Promise<void> {
  for (const draft of await tx.find(drafts, 'openBy', personId)) {
    const by = ctx.person.personId
    await tx.put(drafts, { ...draft, state: 'dropped', settledBy: by })
    await tx.audit({ by, branchId: draft.branchId, what: 'drop-draft', about: draft.draftId })
  }
}

/** What differs. `formerly` repeats what was before. */
function differing(before: Person, after: Person): { before: object; after: object } {
  const of = (person: Person) => new Map<string, unknown>(Object.entries({ ...person, formerly: undefined }))
  const [was, is] = [of(before), of(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])].filter(
    name => JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name)),
  )
  const pick = (from: ReadonlyMap<string, unknown>) =>
    Object.fromEntries(names.map(name => [name, from.get(name) ?? null]))
  return { before: pick(was), after: pick(is) }
}
