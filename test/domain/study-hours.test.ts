import { describe, expect, it } from 'vitest'
import { readHours, spellHours, studyKindOf, sumOfStudy, tenthsOf } from '../../src/domain/study-hours.ts'
import type { Meeting, StudyEntry } from '../../src/store/collections.ts'

const meeting = (kinds: Meeting['kinds'], from: string, to: string, closedAt = to): Meeting => ({
  ...{ meetingId: 'm-1', branchId: 'b-1', group: null, kinds, place: '村部', topic: '学习', code: '4821' },
  ...{ codeWanted: false, state: 'closed', calledBy: 'p-1', calledAt: from, invited: null, cancelReason: null },
  ...{ startsAt: from, endsAt: to, closesAt: to },
  closed: { at: closedAt, by: null, roll: [], quorum: null },
})
const at = (time: string) => `2026-11-24T${time}:00.000Z`
const entry = (tenths: number): StudyEntry => ({
  ...{ entryId: 'e-1', personId: 'p-7', branchId: 'b-1', group: null, day: '2026-11-24', tenths, what: '培训' },
  ...{ by: 'p-1', at: at('02:00') },
})

describe('hours', () => {
  it.each([
    ['1.5', 15],
    ['4', 40],
    ['４学时', 40],
    ['6.50小时', 65],
    ['2个课时', 20],
    ['半小时', 5],
    ['1个半小时', 15],
    ['2个半', 25],
    ['80', 800],
  ])('%s is read as it is said', (said, tenths) => {
    expect(readHours(said)).toEqual({ tenths })
  })

  it.each(['1.25', '0', '80.1', '2026'])('%s is refused with why', said => {
    expect(readHours(said)).toMatchObject({ refused: expect.stringMatching(/一位小数|不能是 0|最多 80/) })
  })

  it.each(['张三', '11-20', '半天', '4天', '-1', '1.', ''])('%s is none', said => {
    expect(readHours(said)).toBeNull()
  })

  it('are spelled without zeros that say nothing', () => {
    expect([125, 60, 5, 0].map(spellHours)).toEqual(['12.5', '6', '0.5', '0'])
  })
})

describe('study at meetings', () => {
  it('is lessons, 警示教育 and trainings; what others had of it the bot does not guess', () => {
    expect(studyKindOf({ kinds: ['党课'] })).toBe('lesson')
    expect(studyKindOf({ kinds: ['党员大会', '警示教育'] })).toBe('lesson')
    expect(studyKindOf({ kinds: ['培训'] })).toBe('training')
    for (const kind of ['党员大会', '支委会', '主题党日', '组织生活会', '民主评议', '其他'] as const) {
      expect(studyKindOf({ kinds: [kind] })).toBeNull()
    }
  })

  it('lasts from the start to the planned end, or to an earlier close, to a tenth of an hour', () => {
    expect(tenthsOf(meeting(['党课'], at('01:00'), at('03:00')))).toBe(20)
    expect(tenthsOf(meeting(['党课'], at('01:00'), at('03:00'), at('02:10')))).toBe(12)
    expect(tenthsOf(meeting(['党课'], at('01:00'), at('03:00'), at('06:00')))).toBe(20)
    expect(tenthsOf(meeting(['党课'], at('01:00'), at('03:00'), at('00:50')))).toBe(0)
  })

  it('adds up with what was entered, once a meeting of two kinds', () => {
    const attended = [
      meeting(['党课'], at('01:00'), at('03:00')),
      meeting(['党课', '培训'], at('01:00'), at('02:00')),
      meeting(['培训'], at('01:00'), at('03:30')),
      meeting(['主题党日'], at('01:00'), at('03:30')),
    ]
    expect(sumOfStudy(attended, [entry(40), entry(5)])).toEqual({ lessons: 2, lessonTenths: 30, trainingTenths: 70 })
  })
})
