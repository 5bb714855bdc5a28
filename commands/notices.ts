import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText, noticeId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { isOfficer } from '../src/domain/roster.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { gistOf } from '../src/meeting/words.ts'
import { answersForNotice, noticeById, scheduledFor, unconfirmed } from '../src/notice/pick.ts'
import { receiptChoice } from '../src/notice/sending.ts'
import { headOf, noticeLine, shortNoticeId } from '../src/notice/words.ts'
import type { Notice } from '../src/store/collections.ts'
import { receipts } from '../src/store/collections.ts'

const SHOWN = 8

export default defineCommand({
  name: 'notices',
  aliases: ['通知', 'notices'],
  summary: '我还没确认的通知',
  moment: '通知',
  examples: ['/通知', '/通知 n-17'],
  allow: 'everyone',
  args: z.object({ said: freeText(6000).optional() }),

  async run(ctx, { said }) {
    if (!said) return ctx.store.read(tx => overview(ctx, tx))
    const id = noticeId().safeParse(said)
    if (!id.success) throw unclear(ctx, said)
    return ctx.store.read(tx => detail(ctx, tx, id.data))
  },
})

function unclear({ person }: CommandContext, said: string): UserError {
  const send = isOfficer(person) || person.admin ? `发通知请发：通知 发 ${gistOf(said, 20)}` : '看通知请发：通知'
  return new UserError(`没看懂“${gistOf(said, 20)}”。${send}`)
}

async function overview(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  const open = await unconfirmed(ctx, tx)
  const later = await scheduledLines(ctx, tx)
  const [only, another] = open
  if (!only) return { text: ['没有等您确认的通知。', ...later].join('\n') }
  if (!another) {
    const text = [await headOf(tx.township, only), only.text, ...later].join('\n')
    return { text, choices: [receiptChoice(only.noticeId)] }
  }
  const lines: string[] = []
  for (const [at, notice] of open.slice(0, SHOWN).entries()) {
    lines.push(`${at + 1} ${await noticeLine(tx.township, notice)}`)
  }
  const text = [`有 ${open.length} 条等您确认，看过的请回数字：`, ...lines, ...later].join('\n')
  return { text, digits: open.slice(0, SHOWN).map(({ noticeId }) => `/收到 ${noticeId}`) }
}

/** For officers: what is still to come. */
async function scheduledLines(ctx: CommandContext, tx: CommandReadTx): Promise<string[]> {
  const scheduled = await scheduledFor(ctx, tx)
  const lines: string[] = []
  for (const notice of scheduled.slice(0, SHOWN)) lines.push(await noticeLine(tx.township, notice))
  return lines.length > 0 ? [`定时的通知 ${scheduled.length} 条：`, ...lines, '要改请发：通知 改 编号 新时间'] : []
}

/** One that was not sent to him, and is not his to answer for, does not exist for him. */
async function detail(ctx: CommandContext, tx: CommandReadTx, noticeId: string): Promise<Answer> {
  const notice = await noticeById(ctx, tx, noticeId)
  const { personId } = ctx.person
  const isHis = notice.to.includes(personId)
  if (!isHis && !answersForNotice(ctx, notice)) throw new UnknownIdError(noticeId)
  const text = `${await headOf(tx.township, notice)}\n${notice.text}`
  const asks = isHis && notice.receipt && (notice.state === 'sent' || notice.state === 'stopped')
  if (await tx.get(receipts, `${noticeId}:${personId}`)) return { text: `${text}\n您已收到。` }
  return asks ? { text, choices: [receiptChoice(noticeId)] } : { text: `${text}\n${stateWords(notice)}`.trim() }
}

const stateWords = ({ state, noticeId }: Notice): string => {
  if (state === 'recalled' || state === 'cancelled') return '已收回'
  return state === 'scheduled' ? `还没有发。要改请发：通知 改 ${shortNoticeId(noticeId)} 新时间` : ''
}
