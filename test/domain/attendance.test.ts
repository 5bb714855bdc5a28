import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantAt } from '../../src/clock.ts'
import {
  lateMinutes,
  missingFirst,
  quorumFigures,
  sheetRows,
  tally,
  unreachedRows,
} from '../../src/domain/attendance.ts'
import { committeeQuorum } from '../../src/domain/quorum.ts'
import type { Attendance, RollRow } from '../../src/store/collections.ts'
import { came, cameThough, onLeave, row } from './people-at-meetings.ts'

describe('the counts at the close', () => {
  it('are as /会议 结束 says them', () => {
    const roll = [
      ...[1, 2, 3, 4, 5, 6].map(n => row(n)),
      row(7, 'exempt'),
      row(8, 'exempt'),
      row(9, 'observer'),
      row(10, 'away'),
    ]
    const records = [
      came(1),
      came(2, { method: 'backfill', beforeClose: false }),
      cameThough(3, 'granted'),
      onLeave(4),
      onLeave(5, 'asked'),
      came(7),
      came(9),
      onLeave(10),
    ]
    expect(tally(roll, records)).toEqual({
      expected: 6,
      present: 4,
      onLeave: 1,
      absent: 2,
      rate: 67,
      presentOrLeaveRate: 83,
      exemptPresent: 1,
      observers: 1,
      awayPresent: 0,
    })
  })

  it('never exceed 100 per cent, and are numbers with nobody expected', () => {
    expect(tally([row(1), row(2, 'exempt')], [came(1), came(2)])).toMatchObject({ present: 2, rate: 100 })
    expect(tally([row(2, 'exempt')], [came(2)])).toMatchObject({ expected: 0, present: 1, rate: 100 })
    expect(tally([], [])).toMatchObject({ expected: 0, rate: 0, presentOrLeaveRate: 0 })
  })

  it('leave a floating member on standing leave out, even if he comes', () => {
    expect(tally([row(1), row(2, 'away')], [came(2)])).toMatchObject({ expected: 1, present: 0, awayPresent: 1 })
  })

  it('round halves up', () => {
    const roll = Array.from({ length: 40 }, (_, n) => row(n + 1))
    const records = Array.from({ length: 23 }, (_, n) => came(n + 1))
    expect(tally(roll, records).rate).toBe(58)
  })
})

describe('the quorum', () => {
  const ten = Array.from({ length: 10 }, (_, n) => row(n + 1))

  it('counts those with a vote who were present before the close', () => {
    const roll = [...ten, row(11, 'expected', false)]
    const records = [came(1), came(2), came(3), came(4), came(5, { beforeClose: false }), came(11), onLeave(6)]
    expect(quorumFigures(roll, records)).toEqual({ entitled: 10, present: 4, needed: 5, yesNeeded: 6, reached: false })
    expect(quorumFigures(roll, [...records, came(7, { method: 'backfill' })])).toMatchObject({
      present: 5,
      reached: true,
    })
  })

  it('counts 可免考勤 in 应到, and whoever votes and comes', () => {
    const roll = [row(1), row(2, 'exempt'), row(3, 'away')]
    expect(quorumFigures(roll, [came(2), came(3)])).toMatchObject({ entitled: 3, present: 2, reached: true })
  })

  it('of nobody is not reached', () => {
    expect(quorumFigures([], [])).toMatchObject({ entitled: 0, reached: false })
  })

  it('of a committee may be stricter', () => {
    const strict = (entitled: number) => committeeQuorum(entitled, 2 / 3)
    const roll = ten.slice(0, 5)
    expect(quorumFigures(roll, [came(1), came(2), came(3)], strict)).toMatchObject({ needed: 4, reached: false })
  })
})

describe('being late', () => {
  it('is whole minutes rounded down, and none before the start', () => {
    const start = instantAt('2026-11-26', '19:00')
    expect(lateMinutes(start, new Date('2026-11-26T19:12:59+08:00'))).toBe(12)
    expect(lateMinutes(start.toISOString(), '2026-11-26T11:00:59.000Z')).toBe(0)
    expect(lateMinutes(start, instantAt('2026-11-26', '18:45'))).toBe(0)
  })
})

