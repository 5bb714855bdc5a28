import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { monthOf, spellDay } from '../clock.ts'
import { paysDues } from '../domain/dues.ts'
import { spellYuan } from '../domain/money.ts'
import { addMonths, spellMonths } from '../domain/month-words.ts'
import { leftEmpty } from '../domain/posts.ts'
import { headsOf, membershipIn, namePosts } from '../domain/roster.ts'
import { accountIn, collectorsIn, nameCollectors } from '../dues/payer.ts'
import { openMonths } from '../dues/view.ts'
import { isDue } from '../meeting/close-due.ts'
import { rowOf } from '../meeting/roll.ts'
import { meetingLine } from '../meeting/words.ts'
import { attendances, branches, drafts, meetings, people } from '../store/collections.ts'
import type { LeavingPlan } from './leaving.ts'
import { branchesAlike } from './meant.ts'
import { described, type Member } from './member.ts'
import { emptyWords } from './posts-words.ts'

/** What follows from somebody's leaving, in words, before it is done. */

/** 教育管理条例 art. 25: until he is received there, the branch he leaves answers for him. */
const UNTIL_RECEIVED = '对方接收前仍归本支部管（党员教育管理工作条例第二十五条）'

export async function leavingLines(
  ctx: CommandContext,
  tx: CommandReadTx,
  leaver: Member,
  plan: LeavingPlan,
): Promise<string[]> {
  const { person, branch } = leaver
  const { to, toBranchId, day } = plan
  const moves = toBranchId !== null
  return [
    `转出：${described(person, branch)}`,
    `→ ${to}${moves ? '（本镇支部）' : '（镇外）'}，${spellDay(day)}`,
    ...(await alikeLines(tx, leaver, plan)),
    ...(await meetingLines(ctx, tx, leaver)),
    ...(await postLines(tx, leaver)),
    ...(await duesLines(ctx, tx, leaver, plan)),
    ...(await draftLine(tx, leaver, moves)),
    ...(person.memberships.length > 1 && !moves ? ['在别的支部的职务也一并免去'] : []),
    ...(branch.chat?.kind === 'appchat' ? ['移出支部群'] : []),
    ...(moves
      ? [...(paysDues(person) ? [`党费从 ${day.slice(0, 7)} 起在${to}缴`] : []), ...resetLines(leaver)]
      : ['以后不再通知他，凌晨解除账号', UNTIL_RECEIVED]),
    moves ? '以前的记录留在这里，那边看不到' : '以前的记录留在本支部',
  ]
}

/** Nobody shall leave the township because his new branch was written in too many words. */
async function alikeLines(tx: CommandReadTx, { person }: Member, { to, toBranchId }: LeavingPlan): Promise<string[]> {
  const alike = toBranchId === null ? branchesAlike(to, await tx.township.all(branches)) : []
  return alike.map(({ name }) => `本镇也有${name}，转到那里请发：党员 转出 ${person.name} ${name}`)
}

/** Open meetings no longer expect him. What he did there stays written, and counts for nothing. */
async function meetingLines(ctx: CommandContext, tx: CommandReadTx, { person, branch }: Member): Promise<string[]> {
  const open = (await tx.township.find(meetings, 'openInBranch', branch.branchId)).filter(
    meeting => !isDue(meeting, ctx.now) && rowOf(meeting, person),
  )
  const lines: string[] = []
  for (const meeting of open) {
    const record = await tx.township.get(attendances, `${meeting.meetingId}:${person.personId}`)
    const state = record?.presence
      ? '，他已签到，转出就不算了，请先结束会议'
      : record?.leave?.state === 'asked'
        ? '，他的请假不用批了'
        : ''
    const expected = rowOf(meeting, person)?.standing === 'observer' ? '列席' : '应到'
    lines.push(`不再${expected}：${meetingLine(meeting)}${state}`)
  }
  return lines
}

async function postLines(tx: CommandReadTx, { person, branch }: Member): Promise<string[]> {
  const { branchId } = branch
  const posts = membershipIn(person, branchId)?.posts ?? []
  if (posts.length === 0) return []
  const branchPeople = await tx.township.find(people, 'branch', branchId)
  const empty = leftEmpty(branchId, posts, branchPeople, person.personId)
  return [`免去职务：${namePosts(posts)}`, ...emptyWords(branchId, empty, branchPeople, person.personId)]
}

/** Sums are for those who take the dues and for the secretary; others learn whom to ask. */
async function duesLines(
  ctx: CommandContext,
  tx: CommandReadTx,
  { person, branch }: Member,
  { to, toBranchId, day }: LeavingPlan,
): Promise<string[]> {
  if (!paysDues(person)) return []
  const { branchId } = branch
  const collectors = await collectorsIn(tx.township, person, branchId)
  const isMine = ({ personId }: { personId: string }) => personId === ctx.person.personId
  const heads = headsOf(await tx.township.find(people, 'branch', branchId), branchId)
  if (!ctx.person.admin && ![...collectors, ...heads].some(isMine)) {
    return [`党费有没有欠，请问${nameCollectors(collectors, branchId)}`]
  }
  const month = day.slice(0, 7)
  const account = await accountIn(tx.township, person.personId)
  // The month of a move is owed where he goes.
  const last = toBranchId === null ? month : addMonths(month, -1)
  const { months, fen } = openMonths(person, account, last)
  const waiting = account.open.filter(claim => claim.branchId === branchId)
  const paid = [...account.paid].filter(([each, { entry }]) => each > last && entry.branchId === branchId)
  const ahead = paid.map(([each]) => each).sort()
  // A slip in the year: he went on paying here.
  const check = month < monthOf(ctx.now) ? `，${spellDay(day)}对吗？请核对年份` : ''
  const notThere = toBranchId === null ? '' : `${to}办不了，`
  return [
    months.length > 0
      ? `党费未缴：${spellMonths(months, month)} ${spellYuan(fen)} 元，请先收：收缴 ${person.name}`
      : `党费到${spellMonths([last], month)}没有欠`,
    ...(ahead.length > 0 ? [`${spellMonths(ahead, month)}党费已在本支部缴${check}`] : []),
    ...waiting.map(
      ({ claimId }) => `他报的 ${claimId} 要由${nameCollectors(collectors, branchId)}确认，${notThere}请先办`,
    ),
  ]
}

async function draftLine(tx: CommandReadTx, { person }: Member, moves: boolean): Promise<string[]> {
  if (moves) return []
  const open = await tx.find(drafts, 'openBy', person.personId)
  return open.length > 0 ? [`他的预览作罢：${open.map(({ draftId }) => draftId).join('、')}`] : []
}

/** What the branch he leaves has decided about him does not bind another. */
function resetLines({ person }: Member): string[] {
  return [
    ...(person.excludedFromQuorum !== false ? ['“不计法定人数”是这里批的，到那里先计入'] : []),
    ...(person.floating ? ['名册上他还是流动党员，不是了请改名册'] : []),
    ...(person.memberships[0]?.standingLeave ? ['长期请假到那里要重新批'] : []),
  ]
}
