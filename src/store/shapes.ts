import { z } from 'zod'
import { POSTS } from './people-shapes.ts'

export * from './dues-shapes.ts'
export * from './people-shapes.ts'

/** The shapes of what a township knows: branches, meetings, votes, notices. collections.ts says how each kind is kept. */

const instant = z.iso.datetime()
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

const chat = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('appchat'),
    chatId: z.string(),
    /** UserIDs that are in it, as far as the bot put them there. */
    members: z.array(z.string()),
    /** UserID of whom the bot made its owner; absent: a group from before that was kept. */
    owner: z.string().optional(),
    /** personIds of whom WeCom does not know, as the secretary was last told. */
    leftOut: z.array(z.string()).optional(),
    /** The secretary was told that fewer belong into it than a group has. */
    tooFew: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal('webhook'), key: z.string() }),
])
export type BranchChat = z.infer<typeof chat>

export const BRANCH_KINDS = ['村', '社区', '机关', '非公', '联合', '总支'] as const
export type BranchKind = (typeof BRANCH_KINDS)[number]

export const branch = z.object({
  branchId: z.string(),
  /** 3 of 'b-3': part of receipt numbers. */
  number: z.number().int(),
  name: z.string(),
  kind: z.enum(BRANCH_KINDS).nullable(),
  /** 联系领导: who of the township looks after it, by name. */
  leader: z.string().nullable(),
  /** 换届日期: when the term of its committee or secretary ends. */
  termEndsOn: day.nullable(),
  /** The branch's group; absent: it has none here. */
  chat: chat.nullable().optional(),
})
export type Branch = z.infer<typeof branch>

export const MEETING_KINDS = [
  '党员大会',
  '支委会',
  '党小组会',
  '党课',
  '主题党日',
  '组织生活会',
  '民主评议',
  '警示教育',
  '培训',
  '其他',
] as const
export type MeetingKind = (typeof MEETING_KINDS)[number]

/** One row of the roll as it stood when the meeting was closed. */
const rollRow = z.object({
  personId: z.string(),
  /**
   * In 应到; 'exempt' 可免考勤 and 'observer' 列席 are invited only; 'away' is a floating member on standing leave: in nothing;
   * 'left' has left the roll since the sheet was made: in nothing, he only keeps his row.
   */
  standing: z.enum(['expected', 'exempt', 'observer', 'away', 'left']),
  votes: z.boolean(),
  /** His place among the rows of the sheet, from 0. Absent where none were kept. */
  place: z.number().int().optional(),
})
export type RollRow = z.infer<typeof rollRow>

const quorumFigures = z.object({
  entitled: z.number().int(),
  present: z.number().int(),
  needed: z.number().int(),
  yesNeeded: z.number().int(),
  reached: z.boolean(),
})
export type QuorumFigures = z.infer<typeof quorumFigures>

const closing = z.object({
  at: instant,
  /** personId, or null for 自动结束. */
  by: z.string().nullable(),
  roll: z.array(rollRow),
  /** Only for kinds that vote (党员大会, 支委会); frozen: later entries change attendance, never this. */
  quorum: quorumFigures.nullable(),
})
export type Closing = z.infer<typeof closing>

export const meeting = z.object({
  meetingId: z.string(),
  branchId: z.string(),
  /** The party group of a 党小组会. */
  group: z.string().nullable(),
  kinds: z.array(z.enum(MEETING_KINDS)).min(1),
  startsAt: instant,
  endsAt: instant,
  place: z.string(),
  topic: z.string(),
  /** Four digits, said aloud. */
  code: z.string(),
  codeWanted: z.boolean(),
  state: z.enum(['open', 'closed', 'cancelled']),
  calledBy: z.string(),
  calledAt: instant,
  /** When its hour was last announced: the call, or a move. Absent where it was never moved. */
  toldAt: instant.optional(),
  /** 培训 and 其他 with people named; null: by kind. */
  invited: z.array(z.string()).nullable(),
  /** personIds in the order of the printed sheet, who has left since too. Absent where no sheet was made yet. */
  rows: z.array(z.string()).optional(),
  /** When it closes by itself: three hours after the planned end. */
  closesAt: instant,
  closed: closing.nullable(),
  cancelReason: z.string().nullable(),
})
export type Meeting = z.infer<typeof meeting>

