import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Need } from '../meeting/needs.ts'
import { gistOf } from '../meeting/words.ts'
import { unconfirmed } from './pick.ts'
import { shortNoticeId } from './words.ts'

const GIST = 12

/** With the newest notice that waits for his 收到: less pressing than checking in, more than the rest. */
export async function withNotices(ctx: CommandContext, tx: CommandReadTx, needs: readonly Need[]): Promise<Need[]> {
  const [newest, another] = await unconfirmed(ctx, tx)
  if (!newest) return [...needs]
  const need: Need = another
    ? { command: 'notices', say: '通知', what: '有几条通知等您确认' }
    : { command: 'ack', say: `收到${shortNoticeId(newest.noticeId)}`, what: `确认通知“${gistOf(newest.text, GIST)}”` }
  const first = needs.findIndex(({ command }) => command !== 'check-in')
  return needs.toSpliced(first < 0 ? needs.length : first, 0, need)
}
