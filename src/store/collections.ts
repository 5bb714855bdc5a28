import { dayOf, monthOf, yearOf } from '../clock.ts'
import { define, FIVE_YEARS, leftBranchesOf, placeOfBranch, placeOfBranchIfAny, placesOfPerson } from './declaring.ts'
import { ENGINE } from './engine-collections.ts'
import {
  type Audit,
  audit,
  type Chore,
  type Conversation,
  chore,
  conversation,
  type Draft,
  draft,
  type Outgoing,
  outgoing,
  type Slot,
  type StoredAnswer,
  slot,
  storedAnswer,
} from './engine-shapes.ts'
import type { Collection } from './records.ts'
import {
  type Attendance,
  attendance,
  type Ballot,
  type Branch,
  ballot,
  branch,
  type DuesBook,
  type DuesEntry,
  duesBook,
  duesEntry,
  type Meeting,
  meeting,
  type Notice,
  notice,
  type Person,
  person,
  type Receipt,
  receipt,
  type Suggestion,
  suggestion,
} from './shapes.ts'
import { STUDY } from './study-collections.ts'

export * from './engine-collections.ts'
export * from './engine-shapes.ts'
export * from './shapes.ts'
export * from './study-collections.ts'
export * from './study-shapes.ts'

/** Every kind of record, in one place: its key, its indexes, whose it is, and how long it is kept. */

export const people = define<Person>({
  name: 'people',
  schema: person,
  key: r => r.personId,
  unique: { userId: r => r.userId ?? undefined },
  indexes: {
    branch: r => r.memberships.map(m => m.branchId),
    name: r => r.name,
    officers: r => r.memberships.flatMap(m => (m.posts.length > 0 ? [m.branchId] : [])),
    admin: r => (r.admin ? 'yes' : undefined),
    left: leftBranchesOf,
  },
  places: placesOfPerson,
  kept: '组织关系在本镇期间',
})

export const branches = define<Branch>({
  name: 'branches',
  schema: branch,
  key: r => r.branchId,
  unique: { name: r => r.name },
  places: placeOfBranch,
  kept: '长期',
})

export const meetings = define<Meeting>({
  name: 'meetings',
  schema: meeting,
  key: r => r.meetingId,
  indexes: {
    branch: r => r.branchId,
    openInBranch: r => (r.state === 'open' ? r.branchId : undefined),
    open: r => (r.state === 'open' ? 'yes' : undefined),
  },
  places: placeOfBranch,
  part: r => yearOf(new Date(r.startsAt)),
  dropAfterMonths: FIVE_YEARS,
})

export const attendances = define<Attendance>({
  name: 'attendances',
  schema: attendance,
  key: r => `${r.meetingId}:${r.personId}`,
  indexes: {
    meeting: r => r.meetingId,
    present: r => (r.presence ? r.meetingId : undefined),
    person: r => r.personId,
    leaveAsked: r => (r.leave?.state === 'asked' ? r.branchId : undefined),
  },
  places: placeOfBranch,
  part: r => r.year,
  dropAfterMonths: FIVE_YEARS,
})

export const ballots = define<Ballot>({
  name: 'ballots',
  schema: ballot,
  key: r => r.ballotId,
  indexes: { meeting: r => r.meetingId },
  places: placeOfBranch,
  part: r => yearOf(new Date(r.at)),
  dropAfterMonths: FIVE_YEARS,
})

export const suggestions = define<Suggestion>({
  name: 'suggestions',
  schema: suggestion,
  key: r => r.suggestionId,
  indexes: { by: r => r.by, branch: r => r.branchId ?? undefined },
  places: placeOfBranchIfAny,
  part: r => yearOf(new Date(r.at)),
  dropAfterMonths: FIVE_YEARS,
})

/** It waits for 收到. */
const asksNow = ({ receipt, state }: Notice): boolean => receipt && (state === 'sent' || state === 'stopped')

export const notices = define<Notice>({
  name: 'notices',
  schema: notice,
  key: r => r.noticeId,
  indexes: {
    branch: r => r.branchIds,
    scheduled: r => (r.state === 'scheduled' ? 'yes' : undefined),
    asks: r => (asksNow(r) ? r.branchIds : undefined),
    asked: r => (asksNow(r) ? r.to : undefined),
    townshipAsks: r => (asksNow(r) && r.branchId === null ? 'yes' : undefined),
  },
  places: r => r.branchIds.map(branchId => ({ branchId })),
  part: r => yearOf(new Date(r.publishedAt)),
  dropAfterMonths: 24,
})

