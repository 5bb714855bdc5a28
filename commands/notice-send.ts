import { z } from 'zod'
import { defineCommand, freeText, URGENT } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { NOTICE_MAX, pictureOf, previewNotice, RECEIPT } from '../src/notice/plan.ts'
import { publishNotice } from '../src/notice/publish.ts'

export default defineCommand({
  name: 'notice-send',
  aliases: ['通知 发', '发通知', 'notice send'],
  // WeCom delivers no files to an app (WECOM.md 2.3).
  summary: '发通知；先发图片可附上，文件附不了',
  moment: '通知',
  examples: ['/通知 发 明早8点在村部大扫除，请带工具'],
  allow: [...OFFICERS, 'admin'],
  publishOptions: [RECEIPT, URGENT],
  args: z.object({ text: freeText(NOTICE_MAX) }),

  async run(ctx, args) {
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const { branchId } = await ctx.branch(tx)
      const plan = { branchId, branchIds: [branchId], text: args.text, picture: pictureOf(ctx), dueAt: null }
      return previewNotice(ctx, tx, 'notice-send', plan)
    })
  },

  publish: publishNotice,
})
