import type { Branch } from '../store/collections.ts'
import { type PlannedBranch, planBranches } from './branch-sheet.ts'
import type { SheetCells } from './roster-columns.ts'
import { type KnownRoster, planRoster, type RosterPlan } from './roster-file.ts'

/** A roster file as a whole: its people, and what a second sheet says of the branches. */

export interface RosterBook {
  people: SheetCells
  /** null: the file has no such sheet. */
  branches: SheetCells | null
  /** Sheets that were left alone, with why. */
  unread: readonly string[]
}

export interface BookPlan extends RosterPlan {
  changedBranches: PlannedBranch[]
  unread: readonly string[]
}

export function planBook(book: RosterBook, known: KnownRoster, today: string): BookPlan {
  const plan = planRoster(book.people, known, today)
  const { unread } = book
  if (!book.branches) return { ...plan, changedBranches: [], unread }
  const second = planBranches(book.branches, { branches: known.branches, newBranches: plan.newBranches }, today)
  return {
    ...plan,
    newBranches: [...plan.newBranches, ...second.added],
    changedBranches: second.changed,
    wrong: [...plan.wrong, ...second.wrong],
    notes: [...plan.notes, ...second.notes],
    unknownColumns: [...new Set([...plan.unknownColumns, ...second.unknownColumns])],
    unread,
  }
}

/** What the branch's record becomes. */
export const branchAfter = (before: Branch, { after }: PlannedBranch): Branch => ({ ...before, ...after })
