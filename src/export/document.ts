/**
 * A document to print and read aloud, in plain JSON: what a collector makes of the records, and a worker writes as DOCX. It
 * says what follows what, and leaves the looks to `docx.ts`.
 */
export interface Document {
  /** What the person sees, without a path: '题库 党章.docx'. What file systems refuse is taken out. */
  fileName: string
  title: string
  /** Under the title, in its middle: how many questions, which day. */
  lines?: readonly string[]
  blocks: readonly Block[]
}

export type Block =
  | { kind: 'heading'; text: string; newPage?: boolean }
  /** A question with its number; it stays on one page with the options after it. */
  | { kind: 'item'; text: string }
  /** The options of the question before; short ones share a line. */
  | { kind: 'options'; texts: readonly string[] }
  /** An answer, or another paragraph in ordinary type; what is `strong` stands before it. */
  | { kind: 'text'; strong?: string; text: string }
  /** The head of a form: two pairs in a line, a `wide` one in a line of its own. */
  | { kind: 'fields'; fields: readonly Field[] }
  | Table
  /** So many ruled lines, for what is written by hand. */
  | { kind: 'ruled'; lines: number }
  /** What is read from across the room, and below it what to do with it. */
  | { kind: 'large'; text: string; note: string }
  /** Who signs, each with room to do it: ['主持人签名', '记录人签名', '日期']. */
  | { kind: 'signatures'; who: readonly string[] }

export interface Field {
  label: string
  /** '' is a blank to write on. */
  value: string
  wide?: boolean
}

/** Its head stands on each page; no row is parted by the end of one. */
export interface Table {
  kind: 'table'
  columns: readonly TableColumn[]
  rows: readonly TableRow[]
  /** What stands in it where it has no rows; '没有记录'. */
  empty?: string
  /** Rows as high as an old hand needs for its name. */
  signed?: boolean
}

export interface TableColumn {
  header: string
  /** Its share of the page's width. */
  width: number
  align?: 'left' | 'center'
}

/** Cells that are missing at the end are blanks; a `band` goes across and says what the rows after it are. */
export type TableRow = { cells: readonly string[] } | { band: string }

/**
 * A sheet for the wall, in letters of 22 pt for who has no glasses at hand. It is one page, however long its names are: of
 * `people`, those asked first in front, the last are left out where there is no room.
 */
export interface Poster {
  /** As of a document: '明白纸 水泉村党支部.docx'. */
  fileName: string
  title: string
  /** What to say when: { when: '来不了', say: '请假 发烧' }. */
  says: { heading: string; rows: readonly { when: string; say: string }[] }
  notes: readonly string[]
  /** Who they are, and a blank for the number. */
  people: { heading: string; rows: readonly PosterPerson[] }
}

export interface PosterPerson {
  post: string
  /** '' is a blank to write on. */
  name: string
  /** The post, without a name, that stands once for all who were left out: '我的组长'. */
  orElse?: string
}

export const isDocument = (made: object): made is Document => 'blocks' in made
export const isPoster = (made: object): made is Poster => 'says' in made
