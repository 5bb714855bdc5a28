import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { CommandContext, CommandTx, Published } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { dayOf, instantAt, spellDay } from '../clock.ts'
import { quotasFor } from '../domain/quiz-draw.ts'
import { ATTEMPTS, END_OF_DAY, PASS } from '../domain/quiz-plan.ts'
import { dealOut, type SeriesSaid } from '../domain/quiz-series.ts'
import { UserError } from '../errors.ts'
import { previewOfChange } from '../meeting/change.ts'
import { TOWNSHIP_PLACE } from '../meeting/drafts.ts'
import { publishedAnswer, reachWords } from '../meeting/published.ts'
import { waitsWords } from '../meeting/quiet.ts'
import { type BankQuestion, branches, DIFFICULTIES, type Draft, QUESTION_KINDS, quizzes } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { questionsOf } from './open.ts'
import { poolOf } from './pool.ts'
import { countOf, invitedTo, rulesOf, type Where } from './publish.ts'
import { baseTitle, spanOf } from './series-words.ts'

/** 测验 每日: a short quiz on each day that is worked, the last one a final test. jobs/quiz-open.ts opens them. */

/** Whoever is out all morning is told before he leaves the field for the day. */
const OPENS = '09:00'

const quota = z.object({
  kind: z.enum(QUESTION_KINDS),
  difficulty: z.enum(DIFFICULTIES).nullable(),
  count: z.number(),
  points: z.number(),
})
const planned = z.object({
  branchId: z.string().nullable(),
  branchIds: z.array(z.string()).min(1),
  title: z.string(),
  bankIds: z.array(z.string()),
  /** What may be asked in all. */
  whole: z.number(),
  /** No day asks what another does. */
  dealt: z.boolean(),
  from: z.string(),
  to: z.string(),
  days: z.array(z.object({ day: z.string(), pool: z.array(z.string()).min(1), quotas: z.array(quota) })).min(2),
})
export type SeriesPlan = z.infer<typeof planned>
type Day = SeriesPlan['days'][number]

/** Throws UserError where the bank is too small, or the same people have another row of days then. */
export async function planSeries(tx: ReadTx, where: Where, said: SeriesSaid): Promise<SeriesPlan> {
  const until = instantAt(said.to, END_OF_DAY)
  const { banks, questionIds } = await poolOf(tx, { banks: said.banks, count: said.count, quotas: [] }, until)
  const pool = await questionsOf(tx, questionIds)
  const short = said.days.slice(0, -1)
  const last = said.days.at(-1) ?? said.to
  const hands = dealOut(pool, short.length, said.count)
  const days = short.map((day, at) => dayPlan(day, hands?.[at] ?? pool, said.count))
  const plan: SeriesPlan = {
    ...{ branchId: where.branchId, branchIds: [...where.branchIds] },
    title: `${banks.map(({ name }) => name).join('、')}每日测验`,
    bankIds: banks.map(({ bankId }) => bankId),
    whole: pool.length,
    dealt: hands !== null,
    ...{ from: said.from, to: said.to },
    days: [...days, dayPlan(last, pool, Math.min(2 * said.count, pool.length))],
  }
  await refuseOverlap(tx, plan)
  return plan
}

function dayPlan(day: string, pool: readonly BankQuestion[], count: number): Day {
  const quotas = quotasFor(pool, count)
  if (!quotas) throw new Error(`${day}: ${pool.length} questions for ${count}`)
  return { day, pool: pool.map(({ questionId }) => questionId), quotas }
}

/** Two rows of days at once are twice the messages. */
async function refuseOverlap(tx: ReadTx, { branchIds, from, to }: SeriesPlan): Promise<void> {
  for (const quiz of await tx.find(quizzes, 'open', 'yes')) {
    const same = quiz.series !== null && quiz.branchIds.some(branchId => branchIds.includes(branchId))
    if (!quiz.series || !same || dayOf(new Date(quiz.opensAt)) > to || dayOf(new Date(quiz.closesAt)) < from) continue
    const { seriesId } = quiz.series
    const ends = spellDay(dayOf(new Date(quiz.closesAt)))
    throw new UserError(
      `这几天已有 ${seriesId} ${baseTitle(quiz)}，到 ${ends}。请换日子，或先发：测验 结束 ${seriesId}`,
    )
  }
}

