import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { addDays, dayOf, spellDay } from '../clock.ts'
import { holidayFaults, unknownYears } from '../domain/holidays.ts'
import { isOfficerOf, membershipIn } from '../domain/roster.ts'
import { claimLines, unsetLine } from '../dues/waiting.ts'
import { listedLines } from '../meeting/branch-names.ts'
import { decidersOf } from '../meeting/deciders.ts'
import { openRequests } from '../meeting/leave-requests.ts'
import { branchIdsWithin } from '../meeting/within.ts'
import { shortId } from '../meeting/words.ts'
import { isAsked, placeIn, recipientsWithin } from '../notice/concerned.ts'
import { withoutMissed } from '../notice/progress.ts'
import { confirmedBy } from '../notice/receipts.ts'
import { branches, meetings, type Notice, notices, type Person, people, suggestions } from '../store/collections.ts'
import { faultsOf } from './faults.ts'
import { seeBranches } from './overview.ts'
import { aheadLines, planOf } from './plan.ts'
import { TERM_GROUND, termWords } from './term.ts'

/** What waits for one person, worked out when he asks: a line each, the most pressing first. */
export async function todoOf(ctx: CommandContext, tx: CommandReadTx): Promise<readonly string[]> {
  const mine = await branchesMeant(ctx, tx)
  const lines = [...(await leaves(ctx, tx)), ...(await claimLines(ctx, tx))]
  for (const of of [unclosed, receiptsOpen, unanswered, withoutStandard, planned, faulty, ending]) {
    for (const branchId of mine) lines.push(...(await of(ctx, tx, branchId)))
  }
  return ctx.reach.township ? [...lines, ...(await township(ctx, tx, new Set(mine)))] : lines
}

/** The township's own work is not that of every branch: those that need a look are told apart. */
async function branchesMeant(ctx: CommandContext, tx: CommandReadTx): Promise<readonly string[]> {
  if (!ctx.reach.township) return branchIdsWithin(ctx, tx)
  return ctx.person.memberships.map(m => m.branchId).filter(branchId => isOfficerOf(ctx.person, branchId))
}

/** Those that were put to him: in each branch a request has one desk. An officer who asks for a branch by @ sees all of it. */
async function leaves(ctx: CommandContext, tx: CommandReadTx): Promise<string[]> {
  const lines: string[] = []
  for (const { meeting, person } of await openRequests(ctx, tx)) {
    const deciders = await decidersOf(tx, person, meeting.branchId)
    if (!ctx.audience?.branch && !deciders.some(({ personId }) => personId === ctx.person.personId)) continue
    const namesakes = (await tx.township.find(people, 'branch', meeting.branchId)).filter(
      other => other.name === person.name,
    )
    const name = namesakes.length > 1 ? person.personId : person.name
    lines.push(
      `${person.name} 请假（${meeting.meetingId} ${dayWords(meeting.startsAt)}）：准假 ${name} ${shortId(meeting.meetingId)}`,
    )
  }
  return lines
}

const dayWords = (instant: string): string => spellDay(dayOf(new Date(instant))).replace(' ', '')

