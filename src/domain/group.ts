import type { Person } from '../store/collections.ts'
import { clientOf, hears, type Reachable } from './roster.ts'

/** Who is in a branch's group, and who sees it. */

/** appchat/create takes no fewer (WECOM.md 6). */
export const FEWEST_IN_GROUP = 2

/** Everybody of the branch whom WeCom reaches. */
export const groupPeople = (branchPeople: readonly Person[]): readonly Reachable[] => branchPeople.filter(hears)

/** WeCom's groups do not show in WeChat. Who said or showed that he is in WeCom sees them, whatever the roster says. */
export const seesGroups = (person: Person): boolean => clientOf(person, 'cards') === 'cards'
