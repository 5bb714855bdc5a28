import { z } from 'zod'
import { fold } from './command.ts'

/**
 * How a line is read (COMMANDS.md). Text is folded for comparison only: what is free text reaches the command as it was
 * typed. Nothing here knows a command; it is given their aliases and argument shapes.
 */

const SPACES = /[\s\u3000]+/u
const COMMAND_MARK = /^[\s\u3000]*[/／、]/u

export const wordsOf = (text: string): string[] => text.split(SPACES).filter(word => word !== '')

/** Begins with `/`, `／` or a leading `、`. */
export const startsCommand = (text: string): boolean => COMMAND_MARK.test(text)
export const withoutMark = (text: string): string => text.replace(COMMAND_MARK, '')

/** Folds width and case character by character, so that positions in the text stay what they were. */
export function foldInPlace(text: string): string {
  let folded = ''
  for (const char of text) {
    const narrow = char.normalize('NFKC').toLowerCase()
    folded += narrow.length === char.length ? narrow : char
  }
  return folded
}

export interface Match<C> {
  command: C
  /** How many words its name has. */
  words: number
  /** By the name it is best known by, not by one of the many ways people put it ('到', '来不了'). */
  byFirstAlias: boolean
  /** What follows the command's words, as it was typed. */
  rest: string
}

interface Alias<C> {
  words: string[]
  length: number
  command: C
  first: boolean
}

/** Aliases of all commands, longest first, ready to be looked for. */
export class AliasIndex<C> {
  /** By their first character, so that a line is compared with a few aliases and not with all. */
  readonly #entries = new Map<string, Alias<C>[]>()
  readonly #whole = new Map<string, C>()

  add(alias: string, command: C, isFirst = false): void {
    const words = wordsOf(fold(alias))
    const first = words[0]?.[0] ?? ''
    const entries = [
      ...(this.#entries.get(first) ?? []),
      { words, length: words.join('').length, command, first: isFirst },
    ]
    this.#entries.set(
      first,
      entries.sort((a, b) => b.length - a.length),
    )
    this.#whole.set(words.join(''), command)
  }

  /** The command that the whole text names, spaces aside: '会议 新建', '会议新建'. */
  whole(text: string): C | undefined {
    return this.#whole.get(wordsOf(foldInPlace(text)).join(''))
  }

  /**
   * The longest alias the text begins with; an audience between its words belongs to what follows it. What may follow without a
   * space: after a slash everything; in plain text digits, and behind the best known name an id, a comma or a colon; in an
   * `answer` to a question digits alone.
   */
  match(text: string, said: 'slashed' | 'plain' | 'answer'): Match<C> | undefined {
    const folded = foldInPlace(text)
    for (const { words, command, first } of this.#entries.get(folded.trimStart()[0] ?? '') ?? []) {
      const found = findAlias(folded, words)
      if (found && mayFollow(folded, found.end, said === 'plain' && !first ? 'answer' : said)) {
        const audience = text.slice(...found.audience).trim()
        const rest = `${audience} ${text.slice(found.end).replace(BREAK, '').trim()}`.trim()
        return { command, rest, words: words.length, byFirstAlias: first }
      }
    }
    return undefined
  }
}

/** '报表 @水泉 党费' is '报表 党费 @水泉': who is meant may be said before what. */
const AUDIENCE_BETWEEN = /^[\s\u3000]+(?:@[^\s@]+[\s\u3000]+)+/u

/** Where the alias ends, and the part of the text that is an audience behind its first word. */
function findAlias(folded: string, words: readonly string[]): { end: number; audience: [number, number] } | undefined {
  let at = folded.length - folded.trimStart().length
  let audience: [number, number] = [at, at]
  for (const [index, word] of words.entries()) {
    if (index === 1) {
      audience = [at, at + (AUDIENCE_BETWEEN.exec(folded.slice(at))?.[0].length ?? 0)]
      at = audience[1]
    }
    while (SPACES.test(folded[at] ?? '')) at += 1
    if (!folded.startsWith(word, at)) return undefined
    at += word.length
  }
  return { end: at, audience }
}

/** Between a command and what belongs to it: '请假：感冒', '收到，16'. */
const BREAK = /^[\s\u3000]*[:：,，]/u
const ID = /^[a-z]-?\d/

