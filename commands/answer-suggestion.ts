import { z } from 'zod'
import { type CommandContext, type CommandTx, defineCommand, fold, freeText } from '../src/bot/command.ts'
import type { Reply } from '../src/bot/message.ts'
import { membershipIn, namePosts, OFFICERS } from '../src/domain/roster.ts'
import { UnknownIdError, UserError } from '../src/errors.ts'
import { hears } from '../src/meeting/heads.ts'
import { people, type Suggestion, suggestions } from '../src/store/collections.ts'

const suggestionId = z
  .string()
  .transform(fold)
  .pipe(z.string().regex(/^(?:s-?|建议)?\d{1,9}$/))
  .transform(text => `s-${Number(text.replace(/\D/g, ''))}`)

export default defineCommand({
  name: 'answer-suggestion',
  aliases: ['回复', '答复', 'answer'],
  summary: '答复一条建议',
  moment: '我',
  examples: ['/回复 s-12 投影仪下周到，谢谢提醒'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ suggestionId, text: freeText(500) }),

  run: (ctx, args) =>
    ctx.store.update(`suggestion:${args.suggestionId}`, async tx => {
      const suggestion = await tx.get(suggestions, args.suggestionId)
      if (!suggestion) throw new UnknownIdError(args.suggestionId)
      await refuse(ctx, tx, suggestion)
      return answer(ctx, tx, suggestion, args.text)
    }),
})

async function refuse(ctx: CommandContext, tx: CommandTx, { by, answer, suggestionId }: Suggestion): Promise<void> {
  if (answer) {
    const first = answer.by === ctx.person.personId ? undefined : await tx.township.get(people, answer.by)
    const who = answer.by === ctx.person.personId ? '您' : (first?.name ?? '别人')
    throw new UserError(`${suggestionId} 已由${who}答复：${answer.text}\n一条建议只答复一次，别的话请当面说。`)
  }
  if (by === ctx.person.personId) throw new UserError(`${suggestionId} 是您自己提的，等别人来答复。`)
}

/** Kept, audited without its words, and told to who made the suggestion: once. */
async function answer(ctx: CommandContext, tx: CommandTx, suggestion: Suggestion, text: string): Promise<Reply> {
  const { suggestionId, branchId } = suggestion
  const by = ctx.person.personId
  await tx.put(suggestions, { ...suggestion, answer: { by, at: tx.now.toISOString(), text } })
  await tx.audit({ by, branchId, what: 'answer-suggestion', about: suggestionId })
  const asker = await tx.township.get(people, suggestion.by)
  if (!asker || !hears(asker)) return { text: `已记下对 ${suggestionId} 的答复。发不到本人，请当面告诉他。` }
  const posts = branchId ? namePosts(membershipIn(ctx.person, branchId)?.posts ?? []) : ''
  const from = `${ctx.person.name}${posts === '' ? '' : `（${posts}）`}`
  await tx.send({ text: `您的建议 ${suggestionId} 有答复了，${from}：\n${text}` }, [asker.personId], {
    about: suggestionId,
  })
  return { text: `已答复 ${suggestionId}，本人会看到。` }
}
