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

export const isDocument = (made: object): made is Document => 'blocks' in made