export async function previewSeries(ctx: CommandContext, tx: CommandTx, plan: SeriesPlan): Promise<Answer> {
  const by = ctx.person.personId
  const branchId = plan.branchId ?? TOWNSHIP_PLACE
  const draftId = await tx.draft({ command: 'quiz-daily', branchId, by, content: plan })
  const where = plan.branchId ? ((await tx.township.get(branches, plan.branchId))?.name ?? '') : '全镇'
  const rules = { passMark: PASS, attempts: ATTEMPTS, minutes: null, shows: 'each', partMarks: false } as const
  return previewOfChange(draftId, [
    `${plan.title}（${where}），${spanOf(plan)}，上班日 ${plan.days.length} 天，每天 ${OPENS} 开`,
    ...plan.days.map((day, at) => dayLine(day, at === plan.days.length - 1, plan)),
    plan.dealt ? '各天的题不重复' : `题库只有 ${plan.whole} 题，各天的题会有重复`,
    `每天的都开到 ${spellDay(plan.to)} ${END_OF_DAY}：白天在地里的，晚上或改天补答都行`,
    `${rulesOf(rules)}，自愿参加`,
    reachWords(await invitedTo(tx.township, plan.branchIds)),
    await burdenLine(tx.township, plan.branchIds),
  ])
}

/** '11月30日 周一：5 题（单选 3，多选 1，判断 1）' */
function dayLine({ day, quotas }: Day, isFinal: boolean, { whole }: SeriesPlan): string {
  const kinds = quotas.map(({ kind, count }) => `${kind} ${count}`).join('，')
  const from = isFinal ? `，从 ${whole} 题里抽` : ''
  return `${spellDay(day)}：${isFinal ? '终测 ' : ''}${countOf({ quotas })} 题（${kinds}）${from}`
}

async function burdenLine(tx: ReadTx, branchIds: readonly string[]): Promise<string> {
  let groups = 0
  for (const branchId of branchIds) if ((await tx.get(branches, branchId))?.chat) groups += 1
  const posts = groups > 0 ? `；支部群 ${groups} 个，每天最多一条` : ''
  return `每人私下收 2 条：第一天和终测那天${posts}`
}

export async function publishSeries(ctx: CommandContext, tx: CommandTx, draft: Draft): Promise<Published> {
  const plan = planned.parse(draft.content)
  const today = dayOf(tx.now)
  if (plan.from < today) throw new UserError(`${plan.from} 已经过去。请换日子，重新发：测验 每日`)
  const first = plan.days[0]?.day ?? plan.from
  if (first === today && (await waitsWords(tx.township, tx.now))) {
    throw new UserError('现在是休息时间，今天的没人看得到。请从明天起，重新发：测验 每日')
  }
  await refuseOverlap(tx.township, plan)
  const seriesId = await tx.nextId('q')
  for (const at of plan.days.keys()) await insertDay(ctx, tx, plan, { at, seriesId })
  const { branchId, branchIds, from, to } = plan
  const after = { from, to, branchIds, days: plan.days.length }
  await tx.audit({ by: ctx.person.personId, branchId, what: 'publish-quiz-series', about: seriesId, after })
  const told = await invitedTo(tx.township, plan.branchIds)
  const opens = first === today && tx.now >= instantAt(first, OPENS) ? '马上就' : `${spellDay(first)} ${OPENS}`
  const { outcome } = publishedAnswer(seriesId, told)
  const text = `已发布 ${seriesId}，${reachWords(told)}。${opens} 开第一天，那时才告诉大家；看进度请发：测验 总结 ${seriesId}`
  return { answer: { text, ...(outcome && { outcome }) }, became: seriesId }
}

async function insertDay(
  ctx: CommandContext,
  tx: CommandTx,
  plan: SeriesPlan,
  { at, seriesId }: { at: number; seriesId: string },
): Promise<void> {
  const { branchId, branchIds, title, bankIds, to } = plan
  const { day, pool, quotas } = plan.days[at] ?? { day: to, pool: [], quotas: [] }
  const final = at === plan.days.length - 1
  const opens = instantAt(day, OPENS)
  await tx.insert(quizzes, {
    quizId: at === 0 ? seriesId : await tx.nextId('q'),
    ...{ branchId, branchIds, bankIds, pool, quotas },
    title: `${title}${final ? '终测' : `第 ${at + 1} 天`}`,
    by: ctx.person.personId,
    publishedAt: tx.now.toISOString(),
    opensAt: (opens < tx.now ? tx.now : opens).toISOString(),
    closesAt: instantAt(to, END_OF_DAY).toISOString(),
    state: 'scheduled',
    seed: randomBytes(16).toString('hex'),
    ...{ passMark: PASS, attempts: ATTEMPTS, minutes: null, shows: 'each', partMarks: false },
    series: { seriesId, day: at + 1, final, took: null },
    figures: null,
  })
}
