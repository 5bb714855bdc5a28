import { z } from 'zod'
import { type CommandContext, type CommandReadTx, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { dayOf } from '../src/clock.ts'
import { namePosts } from '../src/domain/roster.ts'
import { readPosts } from '../src/domain/roster-columns.ts'
import { UserError } from '../src/errors.ts'
import { branchLine } from '../src/meeting/branch-names.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { personMeant } from '../src/person/meant.ts'
import { carryPosts, planOf, postingLines, postingNow, postsPlan, type Wanted } from '../src/person/posting.ts'
import { branches } from '../src/store/collections.ts'

const EXAMPLE = '党员 职务 张三 组织委员'
const NONE = /^(?:无|免|免职|免去|没有|无职务)$/u

export default defineCommand({
  name: 'person-posts',
  aliases: ['党员 职务', 'person posts'],
  summary: '谁担任什么职务，原来的人同时免去',
  moment: '我',
  examples: [`/${EXAMPLE}`, '/党员 职务 张三 副书记、纪检委员', '/党员 职务 张三 无'],
  allow: ['secretary', 'admin'],
  privateOnly: true,
  args: z.object({ said: freeText(100).optional() }),

  async run(ctx, args) {
    const wanted = await ctx.store.read(tx => meant(ctx, tx, args.said ?? ''))
    if ('text' in wanted) return wanted
    return ctx.store.update(`person:${wanted.personId}`, tx => preview(ctx, tx, wanted))
  },

  async publish(ctx, tx, draft) {
    const { person, branch, posts } = await carryPosts(ctx, tx, postsPlan.parse(draft.content))
    const now = posts.length > 0 ? namePosts(posts) : '没有职务'
    const text = `已改：${person.name}在${branch.name}${now}。错了请再发：党员 职务 ${person.name} 职务`
    return { answer: { text, outcome: '已改职务' }, became: person.personId }
  },
})

async function meant(ctx: CommandContext, tx: CommandReadTx, text: string): Promise<Wanted | Answer> {
  const found = await personMeant(ctx, tx, text, { verb: '党员 职务', example: EXAMPLE })
  if ('text' in found) return found
  const { person, rest } = found
  const words = rest.join(' ')
  if (words === '') throw new UserError(`还缺职务，全部职务一次写上。这样发：党员 职务 ${person.name} 组织委员`)
  if (NONE.test(words)) return { personId: person.personId, posts: [] }
  const read = readPosts(words, dayOf(ctx.now))
  if (!('value' in read)) throw new UserError(`${read.why}，不再任职写“无”。请再发一次。`)
  return { personId: person.personId, posts: read.value }
}

async function preview(ctx: CommandContext, tx: CommandTx, wanted: Wanted): Promise<Answer> {
  const posting = await postingNow(ctx, tx, wanted)
  const content = planOf(posting)
  const { branchId } = content
  const draftId = await tx.draft({ command: 'person-posts', branchId, by: ctx.person.personId, content })
  const branch = branchLine(ctx.person, await tx.get(branches, branchId))
  return previewOfChange(draftId, [...branch, ...postingLines(posting)])
}
