import { balanceOf, brokenAt, standingReceipts } from '../src/domain/dues-ledger.ts'
import { type Audit, audits, type DuesEntry, dues, duesBooks } from '../src/store/collections.ts'
import type { Store } from '../src/store/records.ts'

/** What tests of the dues look at behind the conversation. */
export interface WithStore {
  readonly service: { readonly store: Pick<Store, 'read'> }
}

/** All lines of all branches, in the order of each branch. */
export const linesOf = async (bot: WithStore): Promise<DuesEntry[]> => {
  const lines = await bot.service.store.read(tx => tx.all(dues))
  return lines.toSorted((a, b) => a.branchId.localeCompare(b.branchId) || a.number - b.number)
}

/** '收据号 D2026-1-0001' → 'D2026-1-0001'; '' where none was given. */
export const receiptIn = (text: string): string => /D\d{4}-\d+-\d{4}/.exec(text)?.[0] ?? ''

export const auditsOf = async (bot: WithStore, what: string): Promise<Audit[]> =>
  (await bot.service.store.read(tx => tx.all(audits))).filter(entry => entry.what === what)

/** Every branch's chain is whole, its receipts run without a gap, and no month of anybody is paid twice. */
export async function faultsInBooks(bot: WithStore): Promise<string[]> {
  const lines = await linesOf(bot)
  const books = await bot.service.store.read(tx => tx.all(duesBooks))
  const faults: string[] = []
  for (const book of books) {
    const own = lines.filter(({ branchId }) => branchId === book.branchId)
    const broken = brokenAt(own, book)
    if (broken !== null) faults.push(`${book.branchId} breaks at ${broken}`)
    const given = own.filter(({ kind }) => kind === 'confirmed' || kind === 'collected')
    const counts = new Map<string, number>()
    for (const { receiptNo } of given) {
      // Each year begins at one.
      const year = receiptNo?.slice(0, 5) ?? ''
      const number = (counts.get(year) ?? 0) + 1
      counts.set(year, number)
      if (!receiptNo?.endsWith(`-${String(number).padStart(4, '0')}`))
        faults.push(`${receiptNo} at ${number} of its year`)
    }
  }
  const months = standingReceipts(lines).flatMap(({ personId, months }) =>
    months.map(({ month }) => `${personId} ${month}`),
  )
  const twice = months.filter((each, at) => months.indexOf(each) !== at)
  return [...faults, ...twice.map(each => `${each} is paid twice`)]
}

export const balanceIn = async (bot: WithStore): Promise<number> => balanceOf(await linesOf(bot))
