import { spellDay } from '../clock.ts'
import type { Person } from '../store/collections.ts'

const NOT_ON_ROSTER = '您不在名册，还不能使用。请找所在支部书记登记，或联系镇党委党建办公室。'

/** What somebody hears who may not speak here; `known`: his record, if there is one. */
export function strangerWords(known: Person | undefined): string {
  const last = known?.status === 'transferred' ? known.formerly?.at(-1) : undefined
  if (!last) return NOT_ON_ROSTER
  // He may hear it here first.
  return `您不在名册，${spellDay(last.until)} 已转出到${last.to}。有疑问请找原来的支部书记。`
}
