import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tally } from '../../src/domain/attendance.ts'
import { countMarks, marksOf } from '../../src/domain/attendance-marks.ts'
import type { Attendance } from '../../src/store/collections.ts'
import { came, cameThough, onLeave, row } from './people-at-meetings.ts'

describe('the marks of a meeting', () => {
  it('tell what each did', () => {
    const roll = [
      ...[1, 2, 3, 4, 5].map(n => row(n)),
      ...[row(6, 'exempt'), row(7, 'exempt'), row(8, 'observer'), row(9, 'observer'), row(10, 'away'), row(11, 'away')],
    ]
    const records = [
      ...[came(1), came(2, { method: 'backfill' }), onLeave(3), onLeave(4, 'asked')],
      ...[came(7), came(8), came(10), onLeave(11)],
    ]
    const marks = marksOf(roll, records)
    const said = roll.map(({ personId }) => marks.get(personId)?.mark ?? '—').join('')
    expect(said).toBe('√补假缺缺免√列—流—')
  })

  it('come to the same counts as the close says', () => {
    const record = (n: number): fc.Arbitrary<Attendance | null> =>
      fc.constantFrom(
        null,
        came(n),
        came(n, { method: 'backfill', beforeClose: false }),
        cameThough(n, 'granted'),
        onLeave(n),
        onLeave(n, 'asked'),
      )
    const people = fc.array(fc.constantFrom('expected', 'exempt', 'observer', 'away'), { maxLength: 12 })
    const meeting = people.chain(standings =>
      fc.tuple(fc.constant(standings), fc.tuple(...standings.map((_, at) => record(at)))),
    )
    fc.assert(
      fc.property(meeting, ([standings, recorded]) => {
        const roll = standings.map((standing, at) => row(at, standing as 'expected'))
        const records = recorded.filter(each => each !== null)
        const { expected, present, onLeave, absent } = tally(roll, records)
        const marks = marksOf(roll, records)
        const counted = countMarks(roll.map(({ personId }) => marks.get(personId)))
        expect(counted).toEqual({ expected, present, onLeave, absent })
      }),
    )
  })
})