/** Past the planned end and still open: three hours later they close by themselves. */
async function unclosed(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> {
  const open = await tx.find(meetings, 'openInBranch', branchId)
  const over = open.filter(meeting => new Date(meeting.endsAt) <= ctx.now)
  const lines = await listedLines(ctx.person, tx, over)
  return lines.map((line, at) => `${line}，还没结束：会议 结束 ${shortId(over[at]?.meetingId ?? '')}`)
}

/** After that nobody waits for a 收到 any more. */
const RECEIPT_DAYS = 30
const isOld = ({ dueAt }: Notice, now: Date): boolean => dayOf(new Date(dueAt)) < addDays(dayOf(now), -RECEIPT_DAYS)

async function receiptsOpen(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> {
  const lines: string[] = []
  for (const notice of await tx.find(notices, 'asks', branchId)) {
    if (isOld(notice, ctx.now) || (notice.branchId === null && ctx.reach.township)) continue
    const asked = await recipientsWithin(tx.township, notice, ctx.reach)
    const here = asked.filter(person => placeIn(notice, person)?.branchId === branchId)
    lines.push(...(await receiptLine(tx, notice, here)))
  }
  return lines
}

/** Of the township's own notices everybody's. */
async function townshipReceipts(ctx: CommandContext, tx: CommandReadTx): Promise<string[]> {
  const lines: string[] = []
  for (const notice of await tx.find(notices, 'townshipAsks', 'yes')) {
    if (isOld(notice, ctx.now)) continue
    lines.push(...(await receiptLine(tx, notice, await recipientsWithin(tx.township, notice, ctx.reach))))
  }
  return lines
}

async function receiptLine(tx: CommandReadTx, notice: Notice, asked: readonly Person[]): Promise<string[]> {
  const confirmed = await confirmedBy(tx, notice)
  const open = asked.filter(person => isAsked(notice, person) && !confirmed.has(person.personId))
  const left = (await withoutMissed(tx.township, notice, open)).length
  const { noticeId } = notice
  return left > 0 ? [`${noticeId} 还有 ${left} 人没有回执：通知 状态 ${noticeId}`] : []
}

async function unanswered(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> {
  const open = (await tx.find(suggestions, 'branch', branchId)).filter(
    ({ answer, by }) => answer === null && by !== ctx.person.personId,
  )
  return open.map(
    ({ suggestionId, at }) => `${suggestionId} 建议没有答复（${dayWords(at)}）：回复 ${suggestionId} 内容`,
  )
}

const withoutStandard = async (ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> => {
  const named = await nameOf(ctx, tx, branchId)
  return (await unsetLine(ctx, tx, branchId)).map(line => `${named}${line}`)
}

async function planned(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> {
  const named = await nameOf(ctx, tx, branchId)
  return aheadLines(await planOf(tx, tx.township, branchId, ctx.now), ctx.now).map(line => `${named}${line}`)
}

async function faulty(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> {
  const branch = await tx.get(branches, branchId)
  const named = await nameOf(ctx, tx, branchId)
  const faults = branch ? faultsOf(branch, await tx.find(people, 'branch', branchId)) : []
  return faults.length > 0 ? [`${named}名册：${faults.join('；')}`] : []
}

async function ending(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string[]> {
  const branch = await tx.get(branches, branchId)
  const named = await nameOf(ctx, tx, branchId)
  return branch ? termWords(branch, ctx.now).map(words => `${named}${words}：${TERM_GROUND}`) : []
}

/** '水泉村党支部 ' for who keeps more than one branch. */
async function nameOf(ctx: CommandContext, tx: CommandReadTx, branchId: string): Promise<string> {
  const several = ctx.person.admin || ctx.person.memberships.filter(m => isOfficerOf(ctx.person, m.branchId)).length > 1
  const alone = !several && membershipIn(ctx.person, branchId) !== undefined
  return alone ? '' : `${(await tx.get(branches, branchId))?.name ?? ''} `
}

/** Branches that need a look, and the year that nobody knows yet. */
async function township(ctx: CommandContext, tx: CommandReadTx, mine: ReadonlySet<string>): Promise<string[]> {
  const toSee = (await seeBranches(tx, ctx.now)).filter(
    ({ branch, why }) => why.length > 0 && !mine.has(branch.branchId),
  )
  const years = unknownYears(ctx.now).map(year => `${year} 年的放假安排还没有，请写进数据文件夹里的 holidays.json`)
  const wrong =
    holidayFaults().length > 0 ? ['holidays.json 有地方写得不对，没有算进去：请在服务器上运行 npm run doctor'] : []
  return [
    ...(await townshipReceipts(ctx, tx)),
    ...wrong,
    ...years,
    ...toSee.map(({ branch, why }) => `${branch.name}：${why.join('；')}`),
  ]
}
