import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { branchNow, unbindGroup } from '../src/branch/group.ts'

export default defineCommand({
  name: 'group-unbind',
  aliases: ['群 解绑', 'group unbind'],
  summary: '不再往支部群里发',
  moment: '通知',
  examples: ['/群 解绑'],
  allow: ['secretary', 'deputy', 'admin'],
  privateOnly: true,
  args: z.object({}),

  async run(ctx) {
    const { branchId } = await ctx.store.read(tx => ctx.branch(tx))
    return ctx.store.update(`branch:${branchId}`, async tx => {
      const kind = await unbindGroup(ctx, tx, await branchNow(tx, branchId))
      const left = kind === 'appchat' ? '群还在，要解散请群主在企业微信里解散' : '机器人还在群里，不用了请在群里移除'
      return { text: `已解绑，以后通知只单独发给每个人。${left}。` }
    })
  },
})
