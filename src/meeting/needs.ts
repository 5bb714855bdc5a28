import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { checkInWindow } from '../domain/meeting.ts'
import { drafts, type Meeting } from '../store/collections.ts'
import { answersFor, answersForAny, meetingsAhead, stateWords } from './agenda.ts'
import { isStale } from './drafts.ts'
import { openRequests } from './leave-requests.ts'
import { isUnderWay } from './pick.ts'
import { rowOf } from './roll.ts'
import { spokenDayAndHour } from './spoken.ts'
import { shortId, titleOf } from './words.ts'

/** One thing a person most likely wants to say now. */
export interface Need {
  /** Name of the command: offered only to who may use it. */
  command: string
  /** What to type: '请假17 事由'. */
  say: string
  what: string
}

/** The most pressing first; the last two are always worth saying. */
export async function needsOf(ctx: CommandContext, tx: CommandReadTx): Promise<readonly Need[]> {
  const ahead = await meetingsAhead(ctx, tx)
  return [
    ...(await checkIns(ctx, tx, ahead)),
    ...(await openDrafts(ctx, tx)),
    ...(await waitingLeaves(ctx, tx)),
    ...underWay(ctx, ahead),
    ...(await nextMeeting(ctx, tx, ahead)),
    ...(answersForAny(ctx.person) ? [callMeeting(ctx)] : []),
    { command: 'meetings', say: '会议', what: '看后面有哪些会' },
    { command: 'me', say: '我的', what: '看我的考勤' },
  ]
}

const callMeeting = ({ person }: CommandContext): Need => ({
  command: 'meeting-new',
  say: person.admin ? '会议 新建 @支部 …' : '会议 新建',
  what: '召集会议',
})

async function checkIns(ctx: CommandContext, tx: CommandReadTx, ahead: readonly Meeting[]): Promise<Need[]> {
  for (const meeting of ahead) {
    const { opens, closes } = checkInWindow(meeting)
    if (ctx.now < opens || ctx.now >= closes || !rowOf(meeting, ctx.person)) continue
    if ((await stateWords(ctx, tx, meeting)) === '已签到') continue
    return [{ command: 'check-in', say: '签到', what: titleOf(meeting) }]
  }
  return []
}

async function openDrafts(ctx: CommandContext, tx: CommandReadTx): Promise<Need[]> {
  const open = (await tx.find(drafts, 'openBy', ctx.person.personId)).filter(draft => !isStale(draft, ctx.now))
  const last = open.at(-1)
  return last ? [{ command: 'publish', say: `发布 ${last.draftId}`, what: '把预览发出去' }] : []
}

/** Only to who may decide: others have no business with the number. */
async function waitingLeaves(ctx: CommandContext, tx: CommandReadTx): Promise<Need[]> {
  const open = (await openRequests(ctx, tx)).filter(request => answersFor(ctx.person, request.meeting))
  const last = open.at(-1)
  if (!last) return []
  return [{ command: 'leave-grant', say: `准假 ${last.person.name}`, what: `有 ${open.length} 个请假等着批` }]
}

function underWay(ctx: CommandContext, ahead: readonly Meeting[]): Need[] {
  const meeting = ahead.find(each => isUnderWay(each, ctx.now) && answersFor(ctx.person, each))
  if (!meeting) return []
  const id = shortId(meeting.meetingId)
  const roll = { command: 'roll', say: `名单 ${id}`, what: '看谁还没签到' }
  return new Date(meeting.startsAt) > ctx.now
    ? [roll]
    : [roll, { command: 'meeting-close', say: `会议 结束 ${id}`, what: '开完了，出数字' }]
}

async function nextMeeting(ctx: CommandContext, tx: CommandReadTx, ahead: readonly Meeting[]): Promise<Need[]> {
  const mine = ahead.filter(
    meeting => new Date(meeting.startsAt) > ctx.now && rowOf(meeting, ctx.person)?.standing === 'expected',
  )
  const [next] = mine
  if (!next || !(await stateWords(ctx, tx, next))?.startsWith('待参加')) return []
  const kinds = next.kinds.join('+')
  const say = `请假${shortId(next.meetingId)} 事由`
  return [{ command: 'leave', say, what: `${spokenDayAndHour(new Date(next.startsAt), ctx.now)}的${kinds}来不了` }]
}
