const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const pad = number => String(number).padStart(2, '0')

/** Beijing is UTC+8 all the year, whatever the zone of this browser. */
const beijing = ms => new Date(ms + 8 * 3_600_000)

export const timeOf = ms => `${pad(beijing(ms).getUTCHours())}:${pad(beijing(ms).getUTCMinutes())}`
export const weekdayOf = ms => WEEKDAYS[beijing(ms).getUTCDay()]
export const dayOf = ms => beijing(ms).toISOString().slice(0, 10)
export const spellDay = ms => `${beijing(ms).getUTCMonth() + 1}月${beijing(ms).getUTCDate()}日`
export const spell = ms => `${spellDay(ms)} ${weekdayOf(ms)} ${timeOf(ms)}`

/** '2026-11-26T18:45' of a datetime input, in Beijing. */
export const inputOf = ms => `${dayOf(ms)}T${timeOf(ms)}`
export const instantOf = input => `${input.slice(0, 16)}:00+08:00`

/** The first such time of day that is still ahead. */
export function nextMs(time, ms) {
  const today = Date.parse(instantOf(`${dayOf(ms)}T${time}`))
  return today > ms ? today : today + 24 * 3_600_000
}
