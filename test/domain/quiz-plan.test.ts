import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readQuizSaid } from '../../src/domain/quiz-plan.ts'

const NOW = new Date('2026-11-24T10:00:00+08:00')
const read = (said: string) => readQuizSaid(said, NOW)
const at = (instant: string) => new Date(`${instant}+08:00`)

describe('a quiz as an officer says it', () => {
  it.each([
    ['党章 5 11-30', { banks: ['党章'], count: 5, closesAt: at('2026-11-30T23:59:00') }],
    ['党章　５　11-30', { banks: ['党章'], count: 5 }],
    ['党章 5题 11月30日', { count: 5, closesAt: at('2026-11-30T23:59:00') }],
    ['党章 5 明天', { closesAt: at('2026-11-25T23:59:00') }],
    ['党章 5 周五20点', { closesAt: at('2026-11-27T20:00:00') }],
    ['党章 5 12-30 20:00', { closesAt: at('2026-12-30T20:00:00') }],
    ['党章 5 12-30 截止', { closesAt: at('2026-12-30T23:59:00') }],
    ['党章+廉政 10 11-30', { banks: ['党章', '廉政'] }],
    ['党章、廉政，党费 10 11-30', { banks: ['党章', '廉政', '党费'] }],
    ['党章 5 11-30 及格80 2次 限时20分钟', { passMark: 80, attempts: 2, minutes: 20 }],
    [
      '党章 5 及格80分 11-30 可答1次 限时5',
      { passMark: 80, attempts: 1, minutes: 5, closesAt: at('2026-11-30T23:59:00') },
    ],
    ['党章 5 11-30 部分给分 截止后公布', { partMarks: true, shows: 'afterClose' }],
    ['党章 5 11-30 结束后公布答案', { shows: 'afterClose' }],
    ['党章 5 11-30', { passMark: 60, attempts: 3, minutes: null, shows: 'each', partMarks: false, quotas: [] }],
  ])('%j', (said, wanted) => expect(read(said)).toMatchObject(wanted))

  it('may say kinds and difficulties', () => {
    expect(read('党章 单选6 多选难2 判断1题 11-30')).toMatchObject({
      count: null,
      quotas: [
        { kind: '单选', difficulty: null, count: 6, points: 10 },
        { kind: '多选', difficulty: '难', count: 2, points: 10 },
        { kind: '判断', difficulty: null, count: 1, points: 10 },
      ],
    })
  })

  it.each([
    ['', '还缺题库或题数'],
    ['党章', '还缺题库或题数'],
    ['5 11-30', '还缺题库或题数'],
    ['党章 5', '还缺截止日期'],
    ['党章 5 随便', '没看懂截止时间“随便”'],
    ['党章 5 11-23', '截止时间已过'],
    ['党章 5 2027-03-30', '最长 80 天'],
    ['党章 5 今天 9:00', '截止时间已过'],
    ['党章 0 11-30', '题数请写 1 到 100'],
    ['党章 101 11-30', '题数请写 1 到 100'],
    ['党章 单选0 11-30', '题数不对'],
    ['党章 5 11-30 及格101', '及格分请写'],
    ['党章 5 11-30 0次', '次数请写'],
    ['党章 5 11-30 21次', '次数请写'],
    ['党章 5 11-30 限时0', '限时请写'],
    ['党章 5 11-30 排名', '没看懂截止时间'],
  ])('%j is refused: %s', (said, why) => {
    const got = read(said)
    expect('refused' in got && got.refused).toContain(why)
  })

  it('never throws, and closes later than now where it is understood', () => {
    const word = fc.constantFrom(
      '党章',
      '5',
      '100',
      '单选3',
      '11-30',
      '13-45',
      '20:00',
      '及格60',
      '3次',
      '限时9',
      '😀',
      '+',
      '、',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word, { maxLength: 8 }).map(all => all.join(' ')),
        ),
        said => {
          const got = read(said)
          if ('refused' in got) expect(got.refused).toMatch(/。$/)
          else expect(got.closesAt > NOW).toBe(true)
        },
      ),
    )
  })
})
