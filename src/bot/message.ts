/**
 * A message is meaning, not a payload: `wecom/render.ts`, and nothing else, makes payloads of it, per recipient's client.
 * Nothing may be possible only by card: `render` puts every choice into words for those who see plain text.
 */
export interface Message extends Words {
  /**
   * A report that is made and uploaded at delivery, and follows the words; several recipients get the same file. WeCom drops
   * words it saw in the last four hours: let them say their time where the same file may be wanted twice.
   */
  file?: FileOrder
}

/** What a message says, apart from a file. */
export interface Words {
  /** First line: the fact. Then the next step. Chinese, plain text, lines separated by \n. */
  text: string
  /** Label and value pairs: rows of a card, `label：value` lines in plain text. At most six, label at most 5 characters. */
  facts?: Fact[]
  /** What the person can press or, as digits in a reply, type. At most six. */
  choices?: Choice[]
  /**
   * A question with options to tick and one button for all. A card asks nothing else, so that beside these `choices` become
   * words, and digits stand for none of them. Where a blank line parts the text, the question is what follows the last one.
   */
  options?: Options
  /** The MediaId of a picture that somebody sent to the bot: shown after the words. WeCom keeps it three days. */
  picture?: string
}

/** A report by its name, and what it is to be about: JSON, which the report itself checks. */
export interface FileOrder {
  report: string
  args: Record<string, string | number | boolean | null | string[]>
}

/** What became of an order. The name is what the person sees: '党费收缴登记表 2026年.xlsx'. */
export interface NamedFile {
  name: string
  bytes: Uint8Array
}

/** A message as calls are made of it: its file, like its picture, is at WeCom under this MediaId. */
export interface Sendable extends Words {
  file?: string
}

export interface Fact {
  label: string
  value: string
}

export interface Choice {
  /** At most 10 characters. The labels of COMMANDS.md are a contract: 发布 准假 不准 确认 有误 结束 请假 收到. */
  label: string
  /** The line that pressing it says: '/发布 d-12'. */
  line: string
  /** How to say it where the message is pushed as plain text: '不能来请回：请假17 事由'. Left out: `${label}请回：${line}`. */
  words?: string
}

export interface Options {
  mode: 'single' | 'multiple'
  /**
   * The line that submitting says, with the ticked ids behind it, sorted, each once: '/答题 q-3 2' + ' AC'. Nothing ticked: the
   * line alone. In an answer it is also what the person's next text completes, unless `awaits` says another.
   */
  submit: string
  /** At most 20, all of one message with different ids; of several the ids are run together, so let them be one letter each. */
  list: Option[]
}

export interface Option {
  /** 'A': no spaces. */
  id: string
  /** Whole on the card where 'A. ' and it have at most 17 characters; else whole in the text before the card. */
  text: string
}

/** What a command answers to the person who spoke. */
export interface Answer extends Words {
  /** The answer to a callback is text alone, and not repeated: a file is sent, `tx.send({ text, file }, [self], { urgent: true })`. */
  file?: never
  /** The line that the person's next plain text completes: '/请假 m-17' + ' 发烧'. Left out: the `submit` of `options`. */
  awaits?: string
  /** Lines that 1, 2 … stand for where the text itself names the digits (no card is made of these). */
  digits?: string[]
  /** The chosen line sees itself to what was asked long ago: its number may still be said tomorrow. */
  mayAnswerLate?: true
  /** What the button of the pressed card says from now on ('已发布 m-17'). Absent: the card stays alive. */
  outcome?: string
  /** The meeting whose roll this shows: from now on row numbers mean its rows. */
  rollOf?: string
  /** The list of dues this shows: from now on row numbers mean its payers, as they stood in it. */
  duesList?: { branchId: string; rows: string[] }
  /** The picture that was attached to what this answers: the next line begins without it. */
  usedPicture?: true
}

/** null: nothing to say, and silence is right (a thank-you). */
export type Reply = Answer | null

/** How a person sees choices: template cards (WeCom), or plain text (the WeChat plug-in shows no cards, WECOM.md 4.6). */
export type Client = 'cards' | 'text'

