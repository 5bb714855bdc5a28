import { z } from 'zod'
import type { Allow, Reach } from '../domain/roster.ts'
import type { Branch, Draft, Person, Post } from '../store/collections.ts'
import type { ReadTx, Tx, UpdateOptions } from '../store/records.ts'
import type { Answer, Client, Directory, Inbound, Reply } from './message.ts'

export type Moment = '会前' | '会中' | '会后' | '通知' | '党费' | '学习' | '我'

export interface Command<Args extends z.ZodObject = z.ZodObject> {
  /** ASCII, equal to the file name: 'meeting-new'. */
  name: string
  /** What people type, one or two words, most common first: ['会议 新建', 'meeting new']; the longest match wins. */
  aliases: readonly [string, ...string[]]
  /** One line in /帮助, and the heading it stands under. */
  summary: string
  moment: Moment
  /** Every one is parsed by a test; wrong arguments are answered with one, made of the person's own data. */
  examples: readonly [string, ...string[]]
  allow: Allow
  /** Names, votes, money: in single chat alone. */
  privateOnly?: boolean
  /**
   * What an @ in front may say: 'branch' (the default of lines that not everyone has) or 'people', groups and posts too.
   * Lines that everyone has take one only where this is said: what begins with @ there is mostly what the person means to say.
   */
  audience?: 'branch' | 'people'
  /** The same line from the same person within 5 s counts as one: for lines that book, publish or send. */
  once?: boolean
  /** Words fill the keys in order, see `line.ts`. The builders below say how many words a key takes. */
  args: Args
  run(ctx: CommandContext, args: z.output<Args>): Promise<Reply>
  /** Words that may follow the draft's id: '/发布 d-12 现场码'. Others are refused before `publish`; URGENT takes a reason. */
  publishOptions?: readonly string[]
  /** What 发布 does with a draft of this command, in the update that settles the draft. `became`: 'm-17'. */
  publish?(ctx: CommandContext, tx: CommandTx, draft: Draft, said: PublishSaid): Promise<Published>
}

/** '/发布 d-12 紧急 台风要来': breaks the quiet hours, and says why. */
export const URGENT = '紧急'

export interface PublishSaid {
  /** Those of `publishOptions` that were said. */
  words: ReadonlySet<string>
  /** Why it is urgent; null: it is not. */
  urgent: string | null
}

export interface Published {
  answer: Answer
  became: string
}

/** Types flow from `args` into `run`; nothing happens. */
export const defineCommand = <Args extends z.ZodObject>(command: Command<Args>): Command<Args> => command

/** Whether an `@` in front of its words says whom or what it is about. */
export const takesAudience = ({ audience, allow }: Command): boolean => audience !== undefined || allow !== 'everyone'

/** A transaction that sees the speaker's reach and nothing else: a record outside it does not exist. */
export interface CommandReadTx extends ReadTx {
  /** Past the reach: for finding who must be told, never for what is shown. */
  readonly township: ReadTx
}
export interface CommandTx extends Tx {
  readonly township: ReadTx
}

export interface CommandStore {
  read<T>(run: (tx: CommandReadTx) => Promise<T>): Promise<T>
  /** The reply is stored in the same commit, so that a repeat gets it again: one update a line, a second throws. */
  update(
    lock: string | readonly string[],
    run: (tx: CommandTx) => Promise<Reply>,
    options?: UpdateOptions,
  ): Promise<Reply>
}

/** The words after an @: `@水泉` a branch, `@一组` a group, `@书记` `@委员` posts, `@全镇` all. */
export interface Audience {
  all: boolean
  branch: Branch | null
  group: string | null
  posts: readonly Post[]
}

export interface CommandContext {
  /** Who spoke. */
  readonly person: Person
  readonly now: Date
  readonly client: Client
  readonly private: boolean
  readonly via: Inbound['via']
  /** The public address of this service, without a slash at its end. */
  readonly baseUrl: string
  /** Said with the slash, or by a button: what is a courtesy without it ('收到') is a command with it. */
  readonly slashed: boolean
  readonly audience: Audience | null
  /** Where the speaker may use this line. */
  readonly reach: Reach
  readonly store: CommandStore
  /** WeCom's directory, outside an update. Throws UserError where this process has no WeCom. */
  readonly directory: Directory
  /** What the speaker may say, worked out when asked. */
  manual(): Promise<Manual>
  /** The meeting whose roll this person was shown last, within a day: row numbers mean its rows. */
  readonly rollShown: string | null
  /** personIds in the order of the list of dues that this person was shown last, within a day. */
  readonly duesListShown: readonly string[] | null
  /** The MediaId of the picture he sent within the last half hour: attached to a notice. */
  readonly picture: string | null
  /** He said the same line, one that counts once, within five seconds. */
  readonly saidJustNow: boolean
  /** The branch the line is about: the one named, else the only one in reach, else his own. Throws UserError: asks for it. */
  branch(tx: CommandReadTx): Promise<Branch>
  /** The words that the command that made the draft takes after its id. */
  publishOptions(draft: Draft): readonly string[]
  /** Throws UserError where the speaker may not say, there, the line that made the draft. */
  refuseOthersLine(tx: CommandReadTx, draft: Draft): Promise<void>
  /** Runs the `publish` of the command that made the draft; refuses as `refuseOthersLine` does. */
  publish(tx: CommandTx, draft: Draft, said: PublishSaid): Promise<Published>
}

/** What the speaker may say. */
export interface Manual {
  readonly mine: readonly Entry[]
  find(words: string): Entry | undefined
}
export type Entry = Pick<Command, 'name' | 'aliases' | 'summary' | 'moment' | 'examples'>

/** What /帮助 gets for text that is no command: XML 1.0 has no such character, so nobody can type it. */
export const GLANCE = '\u0000'

/** Width and case folded: for ids, codes and the words of a command, never for free text. */
export const fold = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

declare module 'zod' {
  interface GlobalMeta {
    /** How many words the key takes: up to a number (the longest that fits), or words as long as they name people. */
    words?: number | 'people'
  }
}

const idArgument = (prefix: string, word: string) =>
  z
    .string()
    .transform(fold)
    .pipe(z.string().regex(new RegExp(`^(?:${prefix}-?|${word})?\\d{1,9}$`)))
    .transform(text => `${prefix}-${Number(text.replace(/\D/g, ''))}`)

/** 'm-17' 'm17' '17' '会议17' -> 'm-17'. */
export const meetingId = () => idArgument('m', '会议')
/** 'd-12' 'd12' '12' -> 'd-12'. */
export const draftId = () => idArgument('d', '预览')
/** 'n-17' 'n17' '17' '通知17' -> 'n-17'. */
export const noticeId = () => idArgument('n', '通知')
/** 'q-3' 'q3' '3' '测验3' -> 'q-3'. */
export const quizId = () => idArgument('q', '测验')
/** 't-12' 't12' '12' '题12' -> 't-12'. */
export const questionId = () => idArgument('t', '题')
/** Names, initials and row numbers as they were said; domain/people.ts finds whom they mean. */
export const peopleWords = () => z.array(z.string()).min(1).meta({ words: 'people' })
/** Free text as it was typed: at least one character that is not a space, at most `max` characters. */
export const freeText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max, { error: `最多 ${max} 个字` })
