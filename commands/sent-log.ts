import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, fold } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { lastIncomplete, refuseUseless, resend } from '../src/branch/resend.ts'
import { type Matter, matterSent, mattersSent, mayTryAgain } from '../src/branch/sent-log.ts'
import { detailLines, summaryLine } from '../src/branch/sent-words.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { branchIdsWithin } from '../src/meeting/within.ts'

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
    return ctx.store.read(async tx => detail(ctx, await matter(tx, id)))
  },

  async publish(ctx, tx, draft) {
    const { about, outgoingId, personIds } = content.parse(draft.content)
    await refuseUseless(ctx, tx, about)
    const reached = await resend(ctx, tx, about, outgoingId, personIds)
    return { answer: { text: `已重发 ${about}，发给 ${reached} 人。`, outcome: '已重发' }, became: about }
  },
})

async function overview(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  const found = await mattersSent(tx, SHOWN)
  const [first] = found
  if (!first) return { text: '最近一个月没有给多人发过会议或通知。' }
  const lines = found.map(one => summaryLine(one, ctx.now))
  return { text: ['最近发的：', ...lines, `看一个请发：发送记录 ${first.about}`].join('\n') }
}

async function matter(tx: CommandReadTx, about: string): Promise<Matter> {
  const found = await matterSent(tx, about)
  if (!found) throw new UnknownIdError(about)
  return found
}

function detail(ctx: CommandContext, found: Matter): Answer {
  const again = lastIncomplete(found)
  const choices = again ? [{ label: '重发', line: `/发送记录 ${found.about} 重发` }] : []
  return { text: detailLines(found, ctx.now).join('\n'), ...(choices.length > 0 && { choices }) }
}

async function propose(ctx: CommandContext, tx: CommandTx, about: string): Promise<Answer> {
  const found = await matter(tx, about)
  await refuseUseless(ctx, tx, about)
  const sent = lastIncomplete(found)
  const again = sent?.missed.filter(mayTryAgain) ?? []
  if (!sent || again.length === 0)
    throw new UserError(`${about} 没有可以重发的人。发“发送记录 ${about}”看是谁、为什么。`)
  const names = again.map(({ person }) => person.name).join('、')
  const personIds = again.map(({ person }) => person.personId)
  const [branchId = ''] = await branchIdsWithin(ctx, tx)
  const [words = ''] = sent.outgoing.message.text.split('\n')
  const plan = { about, outgoingId: sent.outgoing.outgoingId, personIds }
  const draftId = await tx.draft({ command: 'sent-log', branchId, by: ctx.person.personId, content: plan })
  return previewOfChange(draftId, [`重发 ${about} ${found.title}`, words, `发给 ${again.length} 人：${names}`])
}
