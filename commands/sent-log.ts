import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, fold } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { placeOfResend, refuseUseless, resend } from '../src/branch/resend.ts'
import { lastIncomplete, type Matter, matterSent, mattersSent } from '../src/branch/sent-log.ts'
import { detailLines, summaryLine } from '../src/branch/sent-words.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { waitsWords } from '../src/meeting/quiet.ts'
import { namesAmong } from '../src/notice/concerned.ts'
import { nameList } from '../src/notice/words.ts'

const SHOWN = 6
const content = z.object({ about: z.string(), outgoingId: z.string(), personIds: z.array(z.string()) })

/** A bare number is a meeting, as everywhere. */
const matterId = z
  .string()
  .transform(fold)
  .pipe(z.string().regex(/^(?:m-?|n-?|会议|通知)?\d{1,9}$/, { error: '后面写会议或通知的编号' }))
  .transform(said => `${/^(n|通知)/.test(said) ? 'n' : 'm'}-${Number(said.replace(/\D/g, ''))}`)

export default defineCommand({
  name: 'sent-log',
  aliases: ['发送记录', 'sent log'],
  summary: '发了什么，谁没收到，为什么',
  moment: '通知',
  examples: ['/发送记录', '/发送记录 m-17', '/发送记录 m-17 重发'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ id: matterId.optional(), again: z.enum(['重发']).optional() }),

  async run(ctx, args) {
    const { id, again } = args
    if (!id) return ctx.store.read(tx => overview(ctx, tx))
    if (again) return ctx.store.update(`sends:${id}`, tx => propose(ctx, tx, id))
    return ctx.store.read(async tx => detail(ctx, tx, await matter(ctx, tx, id)))
  },

  async publish(ctx, tx, draft) {
    const plan = content.parse(draft.content)
    const { about } = plan
    await refuseUseless(ctx, tx, about)
    const reached = await resend(ctx, tx, plan)
    if (reached === 0) {
      return { answer: { text: `${about} 已重发过，没有还要发的人。`, outcome: '已重发过' }, became: about }
    }
    const waits = await waitsWords(tx.township, tx.now)
    const text = waits ? `已重发 ${about}。${waits}给 ${reached} 人。` : `已重发 ${about}，发给 ${reached} 人。`
    return { answer: { text, outcome: '已重发' }, became: about }
  },
})

async function overview(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  const found = await mattersSent(ctx, tx, SHOWN)
  const [first] = found
  if (!first) return { text: '最近一个月没有给多人发过会议或通知。' }
  const lines = found.map(one => summaryLine(one, ctx.now))
  return { text: ['最近发的：', ...lines, `看一个请发：发送记录 ${first.about}`].join('\n') }
}

async function matter(ctx: CommandContext, tx: CommandReadTx, about: string): Promise<Matter> {
  const found = await matterSent(ctx, tx, about)
  if (!found) throw new UnknownIdError(about)
  return found
}

async function detail(ctx: CommandContext, tx: CommandReadTx, found: Matter): Promise<Answer> {
  const again = lastIncomplete(found)
  const choices = again ? [{ label: '重发', line: `/发送记录 ${found.about} 重发` }] : []
  const lines = await detailLines(ctx, tx, found)
  return { text: lines.join('\n'), ...(choices.length > 0 && { choices }) }
}

async function propose(ctx: CommandContext, tx: CommandTx, about: string): Promise<Answer> {
  const found = await matter(ctx, tx, about)
  await refuseUseless(ctx, tx, about)
  const again = lastIncomplete(found)
  if (!again) throw new UserError(`${about} 没有可以重发的人。发“发送记录 ${about}”看是谁、为什么。`)
  const { sent, people } = again
  const [words = ''] = sent.outgoing.message.text.split('\n')
  const plan = { about, outgoingId: sent.outgoing.outgoingId, personIds: people.map(({ personId }) => personId) }
  const by = ctx.person.personId
  const draftId = await tx.draft({ command: 'sent-log', branchId: placeOfResend(ctx, found), by, content: plan })
  const names = nameList(people, namesAmong(sent.to))
  return previewOfChange(draftId, [`重发 ${about} ${found.title}`, words, `发给 ${people.length} 人：${names}`])
}
