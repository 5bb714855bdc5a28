import { z } from 'zod'
import { defineCommand, freeText, URGENT } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { audienceOf, refuseMisplaced } from '../src/notice/audience.ts'
import { NOTICE_MAX, pictureOf, previewNotice, RECEIPT } from '../src/notice/plan.ts'
import { publishNotice } from '../src/notice/publish.ts'

export default defineCommand({
  name: 'notice-send',
  aliases: ['通知 发', '发通知', 'notice send'],
  // WeCom delivers no files to an app (WECOM.md 2.3).
  summary: '发通知；先发图片可附上，文件附不了',
  moment: '通知',
  examples: ['/通知 发 明早8点在村部大扫除，请带工具', '/通知 发 @委员 今晚8点到村部碰头'],
  allow: [...OFFICERS, 'admin'],
  audience: 'people',
  publishOptions: [RECEIPT, URGENT],
  args: z.object({ text: freeText(NOTICE_MAX) }),

  async run(ctx, args) {
    refuseMisplaced(args.text, '通知 发')
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const plan = { ...(await audienceOf(ctx, tx)), text: args.text, picture: pictureOf(ctx), dueAt: null }
      return previewNotice(ctx, tx, 'notice-send', plan)
    })
  },

  publish: publishNotice,
})
