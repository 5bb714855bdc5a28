import { type Branch, branches, type Meeting, type Person } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { lineWithBranch } from './words.ts'

/** Whose lines may be about more than one branch: to him, and to nobody else, each branch is named. */
const hasSeveralBranches = ({ admin, memberships }: Person): boolean => admin || memberships.length > 1

/** ['水泉村党支部'] as a line of a preview; none where only one branch can be meant. */
export const branchLine = (person: Person, branch: Branch | undefined): string[] =>
  branch && hasSeveralBranches(person) ? [branch.name] : []

/** '水泉村党支部 ' in front of a meeting's title in a list; '' where only one branch can be meant. */
export async function branchPrefixes(
  person: Person,
  tx: ReadTx,
): Promise<(meeting: Pick<Meeting, 'branchId'>) => string> {
  if (!hasSeveralBranches(person)) return () => ''
  const names = new Map((await tx.all(branches)).map(branch => [branch.branchId, `${branch.name} `]))
  return ({ branchId }) => names.get(branchId) ?? ''
}

/** 'm-17 水泉村党支部 党课 · 学习党章，11月26日 周四 19:00', one for each. */
export async function listedLines(person: Person, tx: ReadTx, listed: readonly Meeting[]): Promise<string[]> {
  const prefixOf = await branchPrefixes(person, tx)
  return listed.map(meeting => lineWithBranch(meeting, prefixOf(meeting)))
}
