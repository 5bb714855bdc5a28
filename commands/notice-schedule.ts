import { z } from 'zod'
import { defineCommand, freeText, URGENT } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { whenWords } from '../src/domain/when-argument.ts'
import { audienceOf, refuseMisplaced } from '../src/notice/audience.ts'
import { momentOf, NOTICE_MAX, pictureOf, previewNotice, RECEIPT } from '../src/notice/plan.ts'
import { publishNotice } from '../src/notice/publish.ts'

export default defineCommand({
  name: 'notice-schedule',
  aliases: ['通知 定时', '定时通知', 'notice schedule'],
  summary: '定好时间，到时候自动发通知',
  moment: '通知',
  examples: ['/通知 定时 明早9点 今天下午停水，请提前存水', '/通知 定时 11-26 9:00 今天下午停水'],
  allow: [...OFFICERS, 'admin'],
  audience: 'people',
  publishOptions: [RECEIPT, URGENT],
  args: z.object({ when: whenWords(), text: freeText(NOTICE_MAX) }),

  async run(ctx, args) {
    refuseMisplaced(args.text, '通知 定时')
    const dueAt = momentOf(args.when, '通知 定时 明早9点 内容').toISOString()
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const plan = { ...(await audienceOf(ctx, tx)), text: args.text, picture: pictureOf(ctx), dueAt }
      return previewNotice(ctx, tx, 'notice-schedule', plan)
    })
  },

  publish: publishNotice,
})
