import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { branchNow, makeGroup, reachablePeople, refuseSecondGroup, refuseTooFew } from '../src/branch/group.ts'
import { seesGroups } from '../src/domain/group.ts'
import { isActive } from '../src/domain/roster.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { people } from '../src/store/collections.ts'

const content = z.object({ branchId: z.string() })

export default defineCommand({
  name: 'group-make',
  aliases: ['群 建', '建群', 'group make'],
  summary: '给支部建一个企业微信群',
  moment: '通知',
  examples: ['/群 建'],
  allow: ['secretary', 'deputy', 'admin'],
  privateOnly: true,
  args: z.object({}),

  async run(ctx) {
    const { branchId } = await ctx.store.read(tx => ctx.branch(tx))
    return ctx.store.update(`branch:${branchId}`, async tx => {
      const branch = await branchNow(tx, branchId)
      await refuseSecondGroup(tx, branch)
      const found = await reachablePeople(tx, branchId)
      refuseTooFew(found)
      const all = (await tx.find(people, 'branch', branchId)).filter(isActive).length
      const left = all - found.length
      const inWechat = found.filter(person => !seesGroups(person)).length
      const who = inWechat > 0 ? `其中 ${inWechat} 人用普通微信，` : '用普通微信的人'
      const draft = { command: 'group-make', branchId, by: ctx.person.personId, content: { branchId } }
      return previewOfChange(await tx.draft(draft), [
        `建支部群：${branch.name}`,
        `${found.length} 人进群${left > 0 ? `（另 ${left} 人无手机或没有账号）` : ''}，以后跟着名册进出`,
        `${who}看不到企业微信群，通知照常单独发`,
      ])
    })
  },

  async publish(ctx, tx, draft) {
    const { branchId } = content.parse(draft.content)
    const branch = await branchNow(tx, branchId)
    const found = await makeGroup(ctx, tx, branch)
    const text = `已发布，正在建“${branch.name}”群，${found.length} 人。建好或建不成都会告诉您。`
    return { answer: { text, outcome: '正在建群' }, became: branchId }
  },
})
