/** With fewer takers a sum would be somebody's score. */
export const LEAST_SHOWN = 3

/**
 * The branches whose results may stand beside their total. Where one or two people are left over, the total less the others
 * would be their scores: the smallest of the others is then left to the total too.
 */
export function shownBranches(some: readonly { branchId: string; taken: number }[]): ReadonlySet<string> {
  const shown = some.filter(({ taken }) => taken >= LEAST_SHOWN).toSorted((a, b) => b.taken - a.taken)
  let left = some.reduce((sum, { taken }) => sum + (taken < LEAST_SHOWN ? taken : 0), 0)
  while (left > 0 && left < LEAST_SHOWN) {
    const smallest = shown.pop()
    if (!smallest) break
    left += smallest.taken
  }
  return new Set(shown.map(({ branchId }) => branchId))
}
