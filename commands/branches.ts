import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { groundLines, type Seen, seeBranches } from '../src/branch/overview.ts'
import { aboutBranch } from '../src/branch/term.ts'
import { countsByIdentity } from '../src/meeting/persons.ts'

const SHOWN = 20

export default defineCommand({
  name: 'branches',
  aliases: ['支部', 'branches'],
  summary: '全镇支部和需要看的支部',
  moment: '我',
  examples: ['/支部'],
  allow: ['admin'],
  privateOnly: true,
  args: z.object({}),

  async run(ctx) {
    const seen = await ctx.store.read(tx => seeBranches(tx, ctx.now))
    const within = ctx.audience?.branch
      ? seen.filter(one => one.branch.branchId === ctx.audience?.branch?.branchId)
      : seen
    const about = ctx.audience?.branch ? aboutBranch(ctx.audience.branch) : []
    return { text: [totals(within), ...about, ...toLookAt(within, ctx.now)].join('\n') }
  },
})

function totals(seen: readonly Seen[]): string {
  const everybody = seen.flatMap(({ members }) => members)
  const of = (mark: 'floating' | 'noPhone') => everybody.filter(person => person[mark]).length
  return `${seen.length} 个支部，${countsByIdentity(everybody)}，流动 ${of('floating')}，无手机 ${of('noPhone')}`
}

/** In the order of the branches' numbers. */
function toLookAt(seen: readonly Seen[], now: Date): string[] {
  const found = seen.filter(({ why }) => why.length > 0)
  if (found.length === 0) return ['没有需要您看的支部。']
  const lines = found.slice(0, SHOWN).map(({ branch, why }) => `${branch.name}：${why.join('；')}`)
  const more = found.length > SHOWN ? [`还有 ${found.length - SHOWN} 个，单看一个请发：支部 @支部名`] : []
  return ['需要您看的支部：', ...lines, ...more, ...groundLines(found, now)]
}
