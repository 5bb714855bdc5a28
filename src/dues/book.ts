import { yearOf } from '../clock.ts'
import { appended, blankBook, type NewDuesEntry } from '../domain/dues-ledger.ts'
import { type Branch, type DuesBook, type DuesEntry, dues, duesBooks } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'

/**
 * Writing into a branch's ledger. Always under `lockOf(branch)`: the next line needs the last one's hash, and receipt
 * numbers have no gaps.
 */

/** The branch's own lock: publishing a draft of the branch holds it too. */
export const lockOf = (branchId: string): string => `branch:${branchId}`

export const bookOf = async (tx: ReadTx, branchId: string): Promise<DuesBook> =>
  (await tx.get(duesBooks, branchId)) ?? blankBook(branchId)

type Said = Omit<NewDuesEntry, 'at' | 'branchId' | 'receiptNo' | 'why' | 'claimId' | 'paidBy'> &
  Partial<Pick<NewDuesEntry, 'receiptNo' | 'why' | 'claimId' | 'paidBy'>>

/** Adds one line. */
export async function write(tx: Tx, branchId: string, said: Said): Promise<DuesEntry> {
  const before = await tx.get(duesBooks, branchId)
  const blank = { receiptNo: null, why: null, claimId: null, paidBy: null }
  const { entry, book } = appended(before ?? blankBook(branchId), {
    ...blank,
    ...said,
    branchId,
    at: tx.now.toISOString(),
  })
  await tx.insert(dues, entry)
  await (before ? tx.put(duesBooks, book) : tx.insert(duesBooks, book))
  return entry
}

/** Adds a line that takes money, with the branch's next receipt number of the year: 'D2026-3-0007'. */
export async function writeReceipt(tx: Tx, branch: Branch, said: Said): Promise<DuesEntry> {
  const id = await tx.nextId(`D${yearOf(tx.now)}-${branch.number}`)
  const receiptNo = id.replace(/\d+$/, number => number.padStart(4, '0'))
  return write(tx, branch.branchId, { ...said, receiptNo })
}
