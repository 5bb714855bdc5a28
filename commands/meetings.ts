import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, meetingId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { UnknownIdError } from '../src/errors.ts'
import { answersForAny, concerns, detailWords, entryWords, meetingsAhead } from '../src/meeting/agenda.ts'
import { rowOf } from '../src/meeting/roll.ts'
import { shortId } from '../src/meeting/words.ts'
import { type Meeting, meetings } from '../src/store/collections.ts'

const SHOWN = 8

export default defineCommand({
  name: 'meetings',
  aliases: ['会议', '开会', '几点开会', '什么时候开会', '今天开会吗', '今晚开会吗', '明天开会吗', 'meetings'],
  summary: '后面有哪些会',
  moment: '会前',
  examples: ['/会议', '/会议 m-17'],
  allow: 'everyone',
  args: z.object({ meetingId: meetingId().optional() }),

  async run(ctx, args) {
    return ctx.store.read(tx => (args.meetingId ? detail(ctx, tx, args.meetingId) : agenda(ctx, tx)))
  },
})

async function agenda(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  const ahead = await meetingsAhead(ctx, tx)
  const [first] = ahead
  if (!first) {
    const next = answersForAny(ctx.person) ? '要开会请发：会议 新建' : '有会议会提前告诉您。'
    return { text: `近期没有要您参加的会议。${next}` }
  }
  const entries: string[] = []
  for (const meeting of shown(ctx, ahead)) entries.push(await entryWords(ctx, tx, meeting))
  const more = ahead.length > SHOWN ? [`还有 ${ahead.length - SHOWN} 个会没有列出。`] : []
  return { text: [...entries, ...more, `看一个会请发：会议${shortId(first.meetingId)}`].join('\n\n') }
}

/** His own come before those he only answers for, of which the township has many. */
function shown(ctx: CommandContext, ahead: readonly Meeting[]): readonly Meeting[] {
  const mine = ahead.filter(meeting => rowOf(meeting, ctx.person))
  const first = new Set([...new Set([...mine, ...ahead])].slice(0, SHOWN))
  return ahead.filter(meeting => first.has(meeting))
}

/** A meeting of the branch that neither expects him nor is his to answer for does not exist for him. */
async function detail(ctx: CommandContext, tx: CommandReadTx, meetingId: string): Promise<Answer> {
  const meeting = await tx.get(meetings, meetingId)
  if (!meeting || !concerns(ctx.person, meeting)) throw new UnknownIdError(meetingId)
  return { text: await detailWords(ctx, tx, meeting) }
}
