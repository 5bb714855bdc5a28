import { z } from 'zod'
import { type CommandContext, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import { ownBranchId } from '../src/domain/roster.ts'
import { headsOf, hears } from '../src/meeting/heads.ts'
import { people, suggestions } from '../src/store/collections.ts'

export default defineCommand({
  name: 'suggest',
  aliases: ['建议', '意见', 'suggest'],
  summary: '给支部和镇里提建议',
  moment: '我',
  examples: ['/建议 会前一天再提醒一次'],
  allow: 'everyone',
  privateOnly: true,
  once: true,
  args: z.object({ text: freeText(500) }),

  async run(ctx, args) {
    const { personId, name } = ctx.person
    return ctx.store.update(`person:${personId}`, async tx => {
      const suggestionId = await tx.nextId('s')
      const branchId = ownBranchId(ctx.person) ?? null
      const at = tx.now.toISOString()
      await tx.insert(suggestions, { suggestionId, branchId, by: personId, text: args.text, at, answer: null })
      const told = await whoHears(ctx, tx, branchId)
      const message = { text: `${name} 的建议 ${suggestionId}：\n${args.text}` }
      if (told.length > 0) await tx.send(message, told, { about: suggestionId })
      return { text: `已记下，编号 ${suggestionId}。已报给书记和镇党建办，写着您的姓名。` }
    })
  },
})

/** The secretary, where there is none the deputy, and the township: they are outside a member's reach. */
async function whoHears(ctx: CommandContext, tx: CommandTx, branchId: string | null): Promise<string[]> {
  const heads = branchId ? headsOf(await tx.township.find(people, 'branch', branchId), branchId) : []
  const admins = (await tx.township.find(people, 'admin', 'yes')).filter(hears)
  const ids = new Set([...heads, ...admins].map(person => person.personId))
  ids.delete(ctx.person.personId)
  return [...ids]
}
