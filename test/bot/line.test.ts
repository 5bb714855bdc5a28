import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freeText, meetingId, peopleWords } from '../../src/bot/command.ts'
import {
  AliasIndex,
  ArgumentError,
  foldInPlace,
  readArguments,
  startsCommand,
  withoutMark,
} from '../../src/bot/line.ts'
import { whenWords } from '../../src/domain/when-argument.ts'

const aliases = new AliasIndex<string>()
for (const alias of ['签到', '会议', '会议 新建', '会议 结束', '请假', 'help', '到']) aliases.add(alias, alias)

describe('finding the command of a line', () => {
  it.each([
    ['/签到 4821', '签到', '4821'],
    ['／签到　4821', '签到', '4821'],
    ['、签到', '签到', ''],
    ['/签到4821', '签到', '4821'],
    ['/请假发烧', '请假', '发烧'],
    ['/会议 新建 党课', '会议 新建', '党课'],
    ['/会议　新建　党课', '会议 新建', '党课'],
    ['/会议新建 党课', '会议 新建', '党课'],
    ['/会议 m-17', '会议', 'm-17'],
    ['/ＨＥＬＰ 签到', 'help', '签到'],
    ['/请假 Ａ　B  两个空格', '请假', 'Ａ　B  两个空格'],
    ['/会议 @水泉 新建 党课', '会议 新建', '@水泉 党课'],
    ['/会议　＠水泉　@一组 新建', '会议 新建', '＠水泉　@一组'],
    ['/会议 @水泉 明天有吗', '会议', '@水泉 明天有吗'],
    ['/会议 @水泉新建', '会议', '@水泉新建'],
  ])('with a slash: %s', (line, command, rest) => {
    expect(startsCommand(line)).toBe(true)
    expect(aliases.match(withoutMark(line), 'slashed')).toMatchObject({ command, rest })
  })

  it.each([
    ['签到', '签到', ''],
    ['签到4821', '签到', '4821'],
    ['请假 孙子结婚', '请假', '孙子结婚'],
    ['会议 结束 17', '会议 结束', '17'],
    ['会议17', '会议', '17'],
    ['会议 @水泉 结束 17', '会议 结束', '@水泉 17'],
  ])('without: %s', (line, command, rest) => {
    expect(aliases.match(line, 'plain')).toMatchObject({ command, rest })
  })

  it.each(['签到表呢', '会议几点开', '请假发烧', 'helpful', '到底几点'])(
    'only whole words run without a slash: %s',
    line => {
      expect(aliases.match(line, 'plain')).toBeUndefined()
    },
  )

  it('an English word is not found inside another, slash or not', () => {
    expect(aliases.match('helpful', 'slashed')).toBeUndefined()
  })

  it('folding keeps every position', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => foldInPlace(text).length === text.length))
  })
})

const nobody = { namesPerson: () => false }
const somebody = { namesPerson: (word: string) => ['张三', '李四', '3', '7'].includes(word) }

describe('reading arguments', () => {
  const leave = z.object({ meetingId: meetingId().optional(), reason: freeText(10) })
  const backfill = z.object({
    who: peopleWords().optional(),
    meetingId: meetingId().optional(),
    why: freeText(50).optional(),
  })
  const call = z.object({ when: whenWords(), place: freeText(60), topic: freeText(200) })

  it('an optional key that refuses its word is skipped, and the next gets it', () => {
    expect(readArguments(leave, '发烧', nobody)).toEqual({ reason: '发烧' })
    expect(readArguments(leave, '17 发烧', nobody)).toEqual({ meetingId: 'm-17', reason: '发烧' })
    expect(readArguments(leave, '会议１７　发烧', nobody)).toEqual({ meetingId: 'm-17', reason: '发烧' })
  })

  it('people take words as long as they name people', () => {
    expect(readArguments(backfill, '张三 3 李四 m-17 来了', somebody)).toEqual({
      who: ['张三', '3', '李四'],
      meetingId: 'm-17',
      why: '来了',
    })
    expect(readArguments(backfill, '全到 缺 3 7', somebody)).toEqual({ why: '全到 缺 3 7' })
  })

  it('the last key takes the rest as it was typed', () => {
    expect(readArguments(call, '2026-11-26 19:00 村部 学习  党章　第三章', nobody)).toMatchObject({
      place: '村部',
      topic: '学习  党章　第三章',
    })
  })

  it.each([
    [leave, '', 'reason'],
    [leave, '十一个字的事由太长了一点点', 'reason'],
    [call, '村部 学习', 'when'],
    [call, '明晚7点', 'place'],
  ])('a missing or wrong word throws with its key', (schema, text, key) => {
    expect(() => readArguments(schema, text, nobody)).toThrow(ArgumentError)
    try {
      readArguments(schema, text, nobody)
    } catch (error) {
      expect(error).toMatchObject({ key })
    }
  })

  it('never throws anything but ArgumentError, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), text => {
        for (const schema of [leave, backfill, call]) {
          try {
            readArguments(schema, text, somebody)
          } catch (error) {
            if (!(error instanceof ArgumentError)) throw error
          }
        }
      }),
    )
  })
})
