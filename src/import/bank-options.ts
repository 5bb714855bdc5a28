/** Options that stand in one line: '……（ ） A. 甲 B、乙'. */

const MARK = /(?<=^|[\s\u3000)）。？?；;])([A-HＡ-Ｈ])\s*[、.．:：)）]\s*/g

export interface SplitOptions {
  before: string
  options: string[]
}

/** The letters have to come one after the other from `first` on: an option may speak of 'B. 超' and is still one. */
export function splitOptions(text: string, first = 0): SplitOptions {
  const marks: { at: number; end: number }[] = []
  for (const found of text.matchAll(MARK)) {
    if (letterIndex(found[1] ?? '') !== first + marks.length) continue
    marks.push({ at: found.index, end: found.index + found[0].length })
  }
  const [start] = marks
  if (!start) return { before: text, options: [] }
  const options = marks.map(({ end }, n) => text.slice(end, marks[n + 1]?.at).trim())
  return { before: text.slice(0, start.at).trim(), options }
}

/** Of a line that begins with one: which letter it is, counted from 0. */
export function leadingOption(text: string): number | null {
  const [, letter] = /^([A-HＡ-Ｈ])\s*[、.．:：)）]/.exec(text) ?? []
  return letter === undefined ? null : letterIndex(letter)
}

const letterIndex = (letter: string): number => letter.normalize('NFKC').charCodeAt(0) - 'A'.charCodeAt(0)
