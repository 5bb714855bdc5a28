import { z } from 'zod'
import { defineCommand, freeText, noticeId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { whenWords } from '../src/domain/when-argument.ts'
import { UserError } from '../src/errors.ts'
import { previewAmendment, publishAmendment } from '../src/notice/amend.ts'
import { changeNotice } from '../src/notice/pick.ts'
import { momentOf, NOTICE_MAX } from '../src/notice/plan.ts'

export default defineCommand({
  name: 'notice-change',
  aliases: ['通知 改', '改通知', 'notice change'],
  summary: '改还没到时间的通知',
  moment: '通知',
  examples: ['/通知 改 n-17 后天上午9点', '/通知 改 n-17 停水改到后天，请提前存水'],
  allow: [...OFFICERS, 'admin'],
  args: z.object({ noticeId: noticeId(), when: whenWords().optional(), text: freeText(NOTICE_MAX).optional() }),

  async run(ctx, { noticeId, when, text = null }) {
    const dueAt = when ? momentOf(when, `通知 改 ${noticeId} 后天上午9点`).toISOString() : null
    return changeNotice(ctx, noticeId, async (tx, notice) => {
      if (!dueAt && !text) throw new UserError(`要写新的时间或内容。这样发：通知 改 ${noticeId} 后天上午9点`)
      return previewAmendment(ctx, tx, notice, { dueAt, text })
    })
  },

  publish: publishAmendment,
})