const presence = z.object({
  at: instant,
  method: z.enum(['self', 'backfill']),
  /** Who entered it, for backfill. */
  by: z.string().nullable(),
  why: z.string().nullable(),
  /** Whole minutes after the planned start, 0 when in time; backfill has none. */
  lateMinutes: z.number().int(),
  /** 第 N 位, for check-ins. */
  position: z.number().int().nullable(),
  /** Entered before the close: only then it counts for the quorum. */
  beforeClose: z.boolean(),
})
export type Presence = z.infer<typeof presence>

const leave = z.object({
  state: z.enum(['asked', 'granted', 'refused']),
  reason: z.string(),
  askedAt: instant,
  /** Who entered it: himself, the leader of his group, an officer. Absent where a standing leave stands for it. */
  by: z.string().optional(),
  /** 'l-12': each request has another, so that no two messages about leave are the same. */
  leaveId: z.string().optional(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  why: z.string().nullable(),
})
export type Leave = z.infer<typeof leave>

/** One person at one meeting, from the first thing he did about it. Nobody absent has one for that reason alone. */
export const attendance = z.object({
  meetingId: z.string(),
  personId: z.string(),
  branchId: z.string(),
  group: z.string().nullable(),
  /** Beijing year of the meeting: the file it stands in. */
  year: z.string(),
  presence: presence.nullable(),
  leave: leave.nullable(),
  wrongCodes: z.number().int(),
})
export type Attendance = z.infer<typeof attendance>

export const ballot = z.object({
  ballotId: z.string(),
  meetingId: z.string(),
  branchId: z.string(),
  kind: z.enum(['一般', '接收', '转正', '选举']),
  matter: z.string(),
  yes: z.number().int(),
  no: z.number().int(),
  abstain: z.number().int(),
  written: z.number().int(),
  /** Frozen at the moment of the count. */
  entitled: z.number().int(),
  present: z.number().int(),
  needed: z.number().int(),
  yesNeeded: z.number().int(),
  valid: z.boolean(),
  suffices: z.boolean(),
  by: z.string(),
  at: instant,
})
export type Ballot = z.infer<typeof ballot>

export const suggestion = z.object({
  suggestionId: z.string(),
  branchId: z.string().nullable(),
  by: z.string(),
  text: z.string(),
  at: instant,
  answer: z.object({ by: z.string(), at: instant, text: z.string() }).nullable(),
})
export type Suggestion = z.infer<typeof suggestion>

export const notice = z.object({
  noticeId: z.string(),
  /** null: the township's, 群发. */
  branchId: z.string().nullable(),
  /** The branches of those it concerns. */
  branchIds: z.array(z.string()),
  /** Of their people who is in this group or holds one of these posts; null: everybody. */
  only: z.object({ group: z.string().nullable(), posts: z.array(z.enum(POSTS)) }).nullable(),
  by: z.string(),
  text: z.string(),
  picture: z.object({ mediaId: z.string(), at: instant }).nullable(),
  /** 'stopped': some had it already. */
  state: z.enum(['scheduled', 'sent', 'stopped', 'cancelled', 'recalled']),
  /** When an officer said 发布. */
  publishedAt: instant,
  /** When it goes: at once, at the time it was scheduled for, or when the quiet hours end. */
  dueAt: instant,
  /** Each is asked once for 收到. */
  receipt: z.boolean(),
  /** Why it broke the quiet hours. */
  urgent: z.string().nullable(),
  /** personIds; frozen when it goes. */
  to: z.array(z.string()),
  /** The outbox records it went out by, the first of them the notice itself. */
  outgoingIds: z.array(z.string()),
  /** The day of the last 催办. */
  urgedOn: day.nullable(),
})
export type Notice = z.infer<typeof notice>

/** 收到: who confirmed a notice that asked for it. */
export const receipt = z.object({
  noticeId: z.string(),
  personId: z.string(),
  branchId: z.string(),
  group: z.string().nullable(),
  at: instant,
})
export type Receipt = z.infer<typeof receipt>
