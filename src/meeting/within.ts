import type { CommandContext } from '../bot/command.ts'
import { sheetRows } from '../domain/attendance.ts'
import { isActive, ownBranchId } from '../domain/roster.ts'
import { branches, meetings, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { rollOf } from './roll.ts'

/** What lies within a speaker's reach. */

/** His own branch first, where it is among them. */
export async function branchIdsWithin(ctx: CommandContext, tx: ReadTx): Promise<readonly string[]> {
  if (ctx.reach.township) return (await tx.all(branches)).map(branch => branch.branchId)
  return [...new Set(ctx.reach.places.map(place => place.branchId))]
}

/** People whom the words of a line can mean; each once. */
export async function peopleWithin(ctx: CommandContext, tx: ReadTx): Promise<readonly Person[]> {
  if (ctx.reach.township) return (await tx.all(people)).filter(isActive)
  const found = new Map<string, Person>()
  for (const branchId of await branchIdsWithin(ctx, tx)) {
    for (const person of await tx.find(people, 'branch', branchId)) found.set(person.personId, person)
  }
  return [...found.values()].filter(isActive)
}

/** The branch that tells namesakes apart: the one addressed, else the only one in reach, else his own. */
export function branchMeant(ctx: CommandContext): string | null {
  if (ctx.audience?.branch) return ctx.audience.branch.branchId
  const [first, another] = new Set(ctx.reach.places.map(place => place.branchId))
  return first && !another ? first : (ownBranchId(ctx.person) ?? null)
}

/** personIds in the order of the roll this person was shown last; null: he was shown none that he may still see. */
export async function rowsShown(ctx: CommandContext, tx: ReadTx): Promise<readonly string[] | null> {
  const meeting = ctx.rollShown ? await tx.get(meetings, ctx.rollShown) : undefined
  if (!meeting) return null
  const roll = await rollOf(tx, meeting)
  return sheetRows(roll.rows, roll.attendances, roll.noPhone).map(row => row.personId)
}
