import { z } from 'zod'
import { type CommandContext, type CommandTx, defineCommand } from '../src/bot/command.ts'
import type { Answer, SeenDirectory } from '../src/bot/message.ts'
import {
  addLines,
  IN_CHAT,
  lookAround,
  namesOf,
  newcomers,
  planFor,
  register,
  remarkLines,
  stillNew,
} from '../src/branch/sync.ts'
import { NEW_IDENTITIES } from '../src/domain/roster-sync.ts'
import { UserError } from '../src/errors.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { TOWNSHIP_PLACE } from '../src/meeting/drafts.ts'
import { branches } from '../src/store/collections.ts'

/** As many as the preview names: nobody is registered whom no one read. The command line takes all at once. */
const MOST_AT_ONCE = IN_CHAT

const content = z.object({ add: newcomers })

export default defineCommand({
  name: 'roster-sync',
  aliases: ['名册 同步', 'roster sync'],
  summary: '拿企业微信通讯录对名册',
  moment: '我',
  examples: ['/名册 同步'],
  allow: ['admin'],
  privateOnly: true,
  publishOptions: NEW_IDENTITIES,
  args: z.object({}),

  async run(ctx) {
    const seen = await lookAround(ctx.directory, run => ctx.store.read(run))
    return ctx.store.update('township', tx => compare(ctx, tx, seen))
  },

  async publish(ctx, tx, draft, said) {
    const asked = content.parse(draft.content).add
    const [identity, another] = NEW_IDENTITIES.filter(each => said.words.has(each))
    if (!identity || another) throw new UserError(`还没有登记：要写明身份。这样发：发布 ${draft.draftId} 预备党员`)
    const add = await stillNew(tx, asked)
    await register(tx, add, { identity, by: ctx.person.personId })
    const late = asked.length > add.length ? `，另 ${asked.length - add.length} 人名册上已有` : ''
    const text = `已登记 ${add.length} 人${late}，都是${identity}。入党日期、党小组、党费请用名册表补：名册 导入`
    return { answer: { text, outcome: `已登记 ${add.length} 人` }, became: '名册' }
  },
})

/** The preview; where nobody can be put on the roster, what was seen. */
async function compare(ctx: CommandContext, tx: CommandTx, seen: SeenDirectory): Promise<Answer> {
  const plan = await planFor(tx, seen)
  const remarks = remarkLines(plan, namesOf(await tx.all(branches)), IN_CHAT)
  const head = `企业微信里看到 ${seen.accounts.length} 个账号。`
  if (plan.add.length === 0) {
    const same = remarks.length === 0 ? '名册和通讯录对得上，不用改。' : '没有能直接登记的人，名册没有动。'
    return { text: [`${head}${same}`, ...remarks].join('\n') }
  }
  const add = plan.add.slice(0, MOST_AT_ONCE)
  const rest = plan.add.length - add.length
  const by = ctx.person.personId
  const draftId = await tx.draft({ command: 'roster-sync', branchId: TOWNSHIP_PLACE, by, content: { add } })
  const { text, mayAnswerLate } = previewOfChange(draftId, [
    `${head}可以登记进名册 ${add.length} 人：`,
    ...addLines(plan, add, IN_CHAT),
    ...(rest > 0 ? [`还有 ${rest} 人，登记以后再发一次：名册 同步`] : []),
    ...remarks,
  ])
  const choices = [
    ...NEW_IDENTITIES.map(identity => ({ label: identity, line: `/发布 ${draftId} ${identity}` })),
    { label: '作罢', line: `/作罢 ${draftId}` },
  ]
  return { text, choices, ...(mayAnswerLate && { mayAnswerLate }) }
}
