import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { people } from '../store/collections.ts'

const STILL = '会议和支部的通知、改期、取消照常发给您'

/** 退订 and 订阅: reminders alone; what a meeting or a notice is, is always told. */
export async function setReminders(ctx: CommandContext, tx: CommandTx, unsubscribed: boolean): Promise<Answer> {
  const { personId } = ctx.person
  const person = await tx.get(people, personId)
  if (!person) throw new UserError('您不在名册，提醒设不了。请先把自己登记进名册。')
  if ((person.unsubscribed ?? false) !== unsubscribed) {
    await tx.put(people, { ...person, unsubscribed })
    const branchId = ownBranchId(person) ?? null
    await tx.audit({ by: personId, branchId, what: unsubscribed ? 'unsubscribe' : 'subscribe', about: personId })
  }
  return unsubscribed
    ? { text: `已退订：会前提醒、党费提醒和催办不再发给您，${STILL}。要恢复请发：订阅`, outcome: '已退订' }
    : { text: `已订阅：会前提醒、党费提醒和催办会发给您，${STILL}。不要提醒请发：退订`, outcome: '已订阅' }
}
