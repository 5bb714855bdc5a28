import { z } from 'zod'
import { defineCommand, fold } from '../src/bot/command.ts'
import { UserError } from '../src/errors.ts'
import { people } from '../src/store/collections.ts'

const LOOKS = { 文字: 'text', 卡片: 'cards' } as const

const look = z
  .string()
  .transform(fold)
  .pipe(z.enum(['文字', '卡片'], '只有两种：文字、卡片'))

export default defineCommand({
  name: 'client',
  aliases: ['界面', 'client'],
  summary: '选项用文字还是卡片给我看',
  moment: '我',
  examples: ['/界面 文字', '/界面 卡片'],
  allow: 'everyone',
  args: z.object({ look: look.optional() }),

  async run(ctx, args) {
    const said = args.look
    // Plain words and digits for everybody: who asks may be the one who cannot see cards.
    if (!said) {
      return {
        text: '选项怎么给您看？1 文字　2 卡片，请回数字。',
        digits: ['/界面 文字', '/界面 卡片'],
        awaits: '/界面',
      }
    }
    const { personId } = ctx.person
    return ctx.store.update(`person:${personId}`, async tx => {
      const person = await tx.get(people, personId)
      if (!person) throw new UserError('您不在名册，界面记不下来。请先把自己登记进名册。')
      if (person.client !== LOOKS[said]) await tx.put(people, { ...person, client: LOOKS[said] })
      return said === '文字'
        ? { text: '以后选项用文字给您看，照着回数字或文字就行。', outcome: '已改' }
        : { text: '以后选项用卡片给您看，点按钮就行。看不到卡片请发：界面 文字', outcome: '已改' }
    })
  },
})
