import { z } from 'zod'
import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import { citation } from '../domain/grounds.ts'
import { headsOf, hears } from '../domain/roster.ts'
import { confirmMember, probationEnds } from '../domain/roster-moves.ts'
import { UserError } from '../errors.ts'
import { nameIdentity } from '../meeting/persons.ts'
import { type Ballot, ballots, type Person, people } from '../store/collections.ts'
import { carryOut } from './carry.ts'
import { doneBy } from './leaving.ts'
import { described, type Member } from './member.ts'

/** 转正: a probationary member becomes a full one, as the general meeting has decided. */

export const confirmPlan = z.object({ personId: z.string(), day: z.string(), title: z.string() })
export type ConfirmPlan = z.infer<typeof confirmPlan>

const CONSTITUTION = '《中国共产党章程》'
const PROBATION = citation(CONSTITUTION, '第七条', '2022-10-22')

/** Throws UserError for what cannot be; what only looks wrong is told, and people decide. */
export function refuseImpossible(
  ctx: CommandContext,
  { personId, name, identity, joinedOn, confirmedOn }: Person,
  day: string,
): void {
  if (personId === ctx.person.personId) throw new UserError('自己的转正不能自己办，要由别的委员或镇党建办来办。')
  if (identity === 'activist' || identity === 'developmentTarget') {
    throw new UserError(`${name}是${nameIdentity(identity)}，还不是预备党员。请先在名册里改身份和入党日期。`)
  }
  if (identity === 'full' && confirmedOn === day) throw new UserError(`${name}已经是 ${day} 转正，不用再办。`)
  if (joinedOn && day <= joinedOn) {
    throw new UserError(`${day} 不晚于入党日期 ${joinedOn}。请核对，哪个错了改哪个。`)
  }
}

export async function confirmLines(tx: CommandReadTx, { person, branch }: Member, day: string): Promise<string[]> {
  const { identity, joinedOn, confirmedOn } = person
  if (identity === 'full') {
    return [
      `更正转正日期：${described(person, branch)}`,
      `${confirmedOn ?? '没有登记'} → ${day}`,
      ...early(joinedOn, day),
    ]
  }
  return [
    `转正：${described(person, branch)}`,
    `预备党员 → 正式党员，${day} 转正${joinedOn ? `（${joinedOn} 入党）` : ''}`,
    ...early(joinedOn, day),
    ...(await ballotLines(tx, person, branch.branchId)),
    `${day} 以后开的会有表决权，计入法定人数；党费照旧`,
  ]
}

function early(joinedOn: string | null, day: string): string[] {
  if (joinedOn === null) return ['名册上没有入党日期，预备期满没满请核对']
  const ends = probationEnds(joinedOn)
  return day < ends ? [`请核对：预备期一年，到 ${ends} 才满（${PROBATION}）`] : []
}

/** The vote is people's; whether one was written down here is worth a look. */
async function ballotLines(tx: CommandReadTx, { name }: Person, here: string): Promise<string[]> {
  const about = (await tx.all(ballots)).filter(
    ({ kind, matter, branchId }) => kind === '转正' && branchId === here && matter.includes(name),
  )
  const last = about.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1)
  return [last ? ballotWords(last) : '这里没有他转正表决的记录，请按支部大会的决议和上级批复办']
}

/** With its matter: of two names one may be a part of the other. */
const ballotWords = ({ meetingId, matter, yes, yesNeeded, suffices }: Ballot): string =>
  `${meetingId} 表决“${matter}”：赞成 ${yes}，需要 ${yesNeeded}${suffices ? '' : '，请核对票数'}`

export async function carryConfirm(
  ctx: CommandContext,
  tx: CommandTx,
  { person, branch }: Member,
  day: string,
): Promise<void> {
  refuseImpossible(ctx, person, day)
  const corrects = person.identity === 'full'
  const what = corrects ? 'correct-confirmation' : 'confirm-member'
  await carryOut(ctx, tx, [{ before: person, after: confirmMember(person, day), what }])
  const text = corrects ? `您的转正日期改为 ${day}。` : `您 ${day} 转为正式党员，以后的会有表决权。`
  if (hears(person)) await tx.send({ text: `${text}${doneBy(ctx)}` }, [person.personId], { about: person.personId })
  const heads = headsOf(await tx.township.find(people, 'branch', branch.branchId), branch.branchId)
  const others = heads
    .map(({ personId }) => personId)
    .filter(id => id !== ctx.person.personId && id !== person.personId)
  const told = `${person.name} ${day} ${corrects ? '是更正后的转正日期' : '转正'}。${doneBy(ctx)}`
  await tx.send({ text: told }, others, { about: person.personId })
}
