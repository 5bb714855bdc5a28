import { addDays, dayOf } from '../clock.ts'
import { TERM_ENDS } from '../domain/grounds.ts'
import type { Branch } from '../store/collections.ts'

/** What the roster file says of a branch itself: its kind, who looks after it, when the term of its committee ends. */

const HALF_A_YEAR = 183

export const endsSoon = ({ termEndsOn }: Branch, now: Date): boolean =>
  termEndsOn !== null && termEndsOn <= addDays(dayOf(now), HALF_A_YEAR)

/** '换届日期 2027-05-31'; [] where it is more than half a year ahead, or not known. */
export function termWords(branch: Branch, now: Date): string[] {
  if (!endsSoon(branch, now)) return []
  return [`换届日期 ${branch.termEndsOn}${(branch.termEndsOn ?? '') < dayOf(now) ? ' 已过' : ''}`]
}

export const TERM_GROUND = `${TERM_ENDS.says}（${TERM_ENDS.cite}）`

/** '村，联系领导张镇长，换届日期 2027-05-31'; [] where nothing of it is known. */
export function aboutBranch({ kind, leader, termEndsOn }: Branch): string[] {
  const known = [kind, leader && `联系领导${leader}`, termEndsOn && `换届日期 ${termEndsOn}`].filter(Boolean)
  return known.length > 0 ? [known.join('，')] : []
}
