import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountOf } from '../../src/domain/dues-ledger.ts'
import { openBills, type Payer, type PaymentSaid, paymentFor } from '../../src/domain/dues-payment.ts'
import { addMonths, monthsFrom } from '../../src/domain/month-words.ts'
import { UserError } from '../../src/errors.ts'
import type { DuesEntry, Person } from '../../src/store/collections.ts'
import { person } from './people-at-meetings.ts'

const BY = { by: 'p-9', at: '2026-01-05T01:00:00.000Z' }
const MONTH = '2026-11'

const line = (number: number, over: Partial<DuesEntry> & Pick<DuesEntry, 'kind' | 'months'>): DuesEntry => ({
  branchId: 'b-3',
  number,
  at: '2026-11-01T02:00:00.000Z',
  by: 'p-9',
  personId: 'p-1',
  paidBy: null,
  claimId: null,
  receiptNo: null,
  why: null,
  previous: '0'.repeat(64),
  hash: '0'.repeat(64),
  ...over,
})

const farmer = (over: Partial<Person> = {}): Person =>
  person(1, { name: '张三', joinedOn: '2010-07-01', duesStandards: [{ from: '2026-07', fen: 50, ...BY }], ...over })

/** `paid` and `claimed`: months. */
function payer(
  over: Partial<Payer> = {},
  { paid = [], claimed = [] }: { paid?: readonly string[]; claimed?: readonly string[] } = {},
): Payer {
  const entries = [
    ...paid.map((month, n) =>
      line(n + 1, { kind: 'collected', months: [{ month, fen: 50 }], receiptNo: `D2026-3-000${n + 1}` }),
    ),
    ...claimed.map((month, n) =>
      line(n + 10, { kind: 'claimed', months: [{ month, fen: 50 }], claimId: `c-${n + 1}` }),
    ),
  ]
  const account = accountOf(entries)
  return { person: farmer(), account, month: MONTH, last: '2026-12', who: '您', takesClaimed: false, ...over }
}

const pays = (of: Payer, said: Partial<PaymentSaid>) => paymentFor(of, { fen: null, months: null, ...said })
const monthsOf = (of: Payer, said: Partial<PaymentSaid>) =>
  pays(of, said).months.map(({ month, fen }) => `${month} ${fen}`)

const UP_TO_OCTOBER = monthsFrom('2026-07', '2026-10')

describe('what was said is for', () => {
  it('nothing said: this month, by the standard, though older months are owed', () => {
    expect(pays(payer(), {})).toEqual({
      months: [{ month: MONTH, fen: 50 }],
      amountFen: 50,
      extraFen: 0,
      sure: true,
    })
  })

  it('one month’s amount, or a little more: this month, the rest voluntary', () => {
    expect(pays(payer(), { fen: 50 })).toMatchObject({ extraFen: 0, sure: true })
    expect(pays(payer(), { fen: 99 })).toEqual({
      months: [{ month: MONTH, fen: 99 }],
      amountFen: 99,
      extraFen: 49,
      sure: true,
    })
  })

  it('the amount of several months: the oldest that are owed, which is asked', () => {
    expect(pays(payer({}, { paid: monthsFrom('2026-07', '2026-09') }), { fen: 150 })).toEqual({
      months: ['2026-10', '2026-11', '2026-12'].map(month => ({ month, fen: 50 })),
      amountFen: 150,
      extraFen: 0,
      sure: false,
    })
    expect(monthsOf(payer(), { fen: 100 })).toEqual(['2026-07 50', '2026-08 50'])
  })

  it('ten times the amount, as 5 for 0.5: asked, whether months are named or not', () => {
    const of = payer({ last: MONTH }, { paid: UP_TO_OCTOBER })
    expect(pays(of, { fen: 500 })).toMatchObject({ extraFen: 450, sure: false })
    expect(pays(of, { fen: 500, months: [MONTH] })).toMatchObject({ extraFen: 450, sure: false })
    expect(pays(of, { fen: 99, months: [MONTH] })).toMatchObject({ extraFen: 49, sure: true })
  })

  it('months: each by its standard, the rest in the last', () => {
    const risen = farmer({
      duesStandards: [
        { from: '2026-07', fen: 50, ...BY },
        { from: '2026-11', fen: 80, ...BY },
      ],
    })
    expect(monthsOf(payer({ person: risen }), { months: ['2026-11', '2026-10'] })).toEqual(['2026-10 50', '2026-11 80'])
    expect(monthsOf(payer({ person: risen }), { fen: 140, months: ['2026-10', '2026-11'] })).toEqual([
      '2026-10 50',
      '2026-11 90',
    ])
  })

  it('an amount where this month is paid: the oldest that is owed, which is asked', () => {
    expect(pays(payer({}, { paid: [MONTH] }), { fen: 50 })).toMatchObject({
      months: [{ month: '2026-07', fen: 50 }],
      sure: false,
    })
  })

  it('a reduced month: the reduced amount', () => {
    const reduced = farmer({ duesReliefs: [{ from: MONTH, to: MONTH, fen: 20, approval: '镇党委批准', ...BY }] })
    expect(monthsOf(payer({ person: reduced }), {})).toEqual(['2026-11 20'])
  })
})

