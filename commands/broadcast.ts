import { z } from 'zod'
import { type CommandContext, defineCommand, fold, freeText, noticeId, URGENT } from '../src/bot/command.ts'
import { UserError } from '../src/errors.ts'
import { refuseMisplaced, wholeTownship } from '../src/notice/audience.ts'
import { changeNotice } from '../src/notice/pick.ts'
import { NOTICE_MAX, pictureOf, previewNotice, RECEIPT } from '../src/notice/plan.ts'
import { publishNotice } from '../src/notice/publish.ts'
import { stopBroadcast } from '../src/notice/stop.ts'

export default defineCommand({
  name: 'broadcast',
  aliases: ['群发', 'broadcast'],
  summary: '给所有支部发通知，也能停发',
  moment: '通知',
  examples: ['/群发 明天有暴雪，请各支部看望独居老人', '/群发 @书记 明早9点到镇里开会', '/群发 停 n-17'],
  allow: ['admin'],
  audience: 'people',
  publishOptions: [RECEIPT, URGENT],
  args: z.object({ text: freeText(NOTICE_MAX) }),

  async run(ctx, { text }) {
    refuseBranch(ctx)
    refuseMisplaced(text, '群发')
    const id = stops(text)
    if (id) return changeNotice(ctx, id, (tx, notice) => stopBroadcast(ctx, tx, notice))
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const plan = { ...(await wholeTownship(ctx, tx)), text, picture: pictureOf(ctx), dueAt: null }
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

/** 全镇 is what it does anyway; one branch is another line. */
function refuseBranch({ audience }: CommandContext): void {
  const branch = audience?.branch
  if (!branch && !audience?.group) return
  throw new UserError(`群发是给所有支部的。只给一个支部请发：通知 发 @${branch?.name ?? '支部名'} 内容`)
}
