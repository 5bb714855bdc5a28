import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { dayOf, now, spellDay } from '../clock.ts'
import type { QuestionSum } from '../domain/quiz-series.ts'
import type { Cell, Row, Sheet, Workbook } from '../export/workbook.ts'
import type { BankQuestion } from '../store/collections.ts'
import type { Store } from '../store/records.ts'
import { hiddenKeys, keyLater } from './hidden.ts'
import { questionsOf } from './open.ts'
import { countOf } from './publish.ts'
import { add, averageOf, isShown, type SeriesFigures, type Sums, seriesFigures } from './series-figures.ts'
import { isRunning } from './series-summary.ts'
import { type Series, seriesById, spanOf } from './series-words.ts'
import { rightAnswer, sourceOf } from './words.ts'

/** The summary of a row of days as a table: made when the message with it is delivered. */

const order = z.object({ seriesId: z.string(), branchIds: z.array(z.string()) })

export const collectSeries =
  (store: Store) =>
  async (args: unknown): Promise<Workbook> => {
    const { seriesId, branchIds } = order.parse(args)
    const { series, figures, asked, hidden } = await store.read(async tx => {
      const found = await seriesById(tx, seriesId)
      if (!found) throw new Error(`there is no row of days ${seriesId}`)
      const sums = await seriesFigures(tx, found, branchIds)
      const ids = sums.hard.map(({ questionId }) => questionId)
      return { series: found, figures: sums, asked: await questionsOf(tx, ids), hidden: await hiddenKeys(tx, now()) }
    })
    await nextTurn()
    const lines = figures.hard.flatMap(sum => questionLine(sum, asked, hidden))
    const sheets = [branchSheet(series, figures), daySheet(series, figures), questionSheet(series, lines)]
    return { fileName: `${series.title}总结 ${series.from} 至 ${series.to}.xlsx`, sheets }
  }

const FEW = '人少不列'
const TOTAL = '只算合计'
const PRIVATE = `答完的不到 3 人，合格和平均写“${FEW}”：得分只有本人看。`
const BESIDE = `“${TOTAL}”的支部不单列，否则人少的支部算得出来。`

/** 合格 and 平均 */
function results(sums: Sums, besideTotal = true): Cell[] {
  if (sums.taken === 0) return [null, null]
  if (isShown(sums) && !besideTotal) return [TOTAL, TOTAL]
  return isShown(sums) ? [sums.passed, averageOf(sums)] : [FEW, FEW]
}

const headOf = (series: Series, name: string): Pick<Sheet, 'name' | 'title' | 'lines'> => ({
  name,
  title: `${series.title}总结（${name}）`,
  lines: [{ left: spanOf(series), right: `${dayOf(now())}${isRunning(series) ? '　还没结束' : ''}` }],
})

/** In branch order, whatever the figures are. */
function branchSheet(series: Series, { branches }: SeriesFigures): Sheet {
  const row = (name: string, took: number, sums: Sums, besideTotal = true): Row => [
    ...[name, sums.invited, took, sums.taken],
    ...results(sums, besideTotal),
  ]
  const took = branches.reduce((sum, each) => sum + each.took, 0)
  return {
    ...headOf(series, '各支部'),
    columns: [
      { header: '支部', kind: 'text' },
      ...['可参加', '参加', '终测参加', '合格', '平均'].map(header => ({ header, kind: 'integer' as const })),
    ],
    rows: branches.map(each => row(each.name, each.took, each.final, each.isShown)),
    totals: branches.length > 1 ? [row('合计', took, add(branches.map(({ final }) => final)))] : [],
    notes: [
      '参加：至少答完一天的人数。合格、平均是终测的，取每人最好的一次。',
      PRIVATE,
      ...(branches.some(each => !each.isShown && isShown(each.final)) ? [BESIDE] : []),
    ],
  }
}

function daySheet(series: Series, { days }: SeriesFigures): Sheet {
  return {
    ...headOf(series, '每日'),
    columns: [
      { header: '日期', kind: 'text' },
      { header: '测验', kind: 'text' },
      ...['题数', '参加', '合格', '平均'].map(header => ({ header, kind: 'integer' as const })),
    ],
    rows: series.days.map((quiz, at): Row => {
      const sums = days[at] ?? add([])
      const which = quiz.series?.final ? '终测' : `第 ${at + 1} 天`
      const state = quiz.state === 'cancelled' ? `${which}（没开）` : which
      return [spellDay(dayOf(new Date(quiz.opensAt))), state, countOf(quiz), sums.taken, ...results(sums)]
    }),
    notes: [PRIVATE],
  }
}

function questionLine(
  sum: QuestionSum,
  asked: readonly BankQuestion[],
  hidden: ReadonlyMap<string, string>,
): readonly Row[] {
  const question = asked.find(({ questionId }) => questionId === sum.questionId)
  if (!question) return []
  const hiding = hidden.get(sum.questionId)
  const share = `${Math.round((100 * sum.right) / sum.asked)}%`
  const key = hiding
    ? ['', keyLater(hiding), '']
    : [sum.mostWrong?.given ?? '', rightAnswer(question), sourceOf(question)]
  const doubt = sum.doubtful ? '可疑题目，请先核对答案' : ''
  return [[sum.questionId, question.stem, sum.asked, sum.right, share, ...key, doubt]]
}

function questionSheet(series: Series, rows: readonly Row[]): Sheet {
  return {
    ...headOf(series, '难题'),
    columns: [
      { header: '题号', kind: 'text' },
      { header: '题目', kind: 'text', width: 40 },
      { header: '答过', kind: 'integer' },
      { header: '答对', kind: 'integer' },
      { header: '答对率', kind: 'text' },
      { header: '错得最多', kind: 'text' },
      { header: '答案', kind: 'text', width: 24 },
      { header: '出处', kind: 'text', width: 30 },
      { header: '说明', kind: 'text', width: 22 },
    ],
    rows,
    empty: '没有人答错，或答过的人太少',
    notes: ['只算每人第一次答的。答过的不到 3 人的题不列。'],
    orientation: 'landscape',
  }
}
