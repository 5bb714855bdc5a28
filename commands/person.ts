import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { yearOf } from '../src/clock.ts'
import { inRosterOrder } from '../src/domain/meeting.ts'
import { findPeople, nearestName } from '../src/domain/people.ts'
import { isActive, OFFICERS, ownBranchId, reaches } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { countsByIdentity, markWords, membershipWords, nameIdentity } from '../src/meeting/persons.ts'
import { branchMeant, peopleWithin, rowsShown } from '../src/meeting/within.ts'
import { yearAtMeetings, yearWords } from '../src/meeting/year.ts'
import { branches, type Membership, type Person, people } from '../src/store/collections.ts'

export default defineCommand({
  name: 'person',
  aliases: ['党员', 'person'],
  summary: '查一位党员，或支部人数',
  moment: '我',
  examples: ['/党员 张三', '/党员'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ name: freeText(40).optional() }),

  async run(ctx, args) {
    const { name } = args
    const found = await ctx.store.read(tx => (name ? lookUp(ctx, tx, name) : counts(ctx, tx)))
    if ('text' in found) return found
    return ctx.store.update(`person:${found.personId}`, tx => show(ctx, tx, found.personId))
  },
})

/** The person meant, or the question which of several. */
async function lookUp(ctx: CommandContext, tx: CommandReadTx, name: string): Promise<Person | Answer> {
  const candidates = await peopleWithin(ctx, tx)
  const branchId = branchMeant(ctx)
  const { found, ambiguous } = findPeople([name], candidates, { branchId, rows: await rowsShown(ctx, tx) })
  const [asked] = ambiguous
  if (asked) {
    const lines = asked.told.map((told, index) => `${index + 1} ${told}`)
    const digits = asked.people.map(person => `/党员 ${person.personId}`)
    return { text: [`叫“${asked.word}”的有 ${asked.people.length} 位，请回数字：`, ...lines].join('\n'), digits }
  }
  const [person, another] = found
  if (another) throw new UserError('请一位一位地查。这样发：党员 姓名')
  if (person) return person
  const near = nearestName(name, candidates)
  throw new UserError(`没有这个人：${name}。${near ? `是${near}吗？` : ''}请按名册上的姓名再发一次。`)
}

/** Every look at a person is kept, with who looked. */
async function show(ctx: CommandContext, tx: CommandTx, personId: string): Promise<Answer> {
  const person = await tx.get(people, personId)
  const membership = person?.memberships.find(each => reaches(ctx.reach, [each]))
  if (!person || !membership) throw new UserError('没有这个人。请按名册上的姓名再发一次。')
  await tx.audit({ by: ctx.person.personId, branchId: membership.branchId, what: 'look-up-person', about: personId })
  const confirmed = person.confirmedOn ? `，${person.confirmedOn} 转正` : ''
  const lines = [
    person.name,
    membershipWords(membership, await tx.township.get(branches, membership.branchId)),
    nameIdentity(person.identity),
    person.joinedOn ? `${person.joinedOn} 入党${confirmed}` : '',
    markWords(person, membership),
    `今年${meetingsSeen(ctx, membership)} ${yearWords(await yearAtMeetings(tx, person, yearOf(ctx.now)))}`,
  ]
  return { text: lines.filter(line => line !== '').join('\n') }
}

/** A leader's reach ends at the meetings of his group: the numbers say so. */
const meetingsSeen = (ctx: CommandContext, { branchId, group }: Membership): string =>
  reaches(ctx.reach, [{ branchId }]) ? '' : `${group ?? ''}党小组会`

/** Who belongs here: 第一书记 and the like count where their own relation is. */
async function counts(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  const branch = await ctx.branch(tx)
  const everybody = inRosterOrder(await tx.find(people, 'branch', branch.branchId))
  const here = everybody.filter(person => isActive(person) && ownBranchId(person) === branch.branchId)
  const groups = new Map<string, Person[]>()
  for (const person of here) {
    const group = person.memberships[0]?.group ?? '未分组'
    groups.set(group, [...(groups.get(group) ?? []), person])
  }
  const of = (mark: (person: Person) => boolean) => here.filter(mark).length
  const marks = `流动 ${of(person => person.floating)}，无手机 ${of(person => person.noPhone)}`
  const lines = [...groups].map(([group, members]) => `${group}：${countsByIdentity(members)}`)
  return { text: [branch.name, `${countsByIdentity(here)}，${marks}`, ...(groups.size > 1 ? lines : [])].join('\n') }
}
