import { z } from 'zod'
import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addMinutes, spellMoment } from '../clock.ts'
import { spanOf } from '../domain/meeting.ts'
import { namePosts } from '../domain/roster.ts'
import type { When } from '../domain/when.ts'
import { UserError } from '../errors.ts'
import { branchLine } from '../meeting/branch-names.ts'
import { previewOfChange } from '../meeting/change.ts'
import { TOWNSHIP_PLACE } from '../meeting/drafts.ts'
import { reachWords } from '../meeting/published.ts'
import { goesAt, waitsWords } from '../meeting/quiet.ts'
import { branches, type Person, POSTS } from '../store/collections.ts'
import { concernedBy, membershipFor, namesAmong } from './concerned.ts'
import { nameList } from './words.ts'

/** A notice before it is published: what a preview keeps, what it shows, and what cannot be. */

export const noticePlan = z.object({
  /** null: the township's, to all branches. */
  branchId: z.string().nullable(),
  branchIds: z.array(z.string()),
  only: z.object({ group: z.string().nullable(), posts: z.array(z.enum(POSTS)) }).nullable(),
  text: z.string(),
  picture: z.object({ mediaId: z.string(), at: z.string() }).nullable(),
  /** null: at once. */
  dueAt: z.string().nullable(),
})
export type NoticePlan = z.infer<typeof noticePlan>

/** 15 messages to each: what is longer is a document, not a notice. */
export const NOTICE_MAX = 6000
export const RECEIPT = '需回执'

/** WeCom keeps what was sent to the bot for three days; it may have come half an hour before it was attached. */
const PICTURE_MINUTES = 3 * 24 * 60 - 30

/** The picture he sent a moment ago. */
export const pictureOf = (ctx: CommandContext): NoticePlan['picture'] =>
  ctx.picture === null ? null : { mediaId: ctx.picture, at: ctx.now.toISOString() }

/** The instant that was said; `line` is an example of how to say it. */
export function momentOf(when: When, line: string): Date {
  const span = spanOf(when)
  if (!span) throw new UserError(`要写明哪天几点。这样发：${line}`)
  return new Date(span.startsAt)
}

/** Refuses what lies behind, and a picture that would not last until then. Returns when it goes. */
export async function refuseUntimely(
  tx: CommandReadTx,
  plan: Pick<NoticePlan, 'dueAt' | 'picture'>,
  urgent: boolean,
): Promise<Date> {
  if (plan.dueAt && new Date(plan.dueAt) <= tx.now) {
    throw new UserError(`${spellMoment(new Date(plan.dueAt))} 已过。请换一个时间再发。`)
  }
  const at = await goesAt(tx.township, plan.dueAt ? new Date(plan.dueAt) : tx.now, urgent)
  if (plan.picture && at > addMinutes(new Date(plan.picture.at), PICTURE_MINUTES)) {
    throw new UserError('图片在企业微信只保存三天，到那时已经没有了。请定在三天以内，或到时候再带图片发。')
  }
  return at
}

/** Keeps the plan as a draft and shows what it would do. */
export async function previewNotice(
  ctx: CommandContext,
  tx: CommandTx,
  command: string,
  plan: NoticePlan,
): Promise<Answer> {
  const at = await refuseUntimely(tx, plan, false)
  const told = await concernedBy(tx.township, plan)
  if (told.length === 0) throw new UserError(`${meantWords(plan)}名册上没有人。通知发不出去，请先登记名册。`)
  const by = ctx.person.personId
  const draftId = await tx.draft({ command, branchId: plan.branchId ?? TOWNSHIP_PLACE, by, content: plan })
  const branch = plan.branchId ? branchLine(ctx.person, await tx.get(branches, plan.branchId)) : []
  const waits = plan.dueAt ? `${spellMoment(at)} 发` : await waitsWords(tx.township, tx.now)
  const hurry = waits && !plan.dueAt ? [`急事请发：发布 ${draftId} 紧急 原因`] : []
  const answer = previewOfChange(draftId, [
    ...branch,
    ...(plan.only ? [`只发给${meantWords(plan)}`] : []),
    plan.branchId ? reachWords(told) : `${reachWords(told)}，${countBranches(plan, told)} 个支部`,
    ...noPhoneNames(ctx, plan, told),
    waits ?? '发布后现在就发',
    ...hurry,
    plan.picture ? '附图片 1 张' : '没有附图片',
    plan.text,
  ])
  return {
    ...answer,
    choices: [...(answer.choices ?? []), { label: RECEIPT, line: `/发布 ${draftId} ${RECEIPT}` }],
    ...(plan.picture && { usedPicture: true }),
  }
}

/** '一组、书记'; '' for everybody. */
const meantWords = ({ only }: Pick<NoticePlan, 'only'>): string =>
  [only?.group, only && namePosts(only.posts)].filter(Boolean).join('、')

/** More than these are on the roster's list, not in a preview. */
const FEW = 10

/** Whom the officer has to tell by mouth: to him alone, of the branch he answers for. */
export function noPhoneNames(
  ctx: CommandContext,
  { branchId }: Pick<NoticePlan, 'branchId'>,
  told: readonly Person[],
): string[] {
  const noPhone = told.filter(person => person.noPhone)
  if (branchId === null || !ctx.private || noPhone.length === 0 || noPhone.length > FEW) return []
  return [`无手机：${nameList(noPhone, namesAmong(told))}，请当面或打电话告知`]
}

const countBranches = (plan: NoticePlan, told: readonly Person[]): number =>
  new Set(told.map(person => membershipFor(plan, person)?.branchId)).size
