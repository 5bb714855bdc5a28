import { hash } from 'node:crypto'
import type { DuesBook, DuesEntry } from '../store/collections.ts'

/** The ledger of one branch, as pure functions over its lines: what it says of a person, what it adds up to, whether it is whole. */

export const FIRST_PREVIOUS = '0'.repeat(64)

/** A line before it has its place in the ledger. */
export type NewDuesEntry = Omit<DuesEntry, 'number' | 'previous' | 'hash'>

/**
 * SHA-256 over all that a line says but `why`, in a fixed order. People are in it by personId alone, so that a leaver can be
 * unlinked without breaking the chain.
 */
export function hashOf(entry: Omit<DuesEntry, 'hash'>): string {
  const { branchId, number, at, kind, by, personId, months, paidBy, claimId, receiptNo, previous } = entry
  const paid = months.map(({ month, fen }) => [month, fen])
  const said = [branchId, number, at, kind, by, personId, paid, paidBy, claimId, receiptNo, previous]
  return hash('sha256', JSON.stringify(said))
}

export const blankBook = (branchId: string): DuesBook => ({
  branchId,
  entries: 0,
  hash: FIRST_PREVIOUS,
  receipts: {},
  openClaims: [],
  matched: null,
})

/** 'D2026-3-0007': year, branch, running number; without gaps, since it is counted where the line is written. */
export const nextReceiptNo = ({ receipts }: DuesBook, branchNumber: number, year: string): string =>
  `D${year}-${branchNumber}-${String((receipts[year] ?? 0) + 1).padStart(4, '0')}`

/** The line in its place behind the book's last, and the book with it. */
export function appended(book: DuesBook, entry: NewDuesEntry): { entry: DuesEntry; book: DuesBook } {
  const placed = { ...entry, number: book.entries + 1, previous: book.hash }
  const hash = hashOf(placed)
  const openClaims = book.openClaims.filter(claimId => claimId !== entry.claimId)
  if (entry.kind === 'claimed' && entry.claimId) openClaims.push(entry.claimId)
  const receipts = takesMoney(entry) ? counted(book.receipts, entry.receiptNo) : book.receipts
  return { entry: { ...placed, hash }, book: { ...book, entries: placed.number, hash, receipts, openClaims } }
}

function counted(receipts: DuesBook['receipts'], receiptNo: string | null): DuesBook['receipts'] {
  const year = receiptNo?.slice(1, 5) ?? ''
  return { ...receipts, [year]: (receipts[year] ?? 0) + 1 }
}

const takesMoney = ({ kind }: Pick<DuesEntry, 'kind'>): boolean => kind === 'confirmed' || kind === 'collected'

/** The number of the first line that is not what it was, or where one is missing; null: all stand. Lines in any order. */
export function brokenAt(entries: readonly DuesEntry[], book: DuesBook): number | null {
  const lines = entries.toSorted((a, b) => a.number - b.number)
  let [number, previous] = [1, FIRST_PREVIOUS]
  for (const line of lines) {
    if (line.number !== number || line.previous !== previous || line.hash !== hashOf(line)) return number
    number += 1
    previous = line.hash
  }
  return book.entries === number - 1 && book.hash === previous ? null : number
}

/** Eight characters that a member can compare: '3F9A-2C01'. */
export function checkCode({ hash }: DuesEntry): string {
  const shown = hash.slice(0, 8).toUpperCase()
  return `${shown.slice(0, 4)}-${shown.slice(4)}`
}

export const amountOf = ({ months }: Pick<DuesEntry, 'months'>): number => months.reduce((sum, { fen }) => sum + fen, 0)

/** What a line adds to the money that is there: receipts in, reversals out, words nothing. */
export function movedBy(entry: DuesEntry): number {
  if (takesMoney(entry)) return amountOf(entry)
  return entry.kind === 'reversed' ? -amountOf(entry) : 0
}

export const balanceOf = (entries: readonly DuesEntry[]): number =>
  entries.reduce((sum, entry) => sum + movedBy(entry), 0)

/** Receipts that were not taken back, in the order they were given. */
export function standingReceipts(entries: readonly DuesEntry[]): DuesEntry[] {
  const reversed = new Set(entries.flatMap(entry => (entry.kind === 'reversed' ? [entry.receiptNo] : [])))
  return entries.filter(entry => movedBy(entry) > 0 && !reversed.has(entry.receiptNo))
}

export interface Paid {
  fen: number
  receiptNo: string
  /** The receipt's line. */
  entry: DuesEntry
}

/** What the ledger says of one person. */
export interface Account {
  /** By month. A month is paid once: what is above the standard is in the same receipt. */
  paid: ReadonlyMap<string, Paid>
  /** Claims that nobody has decided yet, oldest first. */
  open: readonly DuesEntry[]
  /** By month: the claim that says it was paid. */
  claimed: ReadonlyMap<string, DuesEntry>
}

/** `entries`: all lines of that person, of whatever branch. */
export function accountOf(entries: readonly DuesEntry[]): Account {
  const paid = new Map<string, Paid>()
  for (const entry of standingReceipts(entries)) {
    for (const { month, fen } of entry.months) {
      paid.set(month, { fen: (paid.get(month)?.fen ?? 0) + fen, receiptNo: entry.receiptNo ?? '', entry })
    }
  }
  const settled = new Set(entries.flatMap(({ kind, claimId }) => (kind === 'claimed' ? [] : [claimId])))
  const open = entries.filter(({ kind, claimId }) => kind === 'claimed' && !settled.has(claimId))
  const claimed = new Map(open.flatMap(claim => claim.months.map(({ month }) => [month, claim] as const)))
  return { paid, open, claimed }
}
