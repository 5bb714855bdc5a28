/** What became of the lines that people said. */
export interface LineCounts {
  /** A command ran. */
  answered: number
  /** It ended in a sentence for the person: a slip, a refusal, what does not exist. */
  refused: number
  unknown: number
  /** A courtesy, a picture, a stale choice …: no command was meant. */
  other: number
  /** From somebody who is not on the roster. */
  stranger: number
  repeated: number
  /** Ended in an incident. */
  failed: number
}

export const noLines = (): LineCounts => ({
  answered: 0,
  refused: 0,
  unknown: 0,
  other: 0,
  stranger: 0,
  repeated: 0,
  failed: 0,
})
