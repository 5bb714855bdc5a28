import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withStandard } from '../../src/domain/dues.ts'
import {
  accountOf,
  amountOf,
  appended,
  balanceOf,
  blankBook,
  brokenAt,
  checkCode,
  FIRST_PREVIOUS,
  hashOf,
  movedBy,
  standingReceipts,
} from '../../src/domain/dues-ledger.ts'
import { addMonths } from '../../src/domain/month-words.ts'
import { blankPerson } from '../../src/domain/roster.ts'
import { receiptText } from '../../src/dues/words.ts'
import { type DuesBook, type DuesEntry, duesEntry } from '../../src/store/dues-shapes.ts'

const BRANCH = 'b-3'
const PEOPLE = ['p-1', 'p-2', 'p-3']

/** A ledger as the commands write it: receipts are numbered, a claim is settled once, a receipt is reversed once. */
class Ledger {
  entries: DuesEntry[] = []
  book: DuesBook = blankBook(BRANCH)
  #receipts = 0
  #claims = 0

  add(said: Partial<DuesEntry> & Pick<DuesEntry, 'kind' | 'personId' | 'months'>): DuesEntry {
    const blank = { by: 'p-9', paidBy: null, claimId: null, receiptNo: null, why: null }
    const at = new Date(Date.UTC(2026, 10, 24, 2, this.entries.length)).toISOString()
    const { entry, book } = appended(this.book, { ...blank, ...said, branchId: BRANCH, at })
    this.entries.push(entry)
    this.book = book
    return entry
  }

  receipt = (): string => `D2026-3-${String(++this.#receipts).padStart(4, '0')}`
  claimId = (): string => `c-${++this.#claims}`
  of = (personId: string) => this.entries.filter(entry => entry.personId === personId)

  paidFen(): number {
    const paid = PEOPLE.flatMap(personId => [...accountOf(this.of(personId)).paid.values()])
    return paid.reduce((sum, { fen }) => sum + fen, 0)
  }
}

const VERBS = ['claim', 'confirm', 'reject', 'withdraw', 'collect', 'reverse'] as const
interface Step {
  verb: (typeof VERBS)[number]
  personId: string
  months: DuesEntry['months']
  which: number
}
const months = fc
  .tuple(fc.integer({ min: 0, max: 5 }), fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 4 }))
  .map(([from, amounts]) => amounts.map((fen, n) => ({ month: addMonths('2026-07', from + n), fen })))
const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom(...VERBS),
  personId: fc.constantFrom(...PEOPLE),
  months,
  which: fc.nat(50),
})
const steps = fc.array(step, { maxLength: 40 })

const SETTLING = { confirm: 'confirmed', reject: 'rejected', withdraw: 'withdrawn' } as const

/** What comes in at the wrong moment is refused, as by the commands; else the line. */
function take(ledger: Ledger, { verb, personId, months, which }: Step): DuesEntry | undefined {
  const { open, paid, claimed } = accountOf(ledger.of(personId))
  if (verb === 'claim' || verb === 'collect') {
    if (months.some(({ month }) => paid.has(month) || claimed.has(month))) return undefined
    if (verb === 'claim') return ledger.add({ kind: 'claimed', personId, months, claimId: ledger.claimId() })
    return ledger.add({ kind: 'collected', personId, months, receiptNo: ledger.receipt() })
  }
  if (verb === 'reverse') {
    const standing = standingReceipts(ledger.of(personId))
    const receipt = standing[which % Math.max(1, standing.length)]
    const { months: of = [], receiptNo = null } = receipt ?? {}
    return receipt && ledger.add({ kind: 'reversed', personId, months: of, receiptNo })
  }
  const claim = open[which % Math.max(1, open.length)]
  if (!claim) return undefined
  const receiptNo = verb === 'confirm' ? ledger.receipt() : null
  return ledger.add({ kind: SETTLING[verb], personId, months: claim.months, claimId: claim.claimId, receiptNo })
}

function ledgerOf(all: readonly Step[]): Ledger {
  const ledger = new Ledger()
  for (const each of all) take(ledger, each)
  return ledger
}

const stateOf = (ledger: Ledger) => ({
  balance: balanceOf(ledger.entries),
  paid: PEOPLE.map(personId =>
    [...accountOf(ledger.of(personId)).paid].map(([month, { fen }]) => `${month} ${fen}`).sort(),
  ),
})

