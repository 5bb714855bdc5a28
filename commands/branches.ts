import { z } from 'zod'
import { type CommandContext, type CommandTx, defineCommand } from '../src/bot/command.ts'
import { groundLines, type Seen, seeBranches } from '../src/branch/overview.ts'
import { aboutBranch } from '../src/branch/term.ts'
import { sendPaper } from '../src/meeting/paper.ts'
import { countsByIdentity } from '../src/meeting/persons.ts'
import { REPORT, type RosterOrder } from '../src/office/roster-paper.ts'
import { people } from '../src/store/collections.ts'

const SHOWN = 20

export default defineCommand({
  name: 'branches',
  aliases: ['支部', 'branches'],
  summary: '全镇支部，需要看的和花名册',
  moment: '我',
  examples: ['/支部'],
  allow: ['admin'],
  privateOnly: true,
  once: true,
  args: z.object({}),

  async run(ctx) {
    const named = ctx.audience?.branch
    const seen = (await ctx.store.read(tx => seeBranches(tx, ctx.now))).filter(
      ({ branch }) => !named || branch.branchId === named.branchId,
    )
    const about = named ? aboutBranch(named) : []
    const text = [totals(seen), ...about, ...toLookAt(seen, ctx.now)].join('\n')
    if (ctx.saidJustNow || seen.length === 0) return { text }
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      // A file goes to a row of the roster, which who is administrator by a setting alone has not.
      if (!(await tx.township.get(people, ctx.person.personId))) {
        return { text: `${text}\n花名册只发给名册上的人，请先把自己登记进名册。` }
      }
      await sendRoster(ctx, tx, seen)
      return { text: `${text}\n花名册在做，做好就发给您。` }
    })
  },
})

function sendRoster(ctx: CommandContext, tx: CommandTx, seen: readonly Seen[]): Promise<void> {
  const branchId = ctx.audience?.branch?.branchId ?? null
  const branchIds = seen.map(({ branch }) => branch.branchId)
  return sendPaper(ctx, tx, {
    report: REPORT,
    args: { branchIds, township: branchId === null } satisfies RosterOrder,
    says: '支部和党员花名册',
    note: '里面有个人信息，请不要转发到群里。',
    branchId,
    audited: 'export-roster',
    about: branchId ?? 'township',
    after: { branches: seen.length },
  })
}

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
  const more = found.length > SHOWN ? [`还有 ${found.length - SHOWN} 个，在表格的“需要看的”一栏里`] : []
  return ['需要您看的支部：', ...lines, ...more, ...groundLines(found, now)]
}
