import { z } from 'zod'
import {
  type CommandContext,
  defineCommand,
  type Entry,
  fold,
  freeText,
  GLANCE,
  type Manual,
} from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { UserError } from '../src/errors.ts'
import { howToReport } from '../src/meeting/leave-for.ts'
import { MOMENTS, placeOf } from '../src/meeting/manual-order.ts'
import { usage } from '../src/meeting/manual-usage.ts'
import { type Need, needsOf } from '../src/meeting/needs.ts'
import { withNotices } from '../src/notice/needs.ts'

export default defineCommand({
  name: 'help',
  aliases: ['帮助', 'help', '?', '怎么用'],
  summary: '能说什么，怎么说',
  moment: '我',
  examples: ['/帮助', '/帮助 签到'],
  allow: 'everyone',
  args: z.object({ about: freeText(40).optional() }),

  async run(ctx, args) {
    const manual = await ctx.manual()
    const { about } = args
    if (about && about !== GLANCE) return explain(ctx, manual, about)
    const needs = await firstNeeds(ctx, manual)
    return about === GLANCE ? glance(needs) : overview(ctx, manual, needs)
  },
})

/** The three most pressing that this person may say. */
async function firstNeeds(ctx: CommandContext, manual: Manual): Promise<readonly Need[]> {
  const mine = new Set(manual.mine.map(entry => entry.name))
  const needs = await ctx.store.read(async tx => withNotices(ctx, tx, await needsOf(ctx, tx)))
  return needs.filter(need => mine.has(need.command)).slice(0, 3)
}

const needLine = (need: Need): string => `${need.say} — ${need.what}`

const glance = (needs: readonly Need[]): Answer => ({
  text: ['没看懂。您现在可以发：', ...needs.map(needLine), '发“帮助”看全部'].join('\n'),
})

function overview(ctx: CommandContext, manual: Manual, needs: readonly Need[]): Answer {
  const sections = MOMENTS.map(moment => {
    const entries = manual.mine
      .filter(entry => entry.moment === moment)
      .sort((a, b) => placeOf(a.name) - placeOf(b.name))
    const lines = entries.map(entry => `${sayOf(ctx, entry)} — ${entry.summary}`)
    return lines.length > 0 ? [`【${moment}】`, ...lines].join('\n') : ''
  })
  const now = needs.length > 0 ? ['您现在可以发：', ...needs.map(needLine)].join('\n') : ''
  return { text: [now, ...sections, '想知道怎么说，请发：帮助 签到'].filter(part => part !== '').join('\n\n') }
}

/** The township calls a meeting in a branch that it names. */
const sayOf = (ctx: CommandContext, { name, aliases }: Entry): string =>
  ctx.person.admin && name === 'meeting-new' ? `${aliases[0]} @支部 …` : aliases[0]

async function explain(ctx: CommandContext, manual: Manual, words: string): Promise<Answer> {
  const entry = manual.find(words)
  if (entry) return { text: usage(entry, entry.name === 'leave' ? await howToReport(ctx) : null) }
  const near = nearestTo(words, manual.mine)
  const asked = near ? `是“${near.aliases[0]}”吗？请发：帮助 ${near.aliases[0]}` : '请发“帮助”看全部。'
  throw new UserError(`没有“${words}”这条。${asked}`)
}

/** The line that shares most of its characters with what was asked; half of its first name is enough, of another not: 打印 is not 打卡. */
function nearestTo(words: string, entries: readonly Entry[]): Entry | undefined {
  const asked = new Set(fold(words).replace(/[\s/]/g, ''))
  const scored = entries.map(entry => ({
    entry,
    score: Math.max(...entry.aliases.map((alias, i) => likeness(asked, alias) - (i > 0 ? 0.1 : 0))),
  }))
  const best = scored.sort((a, b) => b.score - a.score)[0]
  return best && best.score >= 0.5 ? best.entry : undefined
}

function likeness(asked: ReadonlySet<string>, name: string): number {
  const characters = new Set(name.replace(/\s/g, ''))
  const shared = [...asked].filter(char => characters.has(char)).length
  return shared / Math.max(asked.size, characters.size)
}
