import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, dayOf, instantAt, isDay, spellMoment, timeOf, weekdayOf } from '../../src/clock.ts'
import { isTimeWord, readWhen, takeWhen } from '../../src/domain/when.ts'

/** A Tuesday morning. */
const TUESDAY = instantAt('2026-11-24', '10:00')
const WEDNESDAY = instantAt('2026-11-25', '16:00')

const told = (words: string, now = TUESDAY): string | null => {
  const when = readWhen(words, now)
  if (when === null) return null
  const hours = when.end === null ? when.start : `${when.start}-${when.end}`
  const marks = [when.assumed ? 'assumed' : null, when.weekdayPassed ? 'passed' : null]
  return [when.day, hours, ...marks].filter(part => part !== null).join(' ')
}

describe('a day and an hour are read as people say them', () => {
  it.each([
    ['2026-11-26 19:00', '2026-11-26 19:00'],
    ['2026.11.26 19:00', '2026-11-26 19:00'],
    ['2026年11月26日', '2026-11-26'],
    ['20261126', '2026-11-26'],
    ['11-26 19:00', '2026-11-26 19:00'],
    ['19:00 11-26', '2026-11-26 19:00'],
    ['11/26', '2026-11-26'],
    ['11月26', '2026-11-26'],
    ['11.26 19:00', '2026-11-26 19:00'],
    ['明年1月5日', '2027-01-05'],
    ['11月26日晚7点', '2026-11-26 19:00'],
    ['26号19点', '2026-11-26 19:00'],
    ['26日', '2026-11-26'],
    ['周三下午3点', '2026-11-25 15:00'],
    ['周3晚7点', '2026-11-25 19:00'],
    ['星期三', '2026-11-25'],
    ['礼拜天', '2026-11-29'],
    ['下周五上午9点半', '2026-12-04 09:30'],
    ['下下周一', '2026-12-07'],
    ['这个星期五', '2026-11-27'],
    ['本周五', '2026-11-27'],
    ['今天', '2026-11-24'],
    ['今晚', '2026-11-24'],
    ['明天', '2026-11-25'],
    ['明晚', '2026-11-25'],
    ['明早', '2026-11-25'],
    ['后天', '2026-11-26'],
    ['大后天', '2026-11-27'],
    ['昨天', '2026-11-23'],
    ['明晚7点', '2026-11-25 19:00'],
    ['明晚 7点', '2026-11-25 19:00'],
    ['7点 明晚', '2026-11-25 19:00'],
    ['明天晚上 7点钟', '2026-11-25 19:00'],
    ['19:00-20:30', '19:00-20:30'],
    ['19：00～20：30', '19:00-20:30'],
    ['19:00-20:30 周三', '2026-11-25 19:00-20:30'],
    ['晚7点到8点半', '19:00-20:30'],
    ['晚7到8点', '19:00-20:00'],
    ['上午10点至1点', '10:00-13:00'],
    ['上午9点到下午4点', '09:00-16:00'],
    ['下午三点半', '15:30'],
    ['十一月二十五日', '2026-11-25'],
    ['二〇二六年十一月二十六日十九点零五分', '2026-11-26 19:05'],
    ['晚七点一刻', '19:15'],
    ['晚7点三刻', '19:45'],
    ['中午12点', '12:00'],
    ['中午1点', '13:00'],
    ['19点30分', '19:30'],
    ['19点30', '19:30'],
    ['早上8点', '08:00'],
    ['下个月3号', '2026-12-03'],
    ['11-26 1930', '2026-11-26 19:30'],
    ['周三2030', '2026-11-25 20:30'],
    ['周三十一点', '2026-11-25 11:00 assumed'],
    ['１１－２６　１９：００', '2026-11-26 19:00'],
    ['11月26日（周四）19:00', '2026-11-26 19:00'],
  ])('%s', (words, expected) => expect(told(words)).toBe(expected))
})

