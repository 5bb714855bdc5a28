import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Reply } from '../bot/message.ts'
import { dayOf } from '../clock.ts'
import { UserError } from '../errors.ts'
import { goesAt, waitsWords } from '../meeting/quiet.ts'
import { gistOf } from '../meeting/words.ts'
import { type Notice, notices, type Person } from '../store/collections.ts'
import { isAsked } from './concerned.ts'
import { withoutMissed } from './progress.ts'
import { receiptChoice } from './sending.ts'
import { confirmationsOf } from './status.ts'
import { headOf, shortNoticeId } from './words.ts'

/** 催办: once a day a notice, to those alone who have not confirmed. */

const REMINDED_LENGTH = 80

export async function urge(ctx: CommandContext, tx: CommandTx, notice: Notice): Promise<Reply> {
  refuseNeedless(notice, tx.now)
  const { noticeId, branchId } = notice
  // In the quiet hours it goes tomorrow, and that is the day it counts for.
  const day = dayOf(await goesAt(tx.township, tx.now, false))
  if (notice.urgedOn !== null && notice.urgedOn >= day) {
    return { text: `${noticeId} 今天已经催办过，一天只提醒一次。还没确认的请看：通知 状态 ${noticeId}` }
  }
  const { missing: open, asked } = await confirmationsOf(ctx, tx, notice)
  const missing = open.filter(person => isAsked(notice, person))
  if (missing.length === 0) {
    return { text: `${noticeId} 已收到 ${asked.length - open.length} / 共 ${asked.length}，不用催办。` }
  }
  const reached = await withoutMissed(tx.township, notice, missing)
  if (reached.length === 0) {
    return { text: `没确认的 ${missing.length} 人都没有送到，不用催办。看是谁、怎么办请发：发送记录 ${noticeId}` }
  }
  const others = reached.filter(person => person.personId !== ctx.person.personId)
  const told = others.filter(person => !person.unsubscribed)
  const text = `提醒您看一下：${await headOf(tx.township, notice)}\n${gistOf(notice.text, REMINDED_LENGTH)}`
  const outgoingId = await tx.send({ text, choices: [receiptChoice(noticeId)] }, idsOf(told), {
    about: noticeId,
    reminder: `notice:${noticeId}`,
  })
  const outgoingIds = outgoingId ? [...notice.outgoingIds, outgoingId] : notice.outgoingIds
  await tx.put(notices, { ...notice, outgoingIds, urgedOn: day })
  const by = ctx.person.personId
  await tx.audit({ by, branchId, what: 'urge-notice', about: noticeId, after: { personIds: idsOf(told) } })
  const own = others.length < reached.length ? `您自己还没确认，看过了请发：收到${shortNoticeId(noticeId)}。` : ''
  const waits = await waitsWords(tx.township, tx.now)
  return { text: `${urgedWords(noticeId, told.length, others.length, waits)}${own}` }
}

const idsOf = (people: readonly Person[]): string[] => people.map(person => person.personId)

function refuseNeedless({ noticeId, state, receipt, dueAt }: Notice, now: Date): void {
  if (state === 'recalled' || state === 'cancelled') throw new UserError(`${noticeId} 已经收回，不用催办。`)
  if (state === 'scheduled' || new Date(dueAt) > now) throw new UserError(`${noticeId} 还没有发，不用催办。`)
  if (!receipt) throw new UserError(`${noticeId} 没有要回执，不能催办。下次发布时加：需回执`)
}

function urgedWords(noticeId: string, told: number, missing: number, waits: string | undefined): string {
  const off = missing - told
  const rest = off > 0 ? `另有 ${off} 人退订了提醒，请当面或打电话告知。` : ''
  const fact = waits ? `已催办 ${noticeId}。${waits}给 ${told} 人。` : `已催办 ${noticeId}，提醒了 ${told} 人。`
  return `${fact}${rest}`
}
