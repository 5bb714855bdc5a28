import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Reply } from '../bot/message.ts'
import { addDays, dayOf } from '../clock.ts'
import { isOfficerOf } from '../domain/roster.ts'
import { UnknownIdError, UserError } from '../errors.ts'
import { type Chore, chores, type Notice, notices, receipts } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** Who is on no branch's roster (ADMIN_USERIDS alone) has the township's notices and no other. */
export const isOpenTo = ({ person }: CommandContext, { branchId }: Notice): boolean =>
  branchId === null || person.memberships.length > 0

/** The notice with this id, in the speaker's reach. One outside it does not exist. */
export async function noticeById(ctx: CommandContext, tx: ReadTx, noticeId: string): Promise<Notice> {
  const notice = await tx.get(notices, noticeId)
  if (!notice || !isOpenTo(ctx, notice)) throw new UnknownIdError(noticeId)
  return notice
}

/** What went to all branches is the township's to recall, to urge and to stop. */
export function refuseTownships(ctx: CommandContext, { noticeId, branchId }: Notice): void {
  if (branchId === null && !ctx.person.admin) {
    throw new UserError(`${noticeId} 是镇里的通知，要由镇党建办来办。您可以看：通知 状态 ${noticeId}`)
  }
}

/** A change of a notice that exists: nobody publishes, confirms or delivers it meanwhile. */
export async function changeNotice(
  ctx: CommandContext,
  noticeId: string,
  run: (tx: CommandTx, notice: Notice) => Promise<Reply>,
): Promise<Reply> {
  const locks = await ctx.store.read(async tx => {
    const notice = await noticeById(ctx, tx, noticeId)
    refuseTownships(ctx, notice)
    const posts = (await postsOf(tx, notice)).filter(isWaiting)
    return [
      `notice:${noticeId}`,
      ...notice.outgoingIds.map(outgoingId => `outbox:${outgoingId}`),
      ...posts.map(post => `chore:${post.choreId}`),
    ]
  })
  return ctx.store.update(locks, async tx => run(tx, await noticeById(ctx, tx, noticeId)))
}

export const postKey = (noticeId: string, branchId: string): string => `post:${noticeId}:${branchId}`

/** The copies for branch groups, as far as they are held. A job puts its slot in front of the key. */
export async function postsOf(tx: ReadTx, { noticeId, branchIds }: Notice): Promise<readonly Chore[]> {
  const keys = branchIds.map(branchId => postKey(noticeId, branchId))
  return (await tx.all(chores)).filter(chore => keys.some(key => chore.dedupeKey?.endsWith(key)))
}

export const isWaiting = (chore: Chore): boolean => chore.state === 'waiting'

/** Newest first: ids grow, the clock may be moved back. */
export const newestFirst = (found: readonly Notice[]): readonly Notice[] =>
  [...found].sort((a, b) => numberOf(b) - numberOf(a))
const numberOf = ({ noticeId }: Notice): number => Number(noticeId.replace(/^n-/, ''))

/** Notices of the branches in reach, the township's included. */
export async function noticesWithin(ctx: CommandContext, tx: CommandReadTx): Promise<readonly Notice[]> {
  if (ctx.reach.township) return newestFirst((await tx.all(notices)).filter(notice => isOpenTo(ctx, notice)))
  return ofBranches(tx, 'branch', ctx.reach.places)
}

async function ofBranches(
  tx: ReadTx,
  index: 'branch' | 'asks',
  places: readonly { branchId: string }[],
): Promise<readonly Notice[]> {
  const found = new Map<string, Notice>()
  for (const { branchId } of places) {
    for (const notice of await tx.find(notices, index, branchId)) found.set(notice.noticeId, notice)
  }
  return newestFirst([...found.values()])
}

/** Longer ago is not what a bare 收到 means; with its id it can still be confirmed. */
const OPEN_DAYS = 30

/** Those that asked this person for 收到 and did not get it, newest first. */
export async function unconfirmed(ctx: CommandContext, tx: CommandReadTx): Promise<readonly Notice[]> {
  const { personId } = ctx.person
  const open: Notice[] = []
  for (const notice of newestFirst(await tx.township.find(notices, 'asked', personId))) {
    const since = addDays(dayOf(new Date(notice.dueAt)), OPEN_DAYS)
    if (new Date(notice.dueAt) > ctx.now || since < dayOf(ctx.now)) continue
    if (!(await tx.get(receipts, `${notice.noticeId}:${personId}`))) open.push(notice)
  }
  return open
}

/** Those still to come, of the branches he is an officer of; of all, for the township. */
export async function scheduledFor(ctx: CommandContext, tx: CommandReadTx): Promise<readonly Notice[]> {
  const waiting = await tx.find(notices, 'scheduled', 'yes')
  return waiting
    .filter(notice => answersForNotice(ctx, notice))
    .sort((a, b) => a.dueAt.localeCompare(b.dueAt) || numberOf(a) - numberOf(b))
}

export const answersForNotice = ({ person }: CommandContext, { branchIds }: Notice): boolean =>
  person.admin || branchIds.some(branchId => isOfficerOf(person, branchId))