describe('what is not understood is never guessed', () => {
  it.each(
    [
      ...['', ' ', '村部', '三楼会议室', '一组', '一号会议室', '3号楼', '初一', '月底', '周末', '下周', '晚上', '11月'],
      ...[
        '24:00',
        '晚12点',
        '凌晨12点',
        '25点',
        '19:60',
        '上午3点',
        '晚3点',
        '7点5',
        '1930',
        '26',
        '十',
        '明',
        '二三号',
      ],
      ...['2月30日', '2026-13-01', '2026-02-30', '31号', '11-26 2026', '20:30-19:00', '周三 11-26 周四'],
    ].map(words => [words]),
  )('%s', words => expect(told(words)).toBeNull())

  it('refuses a weekday that is not the date’s', () => {
    expect(told('11月26日 周四')).toBe('2026-11-26')
    expect(told('11月26日 周五')).toBeNull()
  })

  it('refuses what can be read in two ways', () => {
    expect(told('2026-11-219:00')).toBeNull()
    expect(told('7.30')).toBeNull()
    expect(told('周13点')).toBeNull()
  })
})

describe('the day meant depends on when it is said', () => {
  it('takes 周三 said on a Wednesday as today while the hour is ahead', () => {
    expect(told('周三19:00', WEDNESDAY)).toBe('2026-11-25 19:00')
    expect(told('周三', WEDNESDAY)).toBe('2026-11-25')
    expect(told('周三 15:00', WEDNESDAY)).toBe('2026-12-02 15:00 passed')
    expect(told('周三 16:00', WEDNESDAY)).toBe('2026-12-02 16:00 passed')
  })

  it('takes a weekday that is over as next week’s, and says so', () => {
    expect(told('周一')).toBe('2026-11-30 passed')
    expect(told('本周一')).toBe('2026-11-23')
    expect(told('周一', instantAt('2026-11-29', '09:00'))).toBe('2026-11-30 passed')
    expect(told('下周一', instantAt('2026-11-29', '09:00'))).toBe('2026-11-30')
  })

  it('takes a day of the month that has passed as next month’s, over the year too', () => {
    expect(told('3号')).toBe('2026-12-03')
    expect(told('24号 8:00')).toBe('2026-11-24 08:00 assumed')
    expect(told('3号', instantAt('2026-12-24', '10:00'))).toBe('2027-01-03')
    expect(told('下个月3号', instantAt('2026-12-24', '10:00'))).toBe('2027-01-03')
    expect(told('30号', instantAt('2027-01-31', '10:00'))).toBeNull()
  })

  it('leaves a date in the past that passed of late, and rolls one that passed 60 days ago', () => {
    expect(told('11-20')).toBe('2026-11-20')
    expect(told('9-25')).toBe('2026-09-25')
    expect(told('9-24')).toBe('2027-09-24')
    expect(told('1-5')).toBe('2027-01-05')
    expect(told('2月29日')).toBeNull()
  })

  it('knows Beijing’s day whatever the hour in UTC', () => {
    expect(told('今天', instantAt('2026-11-25', '00:10'))).toBe('2026-11-25')
    expect(told('明天', instantAt('2026-12-31', '23:50'))).toBe('2027-01-01')
  })
})

describe('an hour without a part of the day', () => {
  it('is in the afternoon from 1 to 6, as said from 7 to 12, and marked', () => {
    expect(told('3点')).toBe('15:00 assumed')
    expect(told('7点')).toBe('07:00 assumed')
    expect(told('12点')).toBe('12:00 assumed')
    expect(told('3:00')).toBe('15:00 assumed')
  })

  it('is certain on the 24-hour clock', () => {
    expect(told('07:30')).toBe('07:30')
    expect(told('19点')).toBe('19:00')
    expect(told('0点')).toBe('00:00')
  })
})

describe('the reader of arguments', () => {
  it('takes the longest run of words that is a time', () => {
    expect(takeWhen(['11-26', '19:00', '村部', '冬季清洁取暖'], TUESDAY)).toMatchObject({ taken: 2 })
    expect(takeWhen(['11月26日', '周四', '19:00', '-', '20:30', '村部'], TUESDAY)).toMatchObject({ taken: 5 })
    expect(takeWhen(['周三', '三楼会议室'], TUESDAY)).toMatchObject({ taken: 1 })
    expect(takeWhen(['村部', '周三'], TUESDAY)).toBeNull()
    expect(takeWhen([], TUESDAY)).toBeNull()
  })

  it('can ask whether a word is a time', () => {
    expect(isTimeWord('明晚7点', TUESDAY)).toBe(true)
    expect(isTimeWord('二组', TUESDAY)).toBe(false)
  })
})

