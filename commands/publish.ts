import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, draftId, fold, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { about, draftById, isStale, myOpenDraft, settledWords } from '../src/meeting/drafts.ts'
import { ANYWAY, readOptions } from '../src/meeting/publish-options.ts'
import { type Draft, drafts } from '../src/store/collections.ts'

interface Said {
  draftId?: string | undefined
  option?: string | undefined
}

export default defineCommand({
  name: 'publish',
  aliases: ['发布', 'publish'],
  summary: '把预览发出去',
  moment: '会前',
  examples: ['/发布 d-12', '/发布 d-12 现场码', '/发布'],
  allow: [...OFFICERS, 'leader', 'admin'],
  once: true,
  args: z.object({ draftId: draftId().optional(), option: freeText(100).optional() }),

  async run(ctx, args) {
    const found = await ctx.store.read(tx => meant(ctx, tx, args))
    const { draftId } = found
    return ctx.store.update(locksOf(found), async tx => {
      const draft = await tx.get(drafts, draftId)
      if (!draft) throw new UnknownIdError(draftId)
      await refuseSettled(ctx, tx, draft)
      await ctx.refuseOthersLine(tx, draft)
      const { anyway, ...said } = readOptions(ctx, draft, args.option ?? '')
      if (isStale(draft, ctx.now) && !anyway) return stale(draft, args.option ?? '')
      const { answer, became } = await ctx.publish(tx, draft, said)
      await tx.put(drafts, { ...draft, state: 'published', settledBy: ctx.person.personId, became })
      return answer
    })
  },
})

const changed = z.object({
  meetingId: z.string().optional(),
  noticeId: z.string().optional(),
  /** Of a resend: 'm-17' or 'n-17'. */
  about: z.string().optional(),
  /** Whose record it changes, and the branch he goes to. */
  personId: z.string().optional(),
  toBranchId: z.string().nullable().optional(),
  handovers: z.array(z.object({ personId: z.string() })).optional(),
})

/** A draft may change a meeting or a notice that exists, or send it once more: nobody checks in, closes or sends it meanwhile. */
function locksOf({ draftId, branchId, content }: Draft): string[] {
  const { meetingId, noticeId, about, toBranchId, ...whose } = changed.safeParse(content).data ?? {}
  const ids = [meetingId, noticeId, about].filter(id => id !== undefined)
  const matters = ids.map(id => `${id.startsWith('n-') ? 'notice' : 'meeting'}:${id}`)
  const personIds = [whose.personId, ...(whose.handovers ?? []).map(({ personId }) => personId)].filter(Boolean)
  const others = [...personIds.map(personId => `person:${personId}`), ...(toBranchId ? [`branch:${toBranchId}`] : [])]
  return [`branch:${branchId}`, `draft:${draftId}`, ...matters, ...others]
}

async function meant(ctx: CommandContext, tx: CommandReadTx, args: Said): Promise<Draft> {
  const { draftId, option = '' } = args
  // '发布 m-1': an id of something else is none of a draft.
  const other = /^[a-z]-\d+$/u.exec(fold(option.split(/\s/u)[0] ?? ''))?.[0]
  if (!draftId && other) throw new UnknownIdError(other)
  if (!draftId) {
    const draft = await myOpenDraft(ctx, tx, '发布')
    // A second thumb on the button means the draft that just went, never an old one.
    if (ctx.saidJustNow && isStale(draft, ctx.now)) throw new UserError('刚才已发布。')
    return draft
  }
  return draftById(ctx, tx, draftId)
}

async function refuseSettled(ctx: CommandContext, tx: CommandReadTx, draft: Draft): Promise<void> {
  if (draft.state === 'open') return
  const outcome = draft.became ? `已发布 ${draft.became}` : '已作罢'
  throw new UserError(await settledWords(ctx, tx, draft), { outcome })
}

/** Plain words and a digit, for everybody: a refusal sends no card. */
function stale(draft: Draft, option: string): Answer {
  return {
    text: `预览已过期，照发请回 1\n${draft.draftId}（${about(draft)}）`,
    digits: [['/发布', draft.draftId, ANYWAY, option].join(' ').trim()],
  }
}
