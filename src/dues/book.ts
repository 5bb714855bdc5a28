import { yearOf } from '../clock.ts'
import { appended, blankBook, type NewDuesEntry, nextReceiptNo } from '../domain/dues-ledger.ts'
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
  return add(tx, await tx.get(duesBooks, branchId), { ...blankLine(tx, branchId), ...said })
}

/** Adds a line that takes money, with the branch's next receipt number of the year: 'D2026-3-0007'. */
export async function writeReceipt(tx: Tx, { branchId, number }: Branch, said: Said): Promise<DuesEntry> {
  const before = await tx.get(duesBooks, branchId)
  const receiptNo = nextReceiptNo(before ?? blankBook(branchId), number, yearOf(tx.now))
  return add(tx, before, { ...blankLine(tx, branchId), ...said, receiptNo })
}

const blankLine = (tx: Tx, branchId: string) => ({
  branchId,
  at: tx.now.toISOString(),
  receiptNo: null,
  why: null,
  claimId: null,
  paidBy: null,
})

async function add(tx: Tx, before: DuesBook | undefined, line: NewDuesEntry): Promise<DuesEntry> {
  const { entry, book } = appended(before ?? blankBook(line.branchId), line)
  await tx.insert(dues, entry)
  await (before ? tx.put(duesBooks, book) : tx.insert(duesBooks, book))
  return entry
}
