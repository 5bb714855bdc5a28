import { dayOf, daysBetween, spellDay, timeOf, weekdayOf } from '../clock.ts'

/** Moments as people say them to each other; the exact spelling is clock.ts' business. */

const NEAR_DAYS = ['今天', '明天', '后天'] as const
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

/** '今天周二晚上7点' '后天周四上午9点半，还有2天' '周五下午3点，还有3天' '12月3日周四晚上7点，还有9天' */
export function spokenMoment(at: Date, now: Date): string {
  const days = daysBetween(dayOf(now), dayOf(at))
  return `${spokenDayAndHour(at, now)}${days > 0 ? `，还有${days}天` : ''}`
}

/** '周五下午3点' */
export const spokenDayAndHour = (at: Date, now: Date): string =>
  `${spokenDay(at, daysBetween(dayOf(now), dayOf(at)))}${spokenHour(timeOf(at))}`

/** Within the coming week the weekday is enough; beyond it, and for what is past, the date stands in front. */
function spokenDay(at: Date, days: number): string {
  const weekday = WEEKDAYS[weekdayOf(at)] ?? ''
  const near = NEAR_DAYS[days]
  if (near) return `${near}${weekday}`
  return days > 0 && days < 7 ? weekday : spellDay(dayOf(at)).replace(' ', '')
}

/** '上午9点半' '下午3点' '晚上7点05分' */
function spokenHour(time: string): string {
  const hour = Number(time.slice(0, 2))
  const minutes = time.slice(3)
  const part = hour < 12 ? '上午' : hour === 12 ? '中午' : hour < 18 ? '下午' : '晚上'
  const rest = minutes === '00' ? '' : minutes === '30' ? '半' : `${minutes}分`
  return `${part}${hour > 12 ? hour - 12 : hour}点${rest}`
}
