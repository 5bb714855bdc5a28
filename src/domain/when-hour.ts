/** Hours as people say them: '19:00', '晚7点到8点半', '下午三点一刻' (numerals already folded by when.ts). */

export interface Hours {
  start: string
  end: string | null
  /** True where the half of the day was not said: 7点 is read as 07:00, 3点 as 15:00. */
  assumed: boolean
}

/** The first and last hour that may be meant by a part of the day; no range spans twelve hours, so one reading fits. */
const PARTS: Readonly<Record<string, readonly [number, number]>> = {
  凌晨: [0, 5],
  清晨: [4, 11],
  早晨: [4, 11],
  早上: [4, 11],
  早: [4, 11],
  晨: [4, 11],
  上午: [5, 12],
  中午: [11, 14],
  正午: [11, 14],
  下午: [12, 20],
  午后: [12, 20],
  傍晚: [16, 20],
  晚上: [17, 23],
  晚间: [17, 23],
  夜里: [17, 23],
  夜间: [17, 23],
  晚: [17, 23],
  夜: [17, 23],
}

/** Longer names first, so that 晚上 is not read as 晚 and a rest. */
const PART = Object.keys(PARTS)
  .sort((a, b) => b.length - a.length)
  .join('|')

const point = (n: 1 | 2): string =>
  `(?:(?<part${n}>${PART})\\s*)?(?<hour${n}>\\d{1,2})` +
  `(?:\\s*:\\s*(?<colon${n}>\\d{2})` +
  `|\\s*[点时](?:[钟整]|(?<half${n}>半)|\\s*(?<quarters${n}>[13])刻|\\s*(?<minutes${n}>\\d{1,2})\\s*分|(?<bare${n}>\\d{2}))?)`

const MOMENT = new RegExp(`^${point(1)}$`)
const RANGE = new RegExp(`^${point(1)}\\s*[-到]+\\s*${point(2)}$`)
/** '晚7到8点半': the first hour goes without 点. */
const SHORT_RANGE = new RegExp(
  `^(?:(?<part1>${PART})\\s*)?(?<hour1>\\d{1,2})\\s*[-到]\\s*(?=(?:${PART})?\\s*\\d{1,2}[点时])${point(2)}$`,
)
/** '1930': whole fives only, and only where when.ts has a day before it. */
const COMPACT = /^([01]\d|2[0-3])([0-5][05])$/

const STARTS_WITH_PART = new RegExp(`^(?:${PART})`)
const ENDS_WITH_PART = new RegExp(`^(.+?)\\s*(${PART})$`)

export const startsWithPart = (text: string): boolean => STARTS_WITH_PART.test(text)

/** '周三下午' → ['周三', '下午'] */
export function splitPart(text: string): [rest: string, part: string] | null {
  const [, rest, part] = ENDS_WITH_PART.exec(text) ?? []
  return rest === undefined || part === undefined ? null : [rest, part]
}

interface Point {
  part: string | null
  hour: number
  minute: number
  /** Said on the 24-hour clock: '07:30', '19点', '0点'. */
  exact: boolean
}

export function readHours(text: string): Hours | null {
  const groups = (MOMENT.exec(text) ?? RANGE.exec(text) ?? SHORT_RANGE.exec(text))?.groups
  if (groups === undefined) return null
  const from = pointOf(groups, 1)
  const start = from === null ? null : startOf(from)
  if (from === null || start === null) return null
  const assumed = from.part === null && !from.exact
  if (groups.hour2 === undefined) return { start: clockTime(start), end: null, assumed }
  const to = pointOf(groups, 2)
  const end = to === null ? null : endOf(to, start)
  return end === null ? null : { start: clockTime(start), end: clockTime(end), assumed }
}

export function readCompact(text: string): Hours | null {
  const [, hour, minute] = COMPACT.exec(text) ?? []
  return hour === undefined || minute === undefined ? null : { start: `${hour}:${minute}`, end: null, assumed: false }
}

function pointOf(groups: Record<string, string | undefined>, n: 1 | 2): Point | null {
  const said = (name: string): string | undefined => groups[`${name}${n}`]
  const hour = said('hour') ?? ''
  const quarters = said('quarters')
  const minute = said('half') ? 30 : quarters ? Number(quarters) * 15 : Number(minutesSaid(said) ?? 0)
  if (Number(hour) > 23 || minute > 59) return null
  const twoDigitClock = said('colon') !== undefined && hour.length === 2
  const exact = twoDigitClock || hour.startsWith('0') || Number(hour) > 12
  return { part: said('part') ?? null, hour: Number(hour), minute, exact }
}

const minutesSaid = (said: (name: string) => string | undefined): string | undefined =>
  said('colon') ?? said('minutes') ?? said('bare')

/** Minutes of the day. Without a part of the day 1–6 are in the afternoon, 7–12 as said. */
function startOf({ part, hour, minute, exact }: Point): number | null {
  if (part !== null) return withinPart(part, hour, minute)
  return (exact || hour > 6 ? hour : hour + 12) * 60 + minute
}

function withinPart(part: string, hour: number, minute: number): number | null {
  const [first, last] = PARTS[part] ?? [24, 0]
  const meant = [hour, hour + 12].find(h => h >= first && h <= last)
  return meant === undefined ? null : meant * 60 + minute
}

/** The end lies after the start, on the same day: of two hours that may be meant, the next to come. */
function endOf({ part, hour, minute, exact }: Point, start: number): number | null {
  const own = part === null ? null : withinPart(part, hour, minute)
  if (part !== null) return own !== null && own > start ? own : null
  const candidates = exact || hour === 12 ? [hour] : [hour, hour + 12]
  return candidates.map(h => h * 60 + minute).find(end => end > start) ?? null
}

const twoDigits = (n: number): string => String(n).padStart(2, '0')
const clockTime = (minutes: number): string => `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
