import { z } from 'zod'

/** The shapes of the dues: what a member owes by, and the ledger of what was said, taken and reversed. */

const instant = z.iso.datetime()
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const fen = z.number().int()
const sha256 = z.string().regex(/^[\da-f]{64}$/)

export const DUES_CATEGORIES = ['在职', '离退休', '农民', '学生', '困难'] as const
export type DuesCategory = (typeof DUES_CATEGORIES)[number]

/** What a member pays a month, from this month until the next standard begins. */
export const duesStandard = z.object({ from: month, fen: fen.positive(), by: z.string(), at: instant })
export type DuesStandard = z.infer<typeof duesStandard>

/** Reduced (`fen` above 0) or waived (0) from one month to another, both included, with whose approval (2008 rule, art. 7). */
export const duesRelief = z.object({
  from: month,
  to: month,
  fen: fen.nonnegative(),
  approval: z.string(),
  by: z.string(),
  at: instant,
})
export type DuesRelief = z.infer<typeof duesRelief>

export const DUES_KINDS = ['claimed', 'withdrawn', 'rejected', 'confirmed', 'collected', 'reversed'] as const

/**
 * One line of a branch's ledger. Lines are only added, each with the hash of the one before. `claimed` `withdrawn` `rejected`
 * move no money; `confirmed` (of a claim) and `collected` have a receipt number; `reversed` takes one receipt back.
 */
export const duesEntry = z.object({
  branchId: z.string(),
  /** 1, 2 … in the branch. */
  number: z.number().int().positive(),
  at: instant,
  kind: z.enum(DUES_KINDS),
  /** Who acted: the member, the one who brought it, the collector. */
  by: z.string(),
  /** Whose dues. */
  personId: z.string(),
  /** What each month gets, oldest first; together they are the amount. */
  months: z.array(z.object({ month, fen: fen.positive() })).min(1),
  /** Who handed it over where the member did not (art. 12: with the branch's consent). */
  paidBy: z.string().nullable(),
  /** 'c-12': the claim this line is, or settles. */
  claimId: z.string().nullable(),
  /** 'D2026-3-0007': of its own, or the one that is reversed. */
  receiptNo: z.string().nullable(),
  /** Free text, which may hold names: it is not in the hash, so that it can be mended. */
  why: z.string().nullable(),
  /** Of the line before; of the first, 64 zeros. */
  previous: sha256,
  hash: sha256,
})
export type DuesEntry = z.infer<typeof duesEntry>

/** The end of a branch's ledger, and what waits for the collector. */
export const duesBook = z.object({
  branchId: z.string(),
  /** How many lines there are, and the hash of the last: what was cut off at the end is missed. */
  entries: z.number().int().nonnegative(),
  hash: sha256,
  /** By year, the number of the last receipt: there are no gaps. */
  receipts: z.record(z.string(), z.number().int()),
  /** 'c-12' …, in the order they came. */
  openClaims: z.array(z.string()),
  /** The last time that counted money and ledger were the same: up to which line. */
  matched: z.object({ day: z.string(), fen, entries: z.number().int(), by: z.string(), at: instant }).nullable(),
})
export type DuesBook = z.infer<typeof duesBook>
