import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { reaches } from '../domain/roster.ts'
import type { Notice, Person } from '../store/collections.ts'
import {
  branchesOf,
  branchNames,
  type Concerning,
  canConfirm,
  countIn,
  namesAmong,
  namesWithBranch,
  recipientsWithin,
} from './concerned.ts'
import { type Progress, progressOf, progressWords, recordsOf } from './progress.ts'
import { confirmedBy } from './receipts.ts'
import { byAdvice, nameList, noticeLine, SOME, shortNoticeId } from './words.ts'

/** What officers are told of a notice: names to them alone, of their own branch alone. */

export interface Confirmations {
  /** Who can be asked, or did it all the same. */
  asked: readonly Person[]
  confirmed: readonly Person[]
  missing: readonly Person[]
  noPhone: readonly Person[]
}

export async function confirmationsOf(ctx: CommandContext, tx: CommandReadTx, notice: Notice): Promise<Confirmations> {
  const there = await recipientsWithin(tx.township, notice, ctx.reach)
  const done = await confirmedBy(tx, notice)
  const confirmed = there.filter(person => done.has(person.personId))
  const missing = there.filter(person => !done.has(person.personId) && canConfirm(person))
  return { asked: [...confirmed, ...missing], confirmed, missing, noPhone: there.filter(person => person.noPhone) }
}

export async function statusWords(ctx: CommandContext, tx: CommandReadTx, notice: Notice): Promise<string> {
  const lines = [await noticeLine(tx.township, notice)]
  if (notice.state === 'scheduled') lines.push(`还没有发，到时候自动发。不发了请发：通知 收回 ${notice.noticeId}`)
  if (notice.state === 'cancelled') lines.push('已取消，没有发给任何人。')
  if (notice.state === 'scheduled' || notice.state === 'cancelled') return lines.join('\n')
  if (notice.state !== 'sent') lines.push(notice.state === 'recalled' ? '已收回' : '已停发')
  const confirmations = await confirmationsOf(ctx, tx, notice)
  const records = await recordsOf(tx.township, notice)
  const there = await recipientsWithin(tx.township, notice, ctx.reach)
  const progress = records.length > 0 ? progressOf(records, there) : undefined
  if (notice.receipt) lines.push(...(await receiptLines(ctx, tx, notice, confirmations, progress)))
  else lines.push('没有要回执')
  if (progress)
    lines.push(
      progressWords(notice, progress, tx.now),
      ...missedLines(progress, await namesFor(ctx, tx, notice, there)),
    )
  lines.push(...noPhoneLine(ctx, notice, confirmations))
  return lines.join('\n')
}

/** Of many branches the township sees the sums, in the order of the branches. */
export const showsNames = (ctx: CommandContext, notice: Concerning): boolean =>
  notice.branchIds.filter(branchId => reaches(ctx.reach, [{ branchId }])).length === 1

async function receiptLines(
  ctx: CommandContext,
  tx: CommandReadTx,
  notice: Notice,
  confirmations: Confirmations,
  progress: Progress | undefined,
): Promise<string[]> {
  const { asked, confirmed, missing } = confirmations
  const head = `已收到 ${confirmed.length} / 共 ${asked.length}`
  if (!showsNames(ctx, notice)) return [head, ...(await branchLines(tx, notice, confirmations))]
  const missed = new Set(progress?.missed.map(({ person }) => person.personId))
  const told = missing.filter(person => !missed.has(person.personId))
  if (told.length === 0) return [head]
  const names = nameList(told, namesAmong(asked))
  const mayUrge = notice.state !== 'recalled' && (notice.branchId !== null || ctx.person.admin)
  return [
    head,
    `还没确认 ${told.length} 人：${names}`,
    ...(mayUrge ? [`提醒他们请发：催办 ${shortNoticeId(notice.noticeId)}`] : []),
  ]
}

async function branchLines(tx: CommandReadTx, notice: Notice, { asked, confirmed }: Confirmations): Promise<string[]> {
  const all = await branchesOf(tx, notice)
  return all.map(branch => `${branch.name} ${countIn(notice, confirmed, branch)}/${countIn(notice, asked, branch)}`)
}

/** Of people of many branches the name alone tells little. */
async function namesFor(ctx: CommandContext, tx: CommandReadTx, notice: Notice, there: readonly Person[]) {
  return showsNames(ctx, notice) ? namesAmong(there) : namesWithBranch(await branchNames(tx), notice)
}

const missedLines = ({ missed }: Progress, nameOf: (person: Person) => string): string[] =>
  byAdvice(missed).map(([advice, people]) => `没有送到：${nameList(people, nameOf, SOME)}（${advice}）`)

function noPhoneLine(ctx: CommandContext, notice: Notice, { noPhone }: Confirmations): string[] {
  if (noPhone.length === 0) return []
  const names = showsNames(ctx, notice) ? `：${nameList(noPhone, namesAmong(noPhone))}` : ''
  return [`无手机 ${noPhone.length} 人，请当面或打电话告知${names}`]
}
