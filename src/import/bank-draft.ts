import { dayIn } from '../domain/roster-cells.ts'

/** A question as it stands in a file, whatever the file's form, before anybody has looked whether it is right. */
export interface Draft {
  /** The sheet's row, the text's line, or which one it is where neither can be seen: to sort by. */
  row: number
  /** How the officer finds it: '第 5 行', '工作表“多选”第 5 行', '第 3 题（第 12 行）'. */
  where: string
  /** '' where nothing is said. */
  kind: string
  stem: string
  options: string[]
  /** Several texts, or one that may hold several between |. */
  answer: string | string[]
  explanation: string
  source: string | { law: string; article: string | null; edition: string | null }
  difficulty: string
  category: string
  validFrom: string
  validTo: string
  /** What the reader of the file found. */
  flaws: Flaw[]
}

export interface Flaw {
  /** The heading of the column, or the part of the question. */
  column: string
  why: string
}

/** What a file holds. */
export interface BankFile {
  /** '表格', 'GIFT' …: told to the officer, so that he sees whether it was understood. */
  form: string
  title: string | null
  drafts: Draft[]
  unknownColumns: string[]
}

export const emptyDraft = (row: number, where: string): Draft => ({
  row,
  where,
  kind: '',
  stem: '',
  options: [],
  answer: '',
  explanation: '',
  source: '',
  difficulty: '',
  category: '',
  validFrom: '',
  validTo: '',
  flaws: [],
})

/**
 * Signs nobody sees go; the joiner inside an emoji stays, and so does whatever a cell begins with (= + - @): it is text.
 * Endless blanks become one first: patterns that look for an end behind them take the square of their number.
 */
export const cleaned = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f\u200b\u2060\ufeff]/g, ' ')
    .replace(/[^\S\n]{100,}/g, ' ')
    .replace(/\n{100,}/g, '\n\n')
    .replace(/^[\s\u3000]+|[\s\u3000]+$/g, '')

const NOTHING = /^(?:[-–—―/\\]+|无)$/

/** A day, null for none; undefined: it cannot be read. */
export function dayOrNone(said: string): string | null | undefined {
  const text = cleaned(said).normalize('NFKC')
  return text === '' || NOTHING.test(text) || text === '长期' ? null : dayIn(text)
}