describe('a ledger', () => {
  it('balances after every line: the money there is what the months show as paid', () => {
    fc.assert(
      fc.property(steps, all => {
        const ledger = new Ledger()
        let money = 0
        for (const each of all) {
          const entry = take(ledger, each)
          if (entry?.kind === 'collected' || entry?.kind === 'confirmed') money += amountOf(entry)
          if (entry?.kind === 'reversed') money -= amountOf(entry)
          expect(balanceOf(ledger.entries)).toBe(money)
          expect(ledger.paidFen()).toBe(money)
          expect(money).toBeGreaterThanOrEqual(0)
        }
        expect(brokenAt(ledger.entries, ledger.book)).toBeNull()
      }),
    )
  })

  it('moves no money by words', () => {
    fc.assert(
      fc.property(steps, all => {
        for (const entry of ledgerOf(all).entries)
          expect(movedBy(entry) === 0).toBe(['claimed', 'rejected', 'withdrawn'].includes(entry.kind))
      }),
    )
  })

  it('is after a reversal what it was before the receipt, whatever came between for others', () => {
    fc.assert(
      fc.property(steps, steps, months, (before, between, receipt) => {
        const others = between.map(each => ({ ...each, personId: each.personId === 'p-1' ? 'p-2' : each.personId }))
        const without = ledgerOf([...before, ...others])
        const withBoth = ledgerOf(before)
        const receiptNo = 'D2026-3-9999'
        withBoth.add({ kind: 'collected', personId: 'p-1', months: receipt, receiptNo })
        for (const each of others) take(withBoth, each)
        withBoth.add({ kind: 'reversed', personId: 'p-1', months: receipt, receiptNo })
        expect(stateOf(withBoth)).toEqual(stateOf(without))
      }),
    )
  })

  it('holds the same for each in whatever order the messages of different people arrive', () => {
    const woven = fc.tuple(steps, fc.array(fc.nat(2), { minLength: 40, maxLength: 120 }))
    fc.assert(
      fc.property(woven, ([all, order]) => {
        const queues = PEOPLE.map(personId => all.filter(each => each.personId === personId))
        const waiting = queues.map(queue => [...queue])
        const shuffled = order.flatMap(n => waiting[n]?.shift() ?? [])
        expect(stateOf(ledgerOf([...shuffled, ...waiting.flat()]))).toEqual(stateOf(ledgerOf(all)))
      }),
    )
  })

  it('neither makes nor loses a cent in any order at all of one person’s messages', () => {
    fc.assert(
      fc.property(
        steps.chain(all => fc.shuffledSubarray(all, { minLength: all.length })),
        all => {
          const ledger = ledgerOf(all)
          const taken = standingReceipts(ledger.entries).reduce((sum, entry) => sum + amountOf(entry), 0)
          expect([balanceOf(ledger.entries), ledger.paidFen()]).toEqual([taken, taken])
        },
      ),
    )
  })

  it('keeps the claims that nobody has decided, in the order they came', () => {
    fc.assert(
      fc.property(steps, all => {
        const ledger = ledgerOf(all)
        const open = PEOPLE.flatMap(personId => accountOf(ledger.of(personId)).open)
        const ids = open.toSorted((a, b) => a.number - b.number).map(({ claimId }) => claimId)
        expect(ledger.book.openClaims).toEqual(ids)
      }),
    )
  })
})

/** Another value of every field that is in the hash. */
const CHANGED: Record<string, (entry: DuesEntry) => Partial<DuesEntry>> = {
  branchId: () => ({ branchId: 'b-4' }),
  number: ({ number }) => ({ number: number + 1000 }),
  at: ({ at }) => ({ at: at.replace('2026', '2025') }),
  kind: ({ kind }) => ({ kind: kind === 'collected' ? 'claimed' : 'collected' }),
  by: () => ({ by: 'p-8' }),
  personId: ({ personId }) => ({ personId: `${personId}0` }),
  months: ({ months }) => ({ months: months.map((each, n) => (n === 0 ? { ...each, fen: each.fen + 1 } : each)) }),
  paidBy: () => ({ paidBy: 'p-7' }),
  claimId: ({ claimId }) => ({ claimId: `${claimId ?? 'c-'}9` }),
  receiptNo: ({ receiptNo }) => ({ receiptNo: `${receiptNo ?? 'D2026-3-'}9` }),
  previous: ({ previous }) => ({ previous: flipped(previous) }),
  hash: ({ hash }) => ({ hash: flipped(hash) }),
}
const flipped = (hex: string): string => `${hex.startsWith('0') ? '1' : '0'}${hex.slice(1)}`

const someLedger = steps.map(ledgerOf).filter(({ entries }) => entries.length > 1)

