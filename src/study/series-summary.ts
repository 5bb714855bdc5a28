import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { FileOrder, Message } from '../bot/message.ts'
import { timeOf } from '../clock.ts'
import type { QuestionSum } from '../domain/quiz-series.ts'
import { UserError } from '../errors.ts'
import { gistOf } from '../meeting/words.ts'
import { quizzes } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { questionsOf, quizById } from './open.ts'
import { add, averageOf, isShown, type Sums, seriesFigures } from './series-figures.ts'
import { type Series, seriesById, spanOf } from './series-words.ts'
import { sourceOf } from './words.ts'

/** 测验 总结: how many, the average of each branch in branch order, and what to teach next. Never who. */

export const REPORT = 'quiz-series'

export const fileOf = ({ seriesId, final }: Series, branchIds: readonly string[] = final.branchIds): FileOrder => ({
  report: REPORT,
  args: { seriesId, branchIds: [...branchIds] },
})

const MOST_SHOWN = 5
const STEM = 40

export async function summaryOf(tx: ReadTx, series: Series, branchIds = series.final.branchIds): Promise<string> {
  const { branches, hard } = await seriesFigures(tx, series, branchIds)
  const all = add(branches.map(({ final }) => final))
  const took = branches.reduce((sum, each) => sum + each.took, 0)
  const rows = branches.map(
    each => `${each.name}：可参加 ${each.final.invited}，参加 ${each.took}，${sumsOf(each.final, each.isShown)}`,
  )
  const teach = hard.filter(({ doubtful }) => !doubtful).slice(0, MOST_SHOWN)
  const doubtful = hard.filter(one => one.doubtful).slice(0, MOST_SHOWN)
  return [
    `${series.seriesId} ${series.title}（${spanOf(series)}）总结${isRunning(series) ? '，还没结束，到现在为止' : ''}`,
    `可参加 ${all.invited} 人，参加 ${took} 人（至少一天）；${sumsOf(all)}`,
    ...(rows.length > 1 ? rows : []),
    ...(teach.length > 0 ? ['接下来可以讲（答对最少的题）：', ...(await questionLines(tx, teach))] : []),
    ...(doubtful.length > 0 ? ['可疑题目，请先核对答案：', ...(await questionLines(tx, doubtful))] : []),
  ].join('\n')
}

export const isRunning = ({ days }: Series): boolean =>
  days.some(({ state }) => state === 'open' || state === 'scheduled')

/** '终测 6 人，合格 5 人，平均 83 分' */
function sumsOf(sums: Sums, besideTotal = true): string {
  const taken = `终测 ${sums.taken} 人`
  if (sums.taken === 0) return taken
  if (isShown(sums) && !besideTotal) return `${taken}，有支部人少，得分只算合计`
  return isShown(sums) ? `${taken}，合格 ${sums.passed} 人，平均 ${averageOf(sums)} 分` : `${taken}，人少不列得分`
}

async function questionLines(tx: ReadTx, some: readonly QuestionSum[]): Promise<string[]> {
  const lines: string[] = []
  for (const { questionId, right, asked } of some) {
    const [question] = await questionsOf(tx, [questionId])
    if (!question) continue
    const share = Math.round((100 * right) / asked)
    lines.push(`${questionId} ${gistOf(question.stem, STEM)}（答对 ${share}%）出处：${sourceOf(question)}`)
  }
  return lines
}

/** The row of days that is meant: by the id of any of its days, else the newest in reach. Throws UserError. */
export async function seriesMeant(ctx: CommandContext, tx: CommandReadTx, quizId?: string): Promise<Series> {
  if (quizId) {
    const quiz = await quizById(tx, quizId)
    const series = quiz.series && (await seriesById(tx.township, quiz.series.seriesId))
    if (!series) throw new UserError(`${quizId} ${quiz.title} 不是每日测验。看它请发：测验 状态 ${quizId}`)
    return series
  }
  const branchId = ctx.audience?.branch?.branchId
  const found = (await tx.all(quizzes)).filter(
    ({ series, branchIds }) => series?.day === 1 && (!branchId || branchIds.includes(branchId)),
  )
  const last = found.toSorted((a, b) => (a.opensAt < b.opensAt ? -1 : 1)).at(-1)
  const series = last?.series && (await seriesById(tx.township, last.series.seriesId))
  if (!series) throw new UserError('还没有办过每日测验。这样发：测验 每日 廉政 5 从哪天 到哪天')
  return series
}

/** Who sees the total as well gets no branch alone that does not stand beside it. Throws UserError. */
async function refuseBesideTotal(tx: ReadTx, series: Series, branchId: string): Promise<void> {
  const row = (await seriesFigures(tx, series)).branches.find(each => each.branchId === branchId)
  if (!row || row.isShown || !isShown(row.final)) return
  throw new UserError(
    `有支部答完的不到 3 人，单看${row.name}就算得出他们的得分。看全镇的请发：测验 总结 ${series.seriesId}`,
  )
}

export interface Summary {
  text: string
  file: Message & { file: FileOrder }
}

/** The township sees all branches, the others their own. */
export async function summaryFor(ctx: CommandContext, tx: CommandReadTx, quizId?: string): Promise<Summary> {
  const series = await seriesMeant(ctx, tx, quizId)
  const { final, title, seriesId } = series
  const mine = ctx.reach.places.map(({ branchId }) => branchId)
  const named = ctx.audience?.branch?.branchId
  const reachable = ctx.reach.township ? final.branchIds : final.branchIds.filter(each => mine.includes(each))
  const seen = named ? reachable.filter(each => each === named) : reachable
  if (named && ctx.person.admin) await refuseBesideTotal(tx.township, series, named)
  const text = await summaryOf(tx.township, series, seen)
  // The time keeps WeCom from taking a second one for a repeat.
  const words = `${title}总结表（${seriesId}，${timeOf(ctx.now)} 要的）`
  return { text: `${text}\n表格做好就发给您。`, file: { text: words, file: fileOf(series, seen) } }
}
