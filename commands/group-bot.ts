import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { bindRobot, branchNow } from '../src/branch/group.ts'

const WRONG = '这不是群机器人的 key。请到群里打开机器人，把它的 Webhook 地址整个复制过来'
const KEY = /^[\w-]{16,80}$/

/** The key alone, or the whole address. Whatever is wrong with it is never said back: it may be somebody's key all the same. */
const key = z
  .string()
  .transform(said => /[?&]key=([^&\s#]+)/.exec(said)?.[1] ?? said)
  .pipe(z.string().regex(KEY, { error: WRONG }))

export default defineCommand({
  name: 'group-bot',
  aliases: ['群 机器人', 'group bot'],
  summary: '绑定群机器人，通知在群里发一份',
  moment: '通知',
  examples: ['/群 机器人 693a91f6-7a0c-4bc4-97a0-0ec2f7fa5aaa'],
  allow: ['secretary', 'deputy', 'admin'],
  privateOnly: true,
  args: z.object({ key }),

  async run(ctx, args) {
    const { branchId } = await ctx.store.read(tx => ctx.branch(tx))
    return ctx.store.update(`branch:${branchId}`, async tx => {
      const branch = await branchNow(tx, branchId)
      await bindRobot(ctx, tx, branch, args.key)
      return {
        text: `已绑定${branch.name}的群机器人，正在群里发一条试试；发不出去会告诉您。key 等于密码，请把这条消息删掉。`,
      }
    })
  },
})