export const receipts = define<Receipt>({
  name: 'receipts',
  schema: receipt,
  key: r => `${r.noticeId}:${r.personId}`,
  indexes: { notice: r => r.noticeId, person: r => r.personId },
  places: placeOfBranch,
  part: r => yearOf(new Date(r.at)),
  dropAfterMonths: 24,
})

/** Accounts are kept as long as the branch has them to show; nothing of them is dropped. */
export const dues = define<DuesEntry>({
  name: 'dues',
  schema: duesEntry,
  key: r => `${r.branchId}:${String(r.number).padStart(6, '0')}`,
  unique: {
    /** Of the line that gave it. */
    receipt: r => (r.kind === 'confirmed' || r.kind === 'collected' ? (r.receiptNo ?? undefined) : undefined),
    claim: r => (r.kind === 'claimed' ? (r.claimId ?? undefined) : undefined),
  },
  indexes: { person: r => r.personId, branch: r => r.branchId },
  places: placeOfBranch,
  part: r => yearOf(new Date(r.at)),
  kept: '账目长期',
})

export const duesBooks = define<DuesBook>({
  name: 'duesBooks',
  schema: duesBook,
  key: r => r.branchId,
  places: placeOfBranch,
  kept: '账目长期',
})

export const drafts = define<Draft>({
  name: 'drafts',
  schema: draft,
  key: r => r.draftId,
  indexes: { openBy: r => (r.state === 'open' ? r.by : undefined) },
  places: placeOfBranch,
  part: r => monthOf(new Date(r.at)),
  holdDays: 31,
  afterHold: 'delete',
})

export const conversations = define<Conversation>({
  name: 'conversations',
  schema: conversation,
  key: r => r.personId,
  places: 'engine',
  kept: '只有最近一次，一个月没有说话就删',
})

export const answers = define<StoredAnswer>({
  name: 'answers',
  schema: storedAnswer,
  key: r => r.key,
  places: 'engine',
  part: r => dayOf(new Date(r.at)),
  holdDays: 1,
  afterHold: 'delete',
})

export const audits = define<Audit>({
  name: 'audits',
  schema: audit,
  key: r => r.auditId,
  places: placeOfBranchIfAny,
  part: r => monthOf(new Date(r.at)),
  holdDays: 31,
  afterHold: 'keep',
  dropAfterMonths: FIVE_YEARS,
})

export const outbox = define<Outgoing>({
  name: 'outbox',
  schema: outgoing,
  key: r => r.outgoingId,
  unique: { dedupeKey: r => r.dedupeKey ?? undefined },
  indexes: {
    unfinished: r => (r.state === 'done' ? undefined : 'yes'),
    reminder: r => r.reminder,
    about: r => r.about ?? undefined,
  },
  places: 'engine',
  part: r => monthOf(new Date(r.at)),
  holdDays: 31,
  afterHold: 'keep',
  dropAfterMonths: 12,
})

export const chores = define<Chore>({
  name: 'chores',
  schema: chore,
  key: r => r.choreId,
  unique: { dedupeKey: r => r.dedupeKey ?? undefined },
  indexes: { unfinished: r => (r.state === 'waiting' || r.state === 'underway' ? 'yes' : undefined) },
  places: r => (r.branchId ? [{ branchId: r.branchId }] : []),
  part: r => monthOf(new Date(r.at)),
  holdDays: 31,
  afterHold: 'keep',
  dropAfterMonths: 12,
})

export const slots = define<Slot>({
  name: 'slots',
  schema: slot,
  key: r => r.slotId,
  indexes: { open: r => (r.state === 'open' ? 'yes' : undefined) },
  places: 'engine',
  part: r => dayOf(new Date(r.minute)),
  holdDays: 3,
  afterHold: 'delete',
})

/** The whole list: engines, backup and the conformance suite go through it, so that none can be forgotten. */
export const COLLECTIONS: readonly Collection<unknown>[] = [
  people,
  branches,
  meetings,
  attendances,
  ballots,
  suggestions,
  notices,
  receipts,
  dues,
  duesBooks,
  ...STUDY,
  drafts,
  conversations,
  answers,
  audits,
  outbox,
  chores,
  slots,
  ...ENGINE,
]