describe('refused with its reason:', () => {
  const waived = farmer({ duesReliefs: [{ from: MONTH, to: MONTH, fen: 0, approval: '镇党委批准', ...BY }] })
  const came = farmer({ relationFrom: '2026-10' })
  it.each<[string, Payer, Partial<PaymentSaid>, string]>([
    ['too little', payer(), { fen: 49 }, '11月应缴 0.50 元，0.49 元不够'],
    [
      'too little for the months',
      payer(),
      { fen: 99, months: [MONTH, '2026-12'] },
      '11、12月应缴 1.00 元，0.99 元不够',
    ],
    ['paid already', payer({}, { paid: [...UP_TO_OCTOBER, MONTH] }), {}, '11月已缴（D2026-3-0005）'],
    ['paid already, older months open', payer({}, { paid: [MONTH] }), {}, '还有7-10月没缴，请写明月份，如 2026-07'],
    ['claimed already', payer({}, { claimed: [MONTH] }), { months: [MONTH] }, '11月已报（c-1），待确认，不用再发'],
    ['beyond the last month that may be paid', payer(), { months: ['2027-01'] }, '现在最多缴到12月，2027年1月还不能缴'],
    [
      'before he joined',
      payer({ person: farmer({ joinedOn: '2026-10-15' }) }),
      { months: ['2026-09'] },
      '您2026-10-15 入党，9月还不用缴',
    ],
    [
      'before his first month here',
      payer({ person: came }),
      { months: ['2026-09'] },
      '您的党费在这里从10月记起，9月的请看党费证',
    ],
    ['waived', payer({ person: waived }), {}, '您11月免缴（镇党委批准）'],
    ['no standard', payer({ person: farmer({ duesStandards: [] }) }), {}, '还没有定党费标准'],
    ['no member', payer({ person: farmer({ identity: 'activist' }) }), {}, '您不在这里缴党费'],
    ['everything paid', payer({}, { paid: monthsFrom('2026-07', '2026-12') }), { fen: 50 }, '11月已缴'],
    ['of another', payer({ who: '张三' }, { paid: [MONTH] }), { months: [MONTH] }, '张三11月已缴'],
  ])('%s', (_, of, said, reason) => {
    expect(() => pays(of, said)).toThrow(reason)
    expect(() => pays(of, said)).toThrow(UserError)
  })

  it('not what the member claimed himself, where the collector takes it', () => {
    expect(monthsOf(payer({ takesClaimed: true }, { claimed: [MONTH] }), {})).toEqual(['2026-11 50'])
  })
})

describe('whatever is paid', () => {
  const said = fc.record({
    fen: fc.option(fc.integer({ min: 1, max: 1000 })),
    months: fc.option(
      fc.array(
        fc.nat(12).map(n => addMonths('2026-05', n)),
        { minLength: 1, maxLength: 4 },
      ),
    ),
  })

  it('no cent is lost between the months, and none is below what it owes', () => {
    const state = fc.record({
      paid: fc.subarray(monthsFrom('2026-07', '2026-12')),
      standard: fc.integer({ min: 1, max: 200 }),
    })
    fc.assert(
      fc.property(state, said, ({ paid, standard }, what) => {
        const of = payer({ person: farmer({ duesStandards: [{ from: '2026-07', fen: standard, ...BY }] }) }, { paid })
        const payment = unlessRefused(() => paymentFor(of, what))
        if (!payment) return
        const sum = payment.months.reduce((total, { fen }) => total + fen, 0)
        expect(sum).toBe(payment.amountFen)
        if (what.fen !== null) expect(sum).toBe(what.fen)
        expect(payment.extraFen).toBe(sum - standard * payment.months.length)
        for (const { month, fen } of payment.months) {
          expect(fen).toBeGreaterThanOrEqual(standard)
          expect(paid).not.toContain(month)
          expect(month >= '2026-07' && month <= '2026-12').toBe(true)
        }
        expect(new Set(payment.months.map(({ month }) => month)).size).toBe(payment.months.length)
      }),
    )
  })

  it('in whatever order, no month is paid twice and the sum is what was taken', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 12 }), all => {
        let entries: DuesEntry[] = []
        let taken = 0
        for (const what of all) {
          const of = payer({ account: accountOf(entries) })
          const payment = unlessRefused(() => paymentFor(of, what))
          if (!payment) continue
          for (const { month } of payment.months) expect(of.account.paid.has(month)).toBe(false)
          taken += payment.amountFen
          const number = entries.length + 1
          entries = [
            ...entries,
            line(number, { kind: 'collected', months: payment.months, receiptNo: `D2026-3-${number}` }),
          ]
        }
        const { paid } = accountOf(entries)
        expect([...paid.values()].reduce((sum, { fen }) => sum + fen, 0)).toBe(taken)
        const left = openBills(payer({ account: accountOf(entries) })).map(({ month }) => month)
        expect([...paid.keys(), ...left].sort()).toEqual(monthsFrom('2026-07', '2026-12'))
      }),
    )
  })
})

function unlessRefused<T>(pay: () => T): T | undefined {
  try {
    return pay()
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    return undefined
  }
}