describe('the rows of the sheet', () => {
  const roll = [row(1), row(2, 'observer'), row(3, 'exempt'), row(4, 'away'), row(5), row(6), row(7), row(8)]
  const records = [came(1), onLeave(5), onLeave(6, 'asked'), came(8, { method: 'backfill' })]
  const brief = (rows: ReturnType<typeof sheetRows>) => rows.map(r => `${r.number} ${r.personId} ${r.state}`)

  it('are numbered in roster order, those away too, 列席 after them', () => {
    expect(brief(sheetRows(roll, records, new Set(['p-7', 'p-8'])))).toEqual([
      '1 p-1 present',
      '2 p-3 invited',
      '3 p-4 away',
      '4 p-5 onLeave',
      '5 p-6 leaveAsked',
      '6 p-7 noPhone',
      '7 p-8 backfilled',
      '8 p-2 invited',
    ])
  })

  it('keep their numbers with the missing first', () => {
    expect(brief(missingFirst(roll, records))).toEqual([
      '6 p-7 missing',
      '5 p-6 leaveAsked',
      '4 p-5 onLeave',
      '3 p-4 away',
      '2 p-3 invited',
      '8 p-2 invited',
      '1 p-1 present',
      '7 p-8 backfilled',
    ])
    expect(brief(unreachedRows(roll, records))).toEqual(['6 p-7 missing'])
  })

  it('keep them when a standing leave is granted or ends', () => {
    const numbers = (rows: readonly RollRow[]) => sheetRows(rows, []).map(r => `${r.number} ${r.personId}`)
    const back = roll.map(each => (each.standing === 'away' ? row(4) : each))
    expect(numbers(back)).toEqual(numbers(roll))
  })

  it('call somebody whose leave was refused missing', () => {
    expect(brief(sheetRows([row(1)], [onLeave(1, 'refused')]))).toEqual(['1 p-1 missing'])
  })
})

const standing = fc.constantFrom<RollRow['standing']>('expected', 'exempt', 'observer', 'away')
const leaveState = fc.constantFrom('asked' as const, 'granted' as const, 'refused' as const)
const person = (n: number): fc.Arbitrary<{ row: RollRow; record: Attendance | null }> =>
  fc.record({
    row: fc.tuple(standing, fc.boolean()).map(([s, votes]) => row(n, s, votes)),
    record: fc.oneof(
      fc.constant(null),
      fc.boolean().map(beforeClose => came(n, { beforeClose })),
      leaveState.map(state => onLeave(n, state)),
      leaveState.map(state => cameThough(n, state)),
    ),
  })
const meeting = fc
  .nat(40)
  .chain(size => fc.tuple(...Array.from({ length: size }, (_, n) => person(n + 1))))
  .map(people => ({
    roll: people.map(p => p.row),
    records: people.map(p => p.record).filter(record => record !== null),
  }))

describe('at every meeting', () => {
  it('应到 = 实到 of 应到 + 请假 + 缺席, and rates are whole and within 0 and 100', () => {
    fc.assert(
      fc.property(meeting, ({ roll, records }) => {
        const sums = tally(roll, records)
        expect(sums.present - sums.exemptPresent + sums.onLeave + sums.absent).toBe(sums.expected)
        expect(sums.absent).toBeGreaterThanOrEqual(0)
        for (const rate of [sums.rate, sums.presentOrLeaveRate]) {
          expect(Number.isInteger(rate) && rate >= 0 && rate <= 100).toBe(true)
        }
        expect(sums.presentOrLeaveRate).toBeGreaterThanOrEqual(sums.rate)
        const { entitled, present } = quorumFigures(roll, records)
        expect(present).toBeLessThanOrEqual(entitled)
      }),
    )
  })

  it('the order of the records does not matter', () => {
    const shuffled = meeting.chain(m =>
      fc.shuffledSubarray(m.records, { minLength: m.records.length }).map(other => ({ ...m, other })),
    )
    fc.assert(
      fc.property(shuffled, ({ roll, records, other }) => {
        expect(tally(roll, other)).toEqual(tally(roll, records))
        expect(quorumFigures(roll, other)).toEqual(quorumFigures(roll, records))
        expect(missingFirst(roll, other)).toEqual(missingFirst(roll, records))
      }),
    )
  })

  it('row numbers depend on the roll alone', () => {
    fc.assert(
      fc.property(meeting, ({ roll, records }) => {
        const numbers = (rows: ReturnType<typeof sheetRows>) => new Map(rows.map(r => [r.personId, r.number]))
        expect(numbers(missingFirst(roll, records))).toEqual(numbers(sheetRows(roll, [])))
      }),
    )
  })
})
