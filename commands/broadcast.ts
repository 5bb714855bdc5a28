import { z } from 'zod'
import { type CommandContext, defineCommand, fold, freeText, noticeId, URGENT } from '../src/bot/command.ts'
import { UserError } from '../src/errors.ts'
import { allBranchIds } from '../src/notice/concerned.ts'
import { changeNotice } from '../src/notice/pick.ts'
import { NOTICE_MAX, pictureOf, previewNotice, RECEIPT } from '../src/notice/plan.ts'
import { publishNotice } from '../src/notice/publish.ts'
import { stopBroadcast } from '../src/notice/stop.ts'

export default defineCommand({
  name: 'broadcast',
  aliases: ['群发', 'broadcast'],
  summary: '给所有支部发通知，也能停发',
  moment: '通知',
  examples: ['/群发 明天有暴雪，请各支部看望独居老人', '/群发 停 n-17'],
  allow: ['admin'],
  audience: 'people',
  publishOptions: [RECEIPT, URGENT],
  args: z.object({ text: freeText(NOTICE_MAX) }),

  async run(ctx, { text }) {
    refuseAudience(ctx)
    const id = stops(text)
    if (id) return changeNotice(ctx, id, (tx, notice) => stopBroadcast(ctx, tx, notice))
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const branchIds = await allBranchIds(tx.township)
      const plan = { branchId: null, branchIds, text, picture: pictureOf(ctx), dueAt: null }
      return previewNotice(ctx, tx, 'broadcast', plan)
    })
  },

  publish: publishNotice,
})

/** '停 n-17' → 'n-17'; a text that only begins with 停 is a text. */
function stops(text: string): string | null {
  const [, said] = /^停\s*(\S+)$/u.exec(fold(text)) ?? []
  return noticeId().safeParse(said).data ?? null
}

/** 全镇 is what it does anyway; a part of the township is another line. */
function refuseAudience({ audience }: CommandContext): void {
  const branch = audience?.branch
  if (!branch && !audience?.group && !audience?.posts.length) return
  throw new UserError(`群发是给所有支部的。只给一个支部请发：通知 发 @${branch?.name ?? '支部名'} 内容`)
}
