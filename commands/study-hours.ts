import { z } from 'zod'
import { type CommandContext, defineCommand, freeText } from '../src/bot/command.ts'
import { branchOfAll, enterMany, enterOne, hoursOf, lockOf, proposeMany } from '../src/study/hours.ts'
import { readHoursSaid } from '../src/study/hours-said.ts'

const content = z.object({
  branchId: z.string(),
  personIds: z.array(z.string()).min(1),
  tenths: z.number().int(),
  what: z.string(),
  day: z.string(),
})

export default defineCommand({
  name: 'study-hours',
  aliases: ['学时', '学时 记', 'study hours'],
  summary: '记谁学了几学时，看谁的学时',
  moment: '学习',
  examples: ['/学时 张三 4 县里培训', '/学时 张三 李四 1.5 镇里轮训 11-20', '/学时 张三'],
  allow: ['publicity', 'deputy', 'secretary', 'admin'],
  privateOnly: true,
  once: true,
  args: z.object({ said: freeText(2000).optional() }),

  async run(ctx, args) {
    const { people, study, branch } = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    const [person, another] = people
    if (!study || !person) return ctx.store.read(async tx => listed(ctx, tx, people))
    return ctx.store.update(lockOf(branch.branchId), tx =>
      another ? proposeMany(ctx, tx, { those: people, study, branch }) : enterOne(ctx, tx, { person, study, branch }),
    )
  },

  publish: (ctx, tx, draft) => enterMany(ctx, tx, content.parse(draft.content)),
})

type Tx = Parameters<typeof readHoursSaid>[1]

async function meant(ctx: CommandContext, tx: Tx, text: string) {
  const said = await readHoursSaid(ctx, tx, text)
  return { ...said, branch: await branchOfAll(ctx, tx, said.people) }
}

const MOST_LISTED = 5

async function listed(ctx: CommandContext, tx: Tx, people: Parameters<typeof branchOfAll>[2]) {
  const answers: string[] = []
  for (const person of people.slice(0, MOST_LISTED)) answers.push((await hoursOf(ctx, tx, person)).text)
  return { text: answers.join('\n\n') }
}
