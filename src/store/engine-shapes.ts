import { z } from 'zod'

/** The shapes of what the heart and the engine keep for themselves: drafts, conversations, answers, the outbox, the audit. */

const instant = z.iso.datetime()

const choice = z.object({ label: z.string(), line: z.string(), words: z.string().optional() })
const options = z.object({
  mode: z.enum(['single', 'multiple']),
  submit: z.string(),
  list: z.array(z.object({ id: z.string(), text: z.string() })),
})
const words = z.object({
  text: z.string(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })).optional(),
  choices: z.array(choice).optional(),
  options: options.optional(),
  picture: z.string().optional(),
})
const reportArgument = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])
const message = words.extend({
  file: z.object({ report: z.string(), args: z.record(z.string(), reportArgument) }).optional(),
})
const answerMessage = words.extend({
  awaits: z.string().optional(),
  digits: z.array(z.string()).optional(),
  mayAnswerLate: z.literal(true).optional(),
  outcome: z.string().optional(),
  rollOf: z.string().optional(),
  duesList: z.object({ branchId: z.string(), rows: z.array(z.string()) }).optional(),
  usedPicture: z.literal(true).optional(),
})

export const draft = z.object({
  draftId: z.string(),
  command: z.string(),
  branchId: z.string(),
  group: z.string().nullable(),
  by: z.string(),
  at: instant,
  content: z.json(),
  state: z.enum(['open', 'published', 'dropped']),
  settledBy: z.string().nullable(),
  /** 'm-17': what it became. */
  became: z.string().nullable(),
})
export type Draft = z.infer<typeof draft>

const pressedCard = z.object({ taskId: z.string(), responseCode: z.string() })

/** What the bot is waiting for from one person, and his last line that may not run twice. */
export const conversation = z.object({
  personId: z.string(),
  awaited: z
    .object({
      line: z.string().nullable(),
      digits: z.array(z.string()),
      /** The words that bring the question back once it has gone stale: '会议 新建'. */
      resume: z.string(),
      /** The card whose question is still open: greyed when the answer comes. */
      card: pressedCard.nullable(),
      /** Holds for a day, not for half an hour. */
      late: z.boolean().optional(),
      /** By another command: it is awaited no more, and only told how to be asked again. */
      cleared: z.boolean().optional(),
      at: instant,
    })
    .nullable(),
  /** `byDigit`: a second tap of that digit means the same. */
  last: z.object({ line: z.string(), at: instant, answer: answerMessage, byDigit: z.boolean().optional() }).nullable(),
  /** The roll last shown: row numbers mean its rows, in order. */
  rolled: z.object({ meetingId: z.string(), at: instant }).nullable(),
  /** The list of dues last shown: row numbers mean its payers. */
  duesListed: z
    .object({ branchId: z.string(), rows: z.array(z.string()), at: instant })
    .nullable()
    .optional(),
  /** The picture he sent last: attached to the next notice within half an hour. */
  picture: z.object({ mediaId: z.string(), at: instant }).nullable().optional(),
})
export type Conversation = z.infer<typeof conversation>

export const storedAnswer = z.object({
  key: z.string(),
  at: instant,
  answer: answerMessage.nullable(),
  client: z.enum(['cards', 'text']),
})
export type StoredAnswer = z.infer<typeof storedAnswer>

export const audit = z.object({
  auditId: z.string(),
  at: instant,
  by: z.string(),
  branchId: z.string().nullable(),
  what: z.string(),
  about: z.string(),
  before: z.json().optional(),
  after: z.json().optional(),
  why: z.string().optional(),
})
export type Audit = z.infer<typeof audit>

/** One call to message/send: who, in which order, and how far it came. The same byte for byte after a restart. */
const call = z.object({
  part: z.record(z.string(), z.json()),
  userIds: z.array(z.string()),
  state: z.enum(['waiting', 'underway', 'done', 'failed']),
  /** When it was first under way: WeCom knows it as a duplicate for some hours only. */
  markedAt: instant.optional(),
  /** What a recall needs. */
  msgids: z.array(z.string()).optional(),
})