function mayFollow(folded: string, end: number, said: 'slashed' | 'plain' | 'answer'): boolean {
  const next = folded[end]
  if (next === undefined || SPACES.test(next) || /\d/.test(next)) return true
  if (said === 'answer') return false
  const insideAsciiWord = /[a-z]/.test(next) && /[a-z]/.test(folded[end - 1] ?? '')
  if (insideAsciiWord) return false
  return said === 'slashed' || BREAK.test(next) || ID.test(folded.slice(end))
}

export interface ReadEnvironment {
  /** Whether a word names somebody in the speaker's reach. */
  namesPerson(word: string): boolean
}

export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
  /** The key that is missing or refused its word. */
  constructor(
    readonly key: string,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Words fill the keys of the shape in order. A key takes one word unless its schema says otherwise (`words` in its meta); an
 * optional key that refuses the word is skipped and the next gets it; a key of people takes words as long as they name
 * people; the last key takes the rest, as it was typed. Throws ArgumentError.
 */
export function readArguments(schema: z.ZodObject, text: string, env: ReadEnvironment): Record<string, unknown> {
  const keys = Object.entries(schema.shape) as [string, z.ZodType][]
  const reader = new Reader(text, env)
  const values: Record<string, unknown> = {}
  keys.forEach(([key, shape], index) => {
    const value = index === keys.length - 1 ? reader.takeLast(key, shape) : reader.take(key, shape)
    if (value !== undefined) values[key] = value
  })
  if (!reader.done) throw new ArgumentError('', `没看懂“${reader.remaining}”`)
  return values
}

class Reader {
  #rest: string
  constructor(
    text: string,
    private readonly env: ReadEnvironment,
  ) {
    this.#rest = text.trim()
  }

  get done(): boolean {
    return this.#rest === ''
  }

  get remaining(): string {
    return this.#rest.length > 20 ? `${this.#rest.slice(0, 20)}…` : this.#rest
  }

  take(key: string, schema: z.ZodType): unknown {
    const takes = wordsTaken(schema)
    return takes === 'people' ? this.#takePeople(key, schema) : this.#takeWords(key, schema, takes)
  }

  takeLast(key: string, schema: z.ZodType): unknown {
    if (wordsTaken(schema) === 'people') return this.#takePeople(key, schema)
    const parsed = judge(schema, this.done ? undefined : this.#rest)
    if (parsed.success) {
      this.#rest = ''
      return parsed.data
    }
    if (this.done && schema.safeParse(undefined).success) return undefined
    throw new ArgumentError(key, this.done ? '' : firstComplaint(parsed.error, this.remaining))
  }

  #takeWords(key: string, schema: z.ZodType, most: number): unknown {
    const words = wordsOf(this.#rest)
    for (let count = Math.min(most, words.length); count > 0; count -= 1) {
      const parsed = schema.safeParse(words.slice(0, count).join(' '))
      if (!parsed.success) continue
      this.#skip(count)
      return parsed.data
    }
    return this.#without(key, schema, words[0])
  }

  #takePeople(key: string, schema: z.ZodType): unknown {
    const words: string[] = []
    for (const word of wordsOf(this.#rest)) {
      if (!this.env.namesPerson(word)) break
      words.push(word)
    }
    if (words.length === 0) return this.#without(key, schema, wordsOf(this.#rest)[0])
    this.#skip(words.length)
    return schema.parse(words)
  }

  #without(key: string, schema: z.ZodType, word: string | undefined): unknown {
    const parsed = schema.safeParse(undefined)
    if (parsed.success) return parsed.data
    const refused = word === undefined ? '' : firstComplaint(judge(schema, word).error, word)
    throw new ArgumentError(key, refused)
  }

  #skip(count: number): void {
    for (let i = 0; i < count; i += 1) this.#rest = this.#rest.replace(/^\S+[\s\u3000]*/u, '')
  }
}

function wordsTaken(schema: z.ZodType): number | 'people' {
  const words =
    schema.meta()?.words ?? (schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType).meta()?.words : undefined)
  return words ?? 1
}

/** Only what a schema says in words of its own: zod's are English, and quote our patterns. */
const judge = (schema: z.ZodType, value: unknown) => schema.safeParse(value, { error: () => '' })

/** A complaint that a schema wrote itself, else the plain fact. */
const firstComplaint = (error: z.ZodError | undefined, word: string): string =>
  error?.issues.find(issue => issue.message !== '')?.message ?? `没看懂“${word}”`
