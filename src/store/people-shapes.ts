import { z } from 'zod'
import { DUES_CATEGORIES, duesRelief, duesStandard } from './dues-shapes.ts'

/** The shape of a person: what is true of him anywhere, and of his place in each branch. */

const instant = z.iso.datetime()
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const POSTS = [
  'secretary',
  'deputy',
  'organizer',
  'publicity',
  'discipline',
  'leader',
  'firstSecretary',
] as const
export type Post = (typeof POSTS)[number]

export const IDENTITIES = ['full', 'probationary', 'developmentTarget', 'activist'] as const
export type Identity = (typeof IDENTITIES)[number]

const standingLeave = z.object({ reason: z.string(), by: z.string(), at: instant })

const membership = z.object({
  branchId: z.string(),
  group: z.string().nullable(),
  posts: z.array(z.enum(POSTS)),
  standingLeave: standingLeave.nullable(),
})
export type Membership = z.infer<typeof membership>

/** How he stood before he left, or moved to another branch of the township: what undoing it on the same day brings back. */
const former = z.object({
  /** When he left, and when that was entered. */
  until: day,
  at: instant,
  /** In words: a branch of the township by its name, or where else. */
  to: z.string(),
  memberships: z.array(membership).min(1),
  excludedFromQuorum: z.union([z.boolean(), day]),
  relationFrom: z.string().nullable(),
})
export type Former = z.infer<typeof former>

export const person = z.object({
  personId: z.string(),
  /** Lower case; null for a leaver who was unlinked. */
  userId: z.string().nullable(),
  name: z.string(),
  identity: z.enum(IDENTITIES),
  status: z.enum(['active', 'transferred', 'suspended', 'deceased']),
  joinedOn: day.nullable(),
  confirmedOn: day.nullable(),
  duesCategory: z.enum(DUES_CATEGORIES).nullable(),
  /** The newest standard: what the roster file shows and states. */
  monthlyDuesFen: z.number().int().nonnegative().nullable(),
  /** 'YYYY-MM' from which it holds. */
  duesFrom: z.string().nullable(),
  /** All standards there were, oldest first; absent: that one alone. */
  duesStandards: z.array(duesStandard).optional(),
  duesReliefs: z.array(duesRelief).optional(),
  /** The month in which he came to his own branch from another one of the township; absent: he was always there. */
  relationFrom: z.string().optional(),
  floating: z.boolean(),
  /** 可免考勤: invited, not in 应到, counted when there. */
  exempt: z.boolean(),
  /** 不计法定人数: with the day of the approval where the roster gives it. */
  excludedFromQuorum: z.union([z.boolean(), day]),
  /** null: by identity. */
  votingRight: z.boolean().nullable(),
  wechatOnly: z.boolean(),
  noPhone: z.boolean(),
  admin: z.boolean(),
  /** Said by /界面 or shown by pressing a card's button; null: unknown. */
  client: z.enum(['cards', 'text']).nullable(),
  /** 退订: no personal reminders. */
  unsubscribed: z.boolean().optional(),
  /** The first is his own branch. */
  memberships: z.array(membership),
  /** Oldest first. */
  formerly: z.array(former).optional(),
})
export type Person = z.infer<typeof person>