export const outgoing = z.object({
  outgoingId: z.string(),
  /** Order is by this number, never by time: the clock may be moved back. */
  number: z.number().int(),
  message,
  to: z.array(z.string()),
  at: instant,
  dueAt: instant,
  dedupeKey: z.string().nullable(),
  about: z.string().nullable(),
  state: z.enum(['waiting', 'underway', 'done']),
  /** Made at the first attempt. */
  calls: z.array(call).nullable(),
  unreached: z.array(z.object({ personId: z.string(), code: z.string(), advice: z.string() })),
  /** Goes out in the quiet hours too. */
  urgent: z.boolean().optional(),
  /** Of no use after this. */
  until: instant.optional(),
  /** The matter of a personal reminder: 'meeting:m-17'. */
  reminder: z.string().optional(),
  /** Who is told when everybody was tried. */
  reportTo: z.string().optional(),
  /** The picture of the message as it was uploaded for sending. */
  mediaId: z.string().optional(),
  /** The file of the message as it was uploaded, or the sentence that goes out in its place. */
  file: z.union([z.object({ mediaId: z.string(), at: instant }), z.object({ instead: z.string() })]).optional(),
})
export type Outgoing = z.infer<typeof outgoing>

export const counter = z.object({ name: z.string(), last: z.number().int() })

export const setting = z.object({ name: z.string(), value: z.json() })

/** 32 bytes in hexadecimal, made once. */
export const secret = z.object({ name: z.string(), value: z.string().regex(/^[0-9a-f]{64}$/) })
export type Secret = z.infer<typeof secret>

/** What people get alone where their group does not get the post. */
const instead = z.object({
  message,
  to: z.array(z.string()),
  about: z.string().optional(),
  reminder: z.string().optional(),
  until: instant.optional(),
  urgent: z.boolean().optional(),
})

const choreWork = z.discriminatedUnion('does', [
  z.object({ does: z.literal('post'), text: z.string(), instead: instead.optional() }),
  z.object({ does: z.literal('make-chat'), chatId: z.string(), name: z.string(), ownerId: z.string() }),
  /** Brings the members of the branch's group in step with the roster. */
  z.object({ does: z.literal('sync-chat') }),
  z.object({ does: z.literal('recall'), msgid: z.string() }),
])
export type ChoreWork = z.infer<typeof choreWork>

/** One thing to be done at WeCom besides telling people. */
export const chore = z.object({
  choreId: z.string(),
  /** Order is by this number, never by time. */
  number: z.number().int(),
  lane: z.string(),
  branchId: z.string().nullable(),
  /** Who asked for it: a personId, or the name of a job. */
  by: z.string(),
  what: choreWork,
  at: instant,
  dueAt: instant,
  dedupeKey: z.string().nullable(),
  urgent: z.boolean().optional(),
  until: instant.optional(),
  /** 'underway': begun, and nobody knows yet what came of it. */
  state: z.enum(['waiting', 'underway', 'done', 'failed']),
  /** How many of its calls are done: a long post takes several. */
  done: z.number().int(),
  /** Of a post: how many of its calls certainly came to an end. Under way and not the same: nobody knows of the last one. */
  settled: z.number().int().optional(),
  /** Why it failed, in Chinese, with what to do. */
  why: z.string().nullable(),
})
export type Chore = z.infer<typeof chore>

/** One minute of one job: who inserts it runs it. 'open': begun, not finished, so that a later look takes it up again. */
export const slot = z.object({
  slotId: z.string(),
  job: z.string(),
  minute: instant,
  state: z.enum(['open', 'done']),
  report: z.string().nullable(),
  /** Who runs it, another at each start of a process, and since when. */
  by: z.string().optional(),
  at: instant.optional(),
})
export type Slot = z.infer<typeof slot>
