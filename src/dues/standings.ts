import { owedIn } from '../domain/dues.ts'
import { type Account, accountOf } from '../domain/dues-ledger.ts'
import { inRosterOrder } from '../domain/meeting.ts'
import { personThen } from '../domain/stays.ts'
import { type DuesEntry, dues, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { accountIn } from './payer.ts'
import { payersOf } from './said.ts'

/** How the payers of a branch stand in one month. A month of the past is of those who paid, or owed, there then. */

export interface Standing {
  person: Person
  /** Row of the list: roster order, from 1; who has left since comes last. */
  row: number
  state: 'paid' | 'claimed' | 'waived' | 'unpaid' | 'no standard' | 'nothing'
  owedFen: number
  paidFen: number
  /** Of all branches he has been in: show nothing of another one. */
  account: Account
  /** False: he pays here no more. */
  isHere: boolean
}

/** Pass a transaction that sees the whole township. */
export async function standingsIn(tx: ReadTx, branchId: string, month: string): Promise<Standing[]> {
  const lines = (await tx.find(dues, 'branch', branchId)).filter(({ months }) =>
    months.some(each => each.month === month),
  )
  const here = await payersOf(tx, branchId)
  const gone = await goneSince(tx, { branchId, month, here, lines })
  const found: Omit<Standing, 'row'>[] = []
  for (const person of [...here, ...gone]) {
    const isHere = here.includes(person)
    const own = accountOf(lines.filter(({ personId }) => personId === person.personId))
    const standing = { person, isHere, ...stateOf(personThen(person, branchId, month), own, month) }
    const account = await accountIn(tx, person.personId)
    const isElsewhere = account.paid.has(month) || account.claimed.has(month)
    const isOfHere = own.paid.has(month) || own.claimed.has(month)
    if (isElsewhere && !isOfHere) found.push({ ...standing, ...NOTHING, account })
    else found.push({ ...standing, account })
  }
  return found
    .filter(({ isHere, state }) => isHere || state !== 'nothing')
    .map((each, at) => ({ ...each, row: at + 1 }))
}

type State = Pick<Standing, 'state' | 'owedFen' | 'paidFen'>

const NOTHING: State = { state: 'nothing', owedFen: 0, paidFen: 0 }

function stateOf(then: Person | null, { paid, claimed }: Account, month: string): State {
  const owed = then && owedIn(then, month)
  const figures = { owedFen: owed?.fen ?? 0, paidFen: paid.get(month)?.fen ?? 0 }
  if (paid.has(month)) return { state: 'paid', ...figures }
  if (claimed.has(month)) return { state: 'claimed', ...figures }
  if (!owed) return NOTHING
  if (!('why' in owed)) return { state: 'unpaid', ...figures }
  return { state: owed.why === 'waived' || owed.why === 'no standard' ? owed.why : 'nothing', ...figures }
}

/** Who pays here no more, and has to do with that month: who left, and who is in the ledger and was moved by a roster file. */
async function goneSince(
  tx: ReadTx,
  of: { branchId: string; month: string; here: readonly Person[]; lines: readonly DuesEntry[] },
): Promise<readonly Person[]> {
  const { branchId, month, here, lines } = of
  const left = [...(await tx.find(people, 'left', branchId)), ...(await tx.find(people, 'branch', branchId))]
  const found = new Map(
    left.filter(person => personThen(person, branchId, month)).map(person => [person.personId, person]),
  )
  for (const { personId } of lines) {
    const person = found.has(personId) ? undefined : await tx.get(people, personId)
    if (person) found.set(personId, person)
  }
  for (const { personId } of here) found.delete(personId)
  return inRosterOrder([...found.values()])
}
