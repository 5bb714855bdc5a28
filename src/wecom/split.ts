/** Below the 2,048 bytes at which WeCom cuts (WECOM.md 13.11). */
export const TEXT_BYTES = 2000

const SENTENCE_ENDS = '。！？；!?;'
const SEPARATORS = `${SENTENCE_ENDS}，、,：: \t\u3000`
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/**
 * Parts of at most `maxBytes` UTF-8 bytes, in order. A line that fits into one part is never broken; one that doesn't is
 * cut after a separator, and where there is none, between graphemes. Only a newline at a cut is dropped.
 */
export function splitText(text: string, maxBytes = TEXT_BYTES): string[] {
  const parts: string[] = []
  let rest = text
  while (Buffer.byteLength(rest) > maxBytes) {
    const end = cutAt(rest, longestPrefix(rest, maxBytes), maxBytes)
    parts.push(rest.slice(0, end))
    rest = rest.slice(rest[end] === '\n' ? end + 1 : end)
  }
  return rest === '' ? parts : [...parts, rest]
}

/** The number of UTF-16 units whose code points fit into `maxBytes`; at least one code point. */
function longestPrefix(text: string, maxBytes: number): number {
  let bytes = 0
  let end = 0
  for (const point of text) {
    bytes += Buffer.byteLength(point)
    if (bytes > maxBytes && end > 0) break
    end += point.length
  }
  return end
}

/** Where to cut within the first `limit` units: at a line end, after a separator, between graphemes, or at the limit. */
function cutAt(text: string, limit: number, maxBytes: number): number {
  const lineEnd = text.lastIndexOf('\n', limit)
  if (lineEnd > 0 && (lineEnd >= limit / 2 || nextLineFits(text, lineEnd, maxBytes))) return lineEnd
  const whole = wholeGraphemes(text, limit)
  return separatorBefore(text, whole) ?? whole
}

function nextLineFits(text: string, lineEnd: number, maxBytes: number): boolean {
  const next = text.indexOf('\n', lineEnd + 1)
  return Buffer.byteLength(text.slice(lineEnd + 1, next === -1 ? undefined : next)) <= maxBytes
}

/** The last boundary between graphemes at or before the limit; the limit itself where one grapheme fills all of it. */
function wholeGraphemes(text: string, limit: number): number {
  let last = 0
  // Eight units beyond the limit are enough to see whether the last grapheme goes on.
  for (const { index } of graphemes.segment(text.slice(0, limit + 8))) {
    if (index > limit) break
    last = index
  }
  return last === 0 ? limit : last
}

/** Just after the last sentence end in the last quarter, else after the last separator in the last half. */
function separatorBefore(text: string, end: number): number | undefined {
  return lastAfter(text, end, end * 0.75, SENTENCE_ENDS) ?? lastAfter(text, end, end / 2, SEPARATORS)
}

function lastAfter(text: string, end: number, from: number, characters: string): number | undefined {
  for (let at = end; at > from && at > 0; at -= 1) {
    if (characters.includes(text.charAt(at - 1)) && isBoundary(text, at)) return at
  }
  return undefined
}

/** A separator may carry a mark of its own (a variation selector, an accent): that stays with it. */
function isBoundary(text: string, at: number): boolean {
  const pair = graphemes.segment(text.slice(at - 1, at + 2))
  return pair.containing(1)?.index !== 0
}

/** At most `most` UTF-16 units, ending in … where something was cut. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  let short = ''
  for (const { segment } of graphemes.segment(text)) {
    if (short.length + segment.length + 1 > most) break
    short += segment
  }
  return `${short}…`
}