const NUMERALS = '〇一二三四五六七八九十'
const chinese = (n: number): string => {
  if (n <= 10) return NUMERALS.charAt(n)
  const tens = Math.floor(n / 10)
  return `${tens > 1 ? NUMERALS.charAt(tens) : ''}十${n % 10 === 0 ? '' : NUMERALS.charAt(n % 10)}`
}
const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).replace(/ /g, '\u3000')

function partOfDay(hour: number): string {
  if (hour < 6) return `凌晨${hour}`
  if (hour < 12) return `上午${hour}`
  return hour < 18 ? `下午${hour === 12 ? 12 : hour - 12}` : `晚上${hour - 12}`
}

/** Ways to write a moment whose year is this one's. */
function renderings(day: string, time: string): string[] {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const weekday = '日一二三四五六'.charAt(weekdayOf(instantAt(day, time)))
  const numerals = `${chinese(month)}月${chinese(date)}日`
  return [
    `${day} ${time}`,
    `${time} ${day}`,
    `${year}年${month}月${date}日${time}`,
    `${year}.${month}.${date} ${time}`,
    `${year}/${month}/${date} ${time}`,
    `${month}-${date} ${time}`,
    `${month}月${date}号 ${partOfDay(hour)}点${minute}分`,
    `${month}月${date}日（星期${weekday}）${time}`,
    `${partOfDay(hour)}点${minute}分 ${numerals}`,
    `${numerals} ${time}`,
    fullWidth(`${day} ${time}`),
    spellMoment(instantAt(day, time)),
  ]
}

const minuteOfDay = fc
  .integer({ min: 0, max: 1439 })
  .map(m => timeOf(new Date(instantAt('2026-01-01', '00:00').getTime() + m * 60_000)))
const dayIn2026 = fc.integer({ min: 0, max: 364 }).map(n => addDays('2026-01-01', n))

describe('for every moment', () => {
  it('any rendering reads back as itself', () => {
    fc.assert(
      fc.property(dayIn2026, minuteOfDay, minuteOfDay, fc.nat(400), (day, time, saidAt, ahead) => {
        // Said in the same year and no more than 60 days after it, where a date without a year still means this year.
        const said = addDays(day, 60 - ahead)
        const now = instantAt(said < '2026-01-01' ? '2026-01-01' : said > '2026-12-31' ? '2026-12-31' : said, saidAt)
        for (const words of renderings(day, time)) {
          // spellMoment asks the clock for its year; a year is always understood.
          expect([words, readWhen(words, now)]).toMatchObject([words, { day, start: time, end: null }])
        }
      }),
    )
  })

  it('a relative day and a weekday mean the day that the calendar says', () => {
    fc.assert(
      fc.property(dayIn2026, minuteOfDay, fc.nat(6), (today, time, ahead) => {
        const now = instantAt(today, time)
        expect(readWhen('明天', now)?.day).toBe(addDays(today, 1))
        const weekday = `周${'日一二三四五六'.charAt(weekdayOf(instantAt(addDays(today, ahead), '12:00')))}`
        expect(readWhen(weekday, now)?.day).toBe(addDays(today, ahead))
      }),
    )
  })

  it('garbage never throws, and what is understood exists', () => {
    const scraps = fc.constantFrom(
      ...'0123456789:：-.到至年月日号点时分刻半早晚上中下午今明后大周星期礼拜一二三十零〇两 ()（）,',
      '凌晨',
      '下个月',
      '2026',
    )
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(scraps, { maxLength: 14 }).map(all => all.join('')),
    )
    fc.assert(
      fc.property(garbage, words => {
        const when = readWhen(words, TUESDAY)
        if (when === null) return
        expect(when.day !== null || when.start !== null).toBe(true)
        if (when.day !== null) expect(isDay(when.day)).toBe(true)
        for (const time of [when.start, when.end]) {
          if (time !== null) expect(timeOf(instantAt('2026-11-24', time))).toBe(time)
        }
        if (when.end !== null) expect(when.end > (when.start ?? '')).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('a page of text is refused at once', () => {
    expect(readWhen('周三'.repeat(100_000), TUESDAY)).toBeNull()
    expect(dayOf(TUESDAY)).toBe('2026-11-24')
  })
})
