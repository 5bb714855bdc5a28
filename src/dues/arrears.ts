import { MAKING_UP, unpaidInARow } from '../domain/dues.ts'
import { spellMonths } from '../domain/month-words.ts'
import { calledAmong } from '../domain/people.ts'
import type { Branch, Person } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { accountIn } from './payer.ts'
import { payersOf } from './said.ts'

/**
 * Who has not paid for some months in a row, so that the secretary asks why (DOMAIN.md 2.6). What follows from it is for people to
 * say: the bot calls nobody anything, and names no amount.
 */

/** Exactly so many, so that the same person is spoken of three times within six months and not each month. */
const NAMED_AT: readonly number[] = [1, 3, 5]

export interface Streak {
  person: Person
  /** As his name is said in this branch. */
  called: string
  months: number
}

/** In roster order. What was claimed is not open: the collector has yet to say. */
export async function streaksIn(tx: ReadTx, branchId: string, upTo: string): Promise<readonly Streak[]> {
  const streaks: Streak[] = []
  const payers = await payersOf(tx, branchId)
  for (const person of payers) {
    const { paid, claimed } = await accountIn(tx, person.personId)
    const months = unpaidInARow(person, new Map<string, unknown>([...claimed, ...paid]), upTo)
    if (NAMED_AT.includes(months))
      streaks.push({ person, called: `${calledAmong(person, payers, branchId)}${markOf(person)}`, months })
  }
  return streaks
}

/**
 * Null: there is nobody to name. The secretary is not told of himself, and nobody else is told of him: who takes his dues sees
 * them in 党费 名单, and the firm rule is that the note goes to the secretary alone.
 */
export function arrearsText(
  branch: Branch,
  streaks: readonly Streak[],
  { reader, upTo, now }: { reader: Person; upTo: string; now: string },
): string | null {
  const others = streaks.filter(({ person }) => person.personId !== reader.personId)
  if (others.length === 0) return null
  const lines = NAMED_AT.flatMap(months => {
    const names = others.filter(streak => streak.months === months).map(({ called }) => called)
    return names.length > 0 ? [`连续 ${months} 个月：${names.join('、')}`] : []
  })
  return [
    `${branch.name}到${spellMonths([upTo], now)}有 ${others.length} 人连续没有缴党费，请私下了解原因：`,
    ...lines,
    '已经缴了的请补记，有困难的可以报批减免。名单请不要发到群里。',
    `依据：${MAKING_UP.says}（${MAKING_UP.cite}）`,
  ].join('\n')
}

/** Whom nobody reminded: he is asked at home, or by telephone. */
const markOf = ({ noPhone, floating }: Person): string => (noPhone ? '（无手机）' : floating ? '（流动）' : '')