/** What reached the bot from one person, whatever it was in WeCom. */
export interface Inbound {
  /** The same for each delivery of one message: userId + MsgId, or userId + hash of the decrypted event. */
  key: string
  /** Lower case: WeCom compares UserIDs without case. */
  userId: string
  /** What was typed, or the key of the button, menu item or QR code. Empty where `via` is 'wordless'. */
  line: string
  /** 'wordless': a picture, voice, place …: there is no text to read. */
  via: 'text' | 'click' | 'scan' | 'card' | 'wordless'
  /** The pressed card: its ResponseCode updates it once. */
  card?: PressedCard
  /** Of a picture that was sent: its MediaId. `via` is 'wordless'. */
  picture?: string
  /** Said where others read along. A self-built app hears single chats alone (WECOM.md 2.2), so absent from it. */
  inGroup?: true
}

export interface PressedCard {
  taskId: string
  responseCode: string
}

/** What `receive` makes of an inbound message: the answer, for which kind of client, and the card that is settled by it. */
export interface Outcome {
  reply: Reply
  client: Client
  /** The card to grey: the one just pressed, or the one whose question this text answered. */
  settles?: { card: PressedCard; text: string }
}

/** One call of message/send, without its receivers: JSON that can be stored and sent again byte for byte. */
export type Part = Readonly<Record<string, unknown>>

/** What the outbox and the callback need of WeCom; `wecom/courier.ts` is the one that is not a test's. */
export interface Courier {
  /** The calls a message takes for one kind of client, in order. `reply`: it answers the person's own line, so digits work. */
  parts(message: Sendable, client: Client, mode: 'reply' | 'pushed', taskId: string): readonly Part[]
  /**
   * Sends one part to up to 1,000 people, retries what may be retried. `checkDuplicates` sets enable_duplicate_check.
   * Resolves with whom WeCom could not reach. Throws WecomError, or WecomUnreachableError (see `ambiguous`).
   */
  send(part: Part, userIds: readonly string[], checkDuplicates: boolean): Promise<Sent>
}

/** What WeCom said of one call. `msgid`: what a recall needs; a list that had to be halved has several. */
export interface Sent {
  unreached: readonly Unreached[]
  msgids: readonly string[]
}

/** A branch's group: made by the bot, or an ordinary WeCom group with a robot whose webhook key was given. */
export type Chat = { kind: 'appchat'; chatId: string } | { kind: 'webhook'; key: string }

/**
 * What the chores need of WeCom besides telling people; `wecom/platform.ts` is the one that is not a test's. Everything
 * throws WecomError, or WecomUnreachableError (see `ambiguous`); all but `post` may be repeated without harm.
 */
export interface Platform {
  /** Makes a group with a chatId of ours; one that exists already is left as it is. At least two people. */
  createChat(chat: { chatId: string; name: string; owner: string; userIds: readonly string[] }): Promise<void>
  updateChat(chat: { chatId: string; add: readonly string[]; remove: readonly string[]; owner?: string }): Promise<void>
  /** The calls that one post takes, in order: texts are split at line ends. */
  postParts(text: string): readonly Part[]
  post(chat: Chat, part: Part): Promise<void>
  /** Within 24 hours of the sending; the copy in WeChat stays (WECOM.md 5.2). */
  recall(msgid: string): Promise<void>
  /** Fetches a picture that a member sent and uploads it again; returns the MediaId to send (three days). */
  rehost(mediaId: string): Promise<string>
}

/** `code`: 40003-like errcode, or 'unlicensed' / 'invalid' for the two lists of message/send. `advice`: Chinese, what to do. */
export interface Unreached {
  userId: string
  code: string
  advice: string
}

/** What a self-built app may see of WeCom's directory; `wecom/directory.ts` is the one that is not a test's. */
export interface Directory {
  /**
   * All of the app's visible range that WeCom shows: refusals are told in `unseen` and stop nothing else. Names of accounts that
   * stand in no visible department are asked for one by one where `isKnown` says no. Outside an update.
   */
  look(isKnown: (userId: string) => boolean): Promise<SeenDirectory>
}

export interface SeenDirectory {
  accounts: readonly SeenAccount[]
  /** Names of the visible departments, those without members too. */
  departments: readonly string[]
  /** What WeCom refused, in Chinese, with what to do. Where there is any, nobody is missing for certain. */
  unseen: readonly string[]
}

export interface SeenAccount {
  /** Lower case. */
  userId: string
  /** null: WeCom does not show it. */
  name: string | null
  /** Their names, as far as they are shown. */
  departments: readonly string[]
}
