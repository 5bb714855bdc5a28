import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { reaches } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { attendances, type Membership, type Person, people } from '../store/collections.ts'
import { canBeTold } from './deciders.ts'
import { stamp } from './leave.ts'
import { ownLeave } from './leave-decision.ts'

/** Long leave stands on the membership, so that it holds for every meeting of that branch until it is taken back. */

const CANCEL = '取消'

/** '长期 外出务工' → '外出务工'; null: it is not about long leave. */
export function readStanding(text: string): string | null {
  const match = /^长期(?:\s+(.*))?$/u.exec(text)
  return match ? (match[1] ?? '').trim() : null
}

export async function setStandingLeave(
  ctx: CommandContext,
  tx: CommandTx,
  personId: string,
  said: string,
): Promise<Answer> {
  const person = await tx.get(people, personId)
  if (!person) throw new UnknownIdError(personId)
  if (personId === ctx.person.personId) throw await ownLeave(ctx, tx, undefined)
  if (!said) throw new UserError(`长期请假要写原因。这样发：准假 ${person.name} 长期 外出务工`)
  const before = person.memberships.find(membership => reaches(ctx.reach, [membership]))
  if (!before) throw new UnknownIdError(personId)
  if (said === CANCEL && !before.standingLeave) throw new UserError(`${person.name}没有长期请假，不用取消。`)
  const by = ctx.person.personId
  const standingLeave = said === CANCEL ? null : { reason: said, by, at: tx.now.toISOString() }
  await tx.put(people, withMembership(person, before, { ...before, standingLeave }))
  await tx.audit({
    by,
    branchId: before.branchId,
    what: standingLeave ? 'grant-standing-leave' : 'end-standing-leave',
    about: personId,
    before: before.standingLeave,
    after: standingLeave,
    ...(standingLeave && { why: said }),
  })
  if (standingLeave) await grantAsked(tx, personId, before.branchId, standingLeave)
  const when = `（${stamp(tx, standingLeave ? '批的' : '取消的', await tx.nextId('l'))}）`
  const told = standingLeave ? `您已长期请假：${said}。${when}` : `您的长期请假已取消。请按时参加会议。${when}`
  if (canBeTold(person)) await tx.send({ text: told }, [personId], { about: personId })
  const text = standingLeave ? `已准假：${person.name}，长期，${said}。` : `已取消${person.name}的长期请假。`
  const end = standingLeave ? `要取消请发：准假 ${person.name} 长期 取消` : ''
  return { text: `${text}${end}` }
}

/** What he asked for the meetings ahead is answered by it, so that no request stays open. */
async function grantAsked(
  tx: CommandTx,
  personId: string,
  branchId: string,
  { by, at }: NonNullable<Membership['standingLeave']>,
): Promise<void> {
  for (const record of await tx.find(attendances, 'leaveAsked', branchId)) {
    if (record.personId !== personId || !record.leave) continue
    const leave = { ...record.leave, state: 'granted' as const, decidedBy: by, decidedAt: at }
    await tx.put(attendances, { ...record, leave })
  }
}

const withMembership = (person: Person, before: Membership, after: Membership): Person => ({
  ...person,
  memberships: person.memberships.map(membership => (membership === before ? after : membership)),
})
