import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Reply } from '../bot/message.ts'
import { UserError } from '../errors.ts'
import { chores, type Notice, notices } from '../store/collections.ts'
import { isWaiting, postsOf } from './pick.ts'
import { callsBegun } from './progress.ts'

/** 停: what is on its way arrives, the rest is not sent. */
export async function stopBroadcast(ctx: CommandContext, tx: CommandTx, notice: Notice): Promise<Reply> {
  const { noticeId, branchId } = notice
  if (branchId !== null) throw new UserError(`${noticeId} 不是群发的通知。要收回请发：通知 收回 ${noticeId}`)
  if (notice.state !== 'sent') throw new UserError(`${noticeId} 已经停发或收回。要看请发：通知 状态 ${noticeId}`)
  const stopped = new Set<string>()
  for (const outgoingId of notice.outgoingIds) {
    for (const personId of await tx.stopSending(outgoingId)) stopped.add(personId)
  }
  const posts = (await postsOf(tx, notice)).filter(isWaiting)
  if (stopped.size + posts.length === 0) {
    throw new UserError(`${noticeId} 已经发完，停不了。要收回请发：通知 收回 ${noticeId}`)
  }
  for (const post of posts) await tx.put(chores, { ...post, state: 'failed', why: '没有发：群发已停' })
  const to = notice.to.filter(personId => !stopped.has(personId))
  const someHaveIt = (await callsBegun(tx.township, notice)).length > 0
  const state = someHaveIt ? 'stopped' : 'cancelled'
  await tx.put(notices, { ...notice, to, state })
  const by = ctx.person.personId
  await tx.audit({ by, branchId, what: 'stop-notice', about: noticeId, after: { state, stopped: stopped.size } })
  const rest = someHaveIt ? `已经发出的要收回请发：通知 收回 ${noticeId}` : '没有发给任何人。'
  return { text: `已停发 ${noticeId}，${stopped.size} 人不再发。${rest}` }
}
