import { type CommandContext, type CommandReadTx, type CommandTx, meetingId } from '../bot/command.ts'
import { explainUnclear, findPeople, joinGroups } from '../domain/people.ts'
import { isOfficerOf, membershipIn } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import type { Meeting, Person } from '../store/collections.ts'
import { nameDeciders } from './deciders.ts'
import { branchMeant, peopleWithin } from './within.ts'

/** Leave for somebody who has no phone, entered by the leader of his group or by an officer of his branch. */

/** What was said of a leave: '发烧', '蔡守业 m-17 生病'. */
export interface SaidForLeave {
  asker: Person
  meetingId: string | undefined
  reason: string | undefined
}

/** '张三结婚' begins with a name and is none. */
const CAN_BE_NAME = /^(?:p-\d|\p{Script=Han}|[a-z]{2,4}(?:\s|$))/iu
/** A reason may well begin with such letters, so they name only somebody whom the speaker may report. */
const INITIALS = /^[a-z]{2,4}$/iu

const REFUSED = '请假只给自己请。替没有手机的同志请假要由组长或书记来报。'

/** Whose leave it is: the speaker's own, unless the first word is somebody else. Throws UserError where that may not be. */
export async function readLeaveFor(
  ctx: CommandContext,
  tx: CommandReadTx,
  said: string | undefined,
): Promise<SaidForLeave> {
  const own: SaidForLeave = { asker: ctx.person, meetingId: undefined, reason: said }
  if (!said || !CAN_BE_NAME.test(said)) return own
  const candidates = await peopleWithin(ctx, tx)
  const [word, ...rest] = joinGroups(said.split(/\s+/u), candidates)
  if (!word) return own
  const result = findPeople([word], candidates, { branchId: branchMeant(ctx), rows: [] })
  const meant = [...result.found, ...result.ambiguous.flatMap(({ people }) => people)]
  const himself = meant.some(person => person.personId === ctx.person.personId)
  if (!meant.some(person => mayReport(ctx.person, person))) {
    if (himself || meant.length === 0 || INITIALS.test(word)) return own
    throw new UserError(REFUSED)
  }
  const unclear = explainUnclear(result, candidates, '请假')
  if (unclear) throw new UserError(unclear)
  const [asker, another] = result.found
  if (!asker || another) throw new UserError('请假要一位一位地报。请只写一个姓名再发。')
  const id = meetingId().safeParse(rest[0])
  if (id.success) rest.shift()
  return { asker, meetingId: id.data, reason: rest.join(' ') || undefined }
}

function mayReport(speaker: Person, person: Person): boolean {
  if (!person.noPhone || person.personId === speaker.personId) return false
  return person.memberships.some(({ branchId, group }) => {
    if (speaker.admin || isOfficerOf(speaker, branchId)) return true
    const own = membershipIn(speaker, branchId)
    return Boolean(own?.posts.includes('leader') && group && own.group === group)
  })
}

/** '替没有手机的同志请假，这样发：请假 蔡守业 生病', for whoever may report somebody. */
export async function howToReport(ctx: CommandContext): Promise<string | null> {
  const person = await ctx.store.read(async tx =>
    (await peopleWithin(ctx, tx)).find(each => mayReport(ctx.person, each)),
  )
  return person ? `替没有手机的同志请假，这样发：请假 ${person.name} 生病` : null
}

/** '由组长钱为民代报' */
export function reportedBy(speaker: Person, branchId: string): string {
  const post = isOfficerOf(speaker, branchId) || speaker.admin ? nameDeciders([speaker], branchId) : '组长'
  return `由${post}${speaker.name}代报`
}

export async function auditAskedFor(
  ctx: CommandContext,
  tx: CommandTx,
  meeting: Meeting,
  asker: Person,
): Promise<void> {
  const { personId } = asker
  const by = ctx.person.personId
  if (personId === by) return
  const { branchId, meetingId } = meeting
  await tx.audit({ by, branchId, what: 'ask-leave-for', about: meetingId, after: { personId, leave: 'asked' } })
}
