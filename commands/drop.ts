import { z } from 'zod'
import { defineCommand, draftId } from '../src/bot/command.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { draftById, myOpenDraft, settledWords } from '../src/meeting/drafts.ts'
import { drafts } from '../src/store/collections.ts'

export default defineCommand({
  name: 'drop',
  aliases: ['作罢', '不发了', 'drop'],
  summary: '不要这个预览了',
  moment: '会前',
  examples: ['/作罢 d-12', '/作罢'],
  allow: [...OFFICERS, 'leader', 'admin'],
  args: z.object({ draftId: draftId().optional() }),

  async run(ctx, args) {
    const { draftId } = await ctx.store.read(tx =>
      args.draftId ? draftById(ctx, tx, args.draftId) : myOpenDraft(ctx, tx, '作罢'),
    )
    return ctx.store.update(`draft:${draftId}`, async tx => {
      const draft = await tx.get(drafts, draftId)
      if (!draft) throw new UnknownIdError(draftId)
      if (draft.state === 'published') {
        throw new UserError(await settledWords(ctx, tx, draft), { outcome: `已发布 ${draft.became ?? ''}` })
      }
      if (draft.state === 'open') {
        // Nothing goes out, but the preview is gone for who may say it. His own anybody drops, whatever post he has lost.
        if (draft.by !== ctx.person.personId) await ctx.refuseOthersLine(tx, draft)
        await tx.put(drafts, { ...draft, state: 'dropped', settledBy: ctx.person.personId })
        await tx.audit({ by: ctx.person.personId, branchId: draft.branchId, what: 'drop-draft', about: draftId })
      }
      return { text: `${draftId} 已作罢，没有发给任何人。`, outcome: '已作罢' }
    })
  },
})