describe('the chain', () => {
  it('has every field in its hash but the reason, which may be mended', () => {
    const hashed = Object.keys(duesEntry.shape).filter(key => key !== 'why')
    expect(Object.keys(CHANGED).sort()).toEqual(hashed.sort())
  })

  it.each(Object.keys(CHANGED))('breaks exactly at the line whose %s was changed', field => {
    fc.assert(
      fc.property(someLedger, fc.nat(), ({ entries, book }, n) => {
        const at = n % entries.length
        const changed = entries.map((entry, k) => (k === at ? { ...entry, ...CHANGED[field]?.(entry) } : entry))
        expect(brokenAt(changed, book)).toBe(at + 1)
      }),
    )
  })

  it('breaks at the line where any byte of what was paid is another', () => {
    fc.assert(
      fc.property(someLedger, fc.nat(), fc.nat(), fc.nat(9), ({ entries, book }, n, byte, digit) => {
        const at = n % entries.length
        const text = JSON.stringify(entries[at]?.months)
        const places = [...text.matchAll(/\d/g)].map(({ index }) => index)
        const place = places[byte % places.length] ?? 0
        fc.pre(text[place] !== String(digit))
        const months = JSON.parse(`${text.slice(0, place)}${digit === 0 ? 1 : digit}${text.slice(place + 1)}`)
        fc.pre(JSON.stringify(months) !== text)
        const changed = entries.map((entry, k) => (k === at ? { ...entry, months } : entry))
        expect(brokenAt(changed, book)).toBe(at + 1)
      }),
    )
  })

  it('breaks where a line is missing, was cut off, or changed places', () => {
    fc.assert(
      fc.property(someLedger, fc.nat(), fc.nat(), ({ entries, book }, n, m) => {
        const [one, other] = [n % entries.length, m % entries.length]
        expect(brokenAt(entries.toSpliced(one, 1), book)).toBe(one + 1)
        expect(brokenAt(entries.slice(0, one), book)).toBe(one + 1)
        const swapped = entries.map((entry, k) => ({
          ...entry,
          number: (k === one ? other : k === other ? one : k) + 1,
        }))
        expect(brokenAt(swapped, book)).toBe(one === other ? null : Math.min(one, other) + 1)
      }),
    )
  })

  it('breaks behind a line that was forged with its hash', () => {
    fc.assert(
      fc.property(someLedger, fc.nat(), ({ entries, book }, n) => {
        const at = n % entries.length
        const forged = entries.map((entry, k) => {
          if (k !== at) return entry
          const other = { ...entry, months: [{ month: '2026-07', fen: 123_456 }] }
          return { ...other, hash: hashOf(other) }
        })
        expect(brokenAt(forged, book)).toBe(at + 2)
      }),
    )
  })

  it('stays whole where a reason is rewritten, and in whatever order the lines are read', () => {
    fc.assert(
      fc.property(someLedger, fc.string(), ({ entries, book }, why) => {
        expect(brokenAt(entries.map(entry => ({ ...entry, why })).reverse(), book)).toBeNull()
      }),
    )
  })

  it('of nothing is whole, and begins with zeros', () => {
    expect(brokenAt([], blankBook(BRANCH))).toBeNull()
    expect(
      ledgerOf([]).add({ kind: 'claimed', personId: 'p-1', months: [{ month: '2026-11', fen: 1 }] }),
    ).toMatchObject({ number: 1, previous: FIRST_PREVIOUS })
  })
})

describe('a receipt', () => {
  const entry = (over: Partial<DuesEntry>): DuesEntry => {
    const months = [{ month: '2026-11', fen: 105 }]
    return { ...new Ledger().add({ kind: 'collected', personId: 'p-1', months, receiptNo: 'D2026-3-0007' }), ...over }
  }
  const branch = { branchId: 'b-3', number: 3, name: '水泉村党支部', kind: null, leader: null, termEndsOn: null }
  const payer = withStandard(
    { ...blankPerson('p-1'), name: '张三' },
    { from: '2026-01', fen: 50, by: 'p-2', at: '2026-01-01T00:00:00Z' },
  )
  const names = { payer, branch, collector: '赵祖志', broughtBy: null }

  it('shows eight characters of its hash, which the same line always has', () => {
    expect(checkCode(entry({ hash: `3f9a2c01${'0'.repeat(56)}` }))).toBe('3F9A-2C01')
    expect(checkCode(entry({}))).toBe(checkCode(entry({ why: '别的' })))
  })

  it('says number, months, amount in words, collector, day and how to check it', () => {
    expect(receiptText(entry({}), names).split('\n')).toEqual([
      '党费收据号 D2026-3-0007',
      '水泉村党支部 张三 2026年11月党费 1.05 元',
      '大写：人民币壹元零伍分',
      '含自愿多缴 0.55 元',
      '收款人：赵祖志　2026-11-24',
      `校验码 ${checkCode(entry({}))}，要查请发：验 D2026-3-0007`,
    ])
  })

  it('says what was made up, paid ahead, and who brought it', () => {
    const months = ['2026-10', '2026-11', '2026-12'].map(month => ({ month, fen: 50 }))
    const text = receiptText(entry({ months }), { ...names, broughtBy: '李四' })
    expect(text).toContain('张三 2026年10、11、12月党费 1.50 元')
    expect(text).toContain('大写：人民币壹元伍角')
    expect(text).toContain('10月补交，12月预交')
    expect(text).toContain('由李四代交')
  })
})
