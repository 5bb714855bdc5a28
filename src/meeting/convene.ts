import { randomInt } from 'node:crypto'
import { z } from 'zod'
import type { CommandContext, CommandReadTx, CommandTx, Published } from '../bot/command.ts'
import type { Answer, Choice, Message } from '../bot/message.ts'
import { spellMoment, timeOf } from '../clock.ts'
import {
  closesItselfAt,
  expectedRoll,
  forecast,
  isVoting,
  overlaps,
  type Span,
  sharePeople,
  spanOf,
  withStandingLeaves,
} from '../domain/meeting.ts'
import { isActive, isAmong } from '../domain/roster.ts'
import type { When } from '../domain/when.ts'
import { UserError } from '../errors.ts'
import { MEETING_KINDS, type Meeting, meetings, type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { branchLine } from './branch-names.ts'
import { quorumRuleFor } from './close.ts'
import { meetingPost } from './group-post.ts'
import { publishedAnswer, reachWords } from './published.ts'
import { waitsWords } from './quiet.ts'
import { keepRows } from './roll.ts'
import { fullTitleOf, meetingLine, shortId, titleOf } from './words.ts'

/** What a preview keeps until somebody says 发布. */
export const planContent = z.object({
  branchId: z.string(),
  group: z.string().nullable(),
  kinds: z.array(z.enum(MEETING_KINDS)).min(1),
  startsAt: z.string(),
  endsAt: z.string(),
  place: z.string(),
  topic: z.string(),
  codeWanted: z.boolean(),
  invited: z.array(z.string()).nullable(),
})
export type PlanContent = z.infer<typeof planContent>

export interface Planned {
  content: PlanContent
  /** Everybody who would be told: 应到, 可免考勤 and 列席. */
  told: readonly Person[]
  /** Its name, for a convener of more than one branch. */
  branchLine: readonly string[]
  forecastWords: string | null
}

interface Said {
  kinds: Meeting['kinds']
  span: Span
  place: string
  topic: string
  /** Whom an earlier meeting was for, where this one is for the same: nothing is read from the line then. */
  like?: Pick<PlanContent, 'group' | 'invited'>
}

/** Works out whom the meeting concerns and refuses what cannot be: the past, a conflict, a group meeting without a group. */
export async function planMeeting(ctx: CommandContext, tx: CommandTx, said: Said): Promise<Planned> {
  if (ctx.audience?.all)
    throw new UserError('会议要一个支部一个支部地召集。这样发：会议 新建 @支部名 党课 明晚7点 村部 学习党章')
  const branch = await ctx.branch(tx)
  const { group, invited } = said.like ?? {
    group: groupOf(ctx, branch.branchId, said.kinds),
    invited: await invitedBy(ctx, tx, branch.branchId, said.kinds),
  }
  const { kinds, span, place, topic } = said
  const content = { branchId: branch.branchId, group, kinds, ...span, place, topic, codeWanted: false, invited }
  const branchPeople = await tx.find(people, 'branch', branch.branchId)
  await refuseImpossible(ctx, tx, content)
  const told = toldOf(content, branchPeople)
  if (told.length === 0) throw new UserError('这个会议没有一个人要参加。请核对类型和小组，或先登记名册。')
  return {
    content,
    told,
    branchLine: branchLine(ctx.person, branch),
    forecastWords: forecastWords(content, branchPeople),
  }
}

/** The group of a 党小组会: the one addressed, else the leader's own. Other kinds are the branch's, not a leader's. */
function groupOf(ctx: CommandContext, branchId: string, kinds: Meeting['kinds']): string | null {
  const own = ctx.reach.places.find(place => place.branchId === branchId)?.group ?? null
  if (!kinds.includes('党小组会')) {
    if (own) throw new UserError(`党小组组长只召集本组的党小组会。${kinds.join('+')}请找支部书记。`)
    return null
  }
  const whole = kinds.find(kind => kind === '党员大会' || kind === '支委会')
  if (whole) throw new UserError(`党小组会是一个小组的会，不能和${whole}合着开。请分开发两次。`)
  const asked = ctx.audience?.group ?? own ?? ctx.person.memberships.find(m => m.branchId === branchId)?.group ?? null
  if (own && asked !== own) throw new UserError(`您只召集${own}的党小组会。`)
  const at = ctx.audience?.branch ? `@${ctx.audience.branch.name} ` : ''
  if (!asked) throw new UserError(`请写明哪个小组。这样发：会议 新建 ${at}@一组 党小组会 明晚7点 村部 学习`)
  return asked
}

/** 培训 and 其他 may be for a group or for posts; the other kinds concern whom the rules name. */
async function invitedBy(
  ctx: CommandContext,
  tx: ReadTx,
  branchId: string,
  kinds: Meeting['kinds'],
): Promise<string[] | null> {
  const { audience } = ctx
  if (!audience || (!audience.group && audience.posts.length === 0)) return null
  if (!kinds.every(kind => kind === '培训' || kind === '其他')) {
    if (kinds.includes('党小组会') && audience.posts.length === 0) return null
    throw new UserError(`${kinds.join('+')}该谁参加由规定定，不能另选。请去掉 @ 再发。`)
  }
  const everybody = await tx.find(people, 'branch', branchId)
  const named = everybody.filter(person =>
    person.memberships.some(membership => membership.branchId === branchId && isAmong(audience, membership)),
  )
  return named.filter(isActive).map(person => person.personId)
}

/** The time that was said cannot be: another may be asked for. */
class TimeError extends UserError {}

/** The meetings it would collide with are looked for past the reach: a leader's own sees his group alone. */
export async function refuseImpossible(
  ctx: CommandContext,
  tx: CommandReadTx,
  plan: Pick<PlanContent, 'branchId' | 'group' | 'kinds' | 'startsAt' | 'endsAt' | 'invited'>,
  exceptId?: string,
): Promise<void> {
  if (new Date(plan.startsAt) <= ctx.now) {
    throw new TimeError(`${spellMoment(new Date(plan.startsAt))} 已过。请换一个时间再发。`)
  }
  const branchPeople = await tx.township.find(people, 'branch', plan.branchId)
  const mine = expectedRoll(plan, branchPeople)
  const open = await tx.township.find(meetings, 'openInBranch', plan.branchId)
  const clash = open.find(
    other =>
      other.meetingId !== exceptId && overlaps(plan, other) && sharePeople(mine, expectedRoll(other, branchPeople)),
  )
  if (clash) throw new TimeError(`时间冲突：${meetingLine(clash)}。请换一个时间，或先改期、取消那个会议。`)
}

/** Why the time that was said cannot be, to be asked for another before anything else; null: it can. */
export async function whyNot(
  ctx: CommandContext,
  tx: CommandReadTx,
  { kinds, when }: { kinds: Meeting['kinds']; when?: When | undefined },
): Promise<string | null> {
  const span = when && spanOf(when)
  if (!span) return null
  try {
    const { branchId } = await ctx.branch(tx)
    const group = groupOf(ctx, branchId, kinds)
    await refuseImpossible(ctx, tx, {
      branchId,
      group,
      kinds,
      ...span,
      invited: await invitedBy(ctx, tx, branchId, kinds),
    })
    return null
  } catch (error) {
    if (error instanceof TimeError) return error.message
    throw error
  }
}

export function toldOf(
  plan: Pick<PlanContent, 'branchId' | 'group' | 'kinds' | 'invited'>,
  branchPeople: readonly Person[],
) {
  const concerned = new Set(expectedRoll(plan, branchPeople).map(row => row.personId))
  return branchPeople.filter(person => concerned.has(person.personId))
}

/** For a meeting that votes: whether its quorum can be reached at all, before anybody is called. */
function forecastWords(content: PlanContent, branchPeople: readonly Person[]): string | null {
  if (!isVoting(content.kinds)) return null
  const standing = withStandingLeaves({ meetingId: 'm-0', ...content }, branchPeople, [])
  const { entitled, reachable, needed, reachesQuorum } = forecast(
    expectedRoll(content, branchPeople),
    standing,
    quorumRuleFor(content),
  )
  const warning = reachesQuorum ? '' : '，可能开不成'
  return `有表决权 应到 ${entitled}，至多可到 ${reachable}，法定 ${needed}${warning}`
}

export const whenWordsOf = (span: Span): string =>
  `${spellMoment(new Date(span.startsAt))}–${timeOf(new Date(span.endsAt))}`

/** `waits`: when it goes, where that is not at once. */
export function preview(draftId: string, planned: Planned, waits: readonly string[] = []): Answer {
  const { content, told } = planned
  const lines = [
    `预览 ${draftId}`,
    ...planned.branchLine,
    fullTitleOf(content),
    spellMoment(new Date(content.startsAt)),
    `${timeOf(new Date(content.endsAt))} 结束，${content.place}`,
    reachWords(told),
  ]
  if (planned.forecastWords) lines.push(planned.forecastWords)
  lines.push(...waits)
  return {
    text: lines.join('\n'),
    choices: [
      { label: '发布', line: `/发布 ${draftId}` },
      { label: '作罢', line: `/作罢 ${draftId}` },
      { label: '现场码', line: `/发布 ${draftId} 现场码` },
    ],
    mayAnswerLate: true,
  }
}

/** Makes the meeting and tells everybody concerned, in the update that settles the draft. */
export async function convene(
  ctx: CommandContext,
  tx: CommandTx,
  content: PlanContent,
  urgent: string | null,
): Promise<Published> {
  const branchPeople = await tx.find(people, 'branch', content.branchId)
  await refuseImpossible(ctx, tx, content)
  const meetingId = await tx.nextId('m')
  const meeting: Meeting = {
    ...content,
    meetingId,
    code: String(randomInt(1000, 10_000)),
    state: 'open',
    calledBy: ctx.person.personId,
    calledAt: tx.now.toISOString(),
    closesAt: closesItselfAt(content.endsAt).toISOString(),
    closed: null,
    cancelReason: null,
  }
  await tx.insert(meetings, meeting)
  await keepRows(tx, meeting)
  const by = ctx.person.personId
  await tx.audit({
    by,
    branchId: content.branchId,
    what: 'call-meeting',
    about: meetingId,
    after: content,
    ...(urgent && { why: urgent }),
  })
  const told = toldOf(content, branchPeople)
  const urgency = urgent !== null
  await tx.send(
    invitation(meeting),
    told.map(person => person.personId),
    { about: meetingId, urgent: urgency },
  )
  const post = await meetingPost(tx, meeting, { text: invitation(meeting).text, by, urgent: urgency })
  if (post) await tx.chore(post)
  const answer = publishedAnswer(meetingId, told, { waits: await waitsWords(tx.township, tx.now, urgency) })
  const code = content.codeWanted ? `\n签到要现场码 ${meeting.code}` : ''
  return { answer: { ...answer, text: `${answer.text}${code}` }, became: meetingId }
}

export const leaveChoice = (meetingId: string): Choice => ({
  label: '请假',
  line: `/请假 ${meetingId}`,
  words: `不能来请回：请假${shortId(meetingId)} 事由`,
})

function invitation(meeting: Meeting): Message {
  return {
    text: `请您参加：${titleOf(meeting)}\n${whenWordsOf(meeting)}\n${meeting.place}`,
    choices: [leaveChoice(meeting.meetingId)],
  }
}
