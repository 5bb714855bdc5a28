import { z } from 'zod'
import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { minutesBetween, timeOf } from '../clock.ts'
import { meetingTitle } from '../domain/meeting.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { type Draft, drafts, people } from '../store/collections.ts'
import { gistOf } from './words.ts'

/** After this a preview may no longer say what would happen: it is asked once more (COMMANDS.md). */
const PREVIEW_MINUTES = 30

export const isStale = (draft: Draft, now: Date): boolean => minutesBetween(new Date(draft.at), now) >= PREVIEW_MINUTES

/** Drafts of the township belong to no branch: nobody but the township reaches this place. */
export const TOWNSHIP_PLACE = 'township'

/** The draft with this id. Who is on no branch's roster (ADMIN_USERIDS alone) has the township's drafts and no other. */
export async function draftById(ctx: CommandContext, tx: CommandReadTx, draftId: string): Promise<Draft> {
  const draft = await tx.get(drafts, draftId)
  const isHis = ctx.person.memberships.length > 0 || draft?.branchId === TOWNSHIP_PLACE
  if (!draft || !isHis) throw new UnknownIdError(draftId)
  return draft
}

const DRAFTS_SHOWN = 6

/** The only fresh draft this person has open, else the last that went stale. Throws UserError where there is none, or more than one. */
export async function myOpenDraft(ctx: CommandContext, tx: CommandReadTx, verb: '发布' | '作罢'): Promise<Draft> {
  const all = await tx.find(drafts, 'openBy', ctx.person.personId)
  const fresh = all.filter(draft => !isStale(draft, ctx.now))
  const open = fresh.length > 0 ? fresh : all.slice(-1)
  const [only, another] = open
  if (!only) throw new UserError(await noneOpen(ctx, tx, verb))
  if (another) {
    const newest = open.toReversed().slice(0, DRAFTS_SHOWN)
    const lines = newest.map(draft => `${verb} ${draft.draftId}（${about(draft)}）`)
    if (open.length > newest.length) lines.push(`另有 ${open.length - newest.length} 个`)
    throw new UserError(`有 ${open.length} 个预览，请带上编号：\n${lines.join('\n')}`)
  }
  return only
}

const planned = z.object({ kinds: z.array(z.string()), topic: z.string() })
const aboutOther = z.union([
  z.object({ title: z.string() }).transform(({ title }) => title),
  z.object({ meetingId: z.string() }).transform(({ meetingId }) => meetingId),
  z.object({ text: z.string() }).transform(({ text }) => gistOf(text, 12)),
  z.object({ noticeId: z.string() }).transform(({ noticeId }) => noticeId),
])

/** '党课 · 学习党章', 'm-17', '明早大扫除', or when it was made: what tells one preview from another. */
export function about({ content, at }: Draft): string {
  const plan = planned.safeParse(content).data
  if (plan) return meetingTitle(plan.kinds, plan.topic)
  return aboutOther.safeParse(content).data ?? timeOf(new Date(at))
}

/** Longer ago is not what he means. */
const SETTLED_MINUTES = 24 * 60

/** Where another officer was first, that is what he wants to know. */
async function noneOpen(ctx: CommandContext, tx: CommandReadTx, verb: '发布' | '作罢'): Promise<string> {
  const mine = (await tx.all(drafts)).filter(draft => draft.by === ctx.person.personId)
  const last = mine.sort((a, b) => a.at.localeCompare(b.at)).at(-1)
  const recent = last && minutesBetween(new Date(last.at), ctx.now) < SETTLED_MINUTES
  if (recent && last.settledBy !== ctx.person.personId) return settledWords(ctx, tx, last)
  return `没有等着${verb}的预览。要开会请发：会议 新建`
}

/** Who was first, and what became of it. */
export async function settledWords(ctx: CommandContext, tx: CommandReadTx, draft: Draft): Promise<string> {
  const by = draft.settledBy === ctx.person.personId ? '您' : await nameOf(tx, draft.settledBy)
  if (draft.state === 'published') return `${draft.draftId} 已由${by}发布，编号 ${draft.became}。不用再发。`
  return `${draft.draftId} 已由${by}作罢。要发请重新建。`
}

async function nameOf(tx: CommandReadTx, personId: string | null): Promise<string> {
  const person = personId ? await tx.township.get(people, personId) : undefined
  return person?.name ?? '别人'
}
