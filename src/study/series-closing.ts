import type { CommandContext, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { quizzes } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { closeQuiz } from './figures.ts'
import { tookPart } from './series-figures.ts'
import { fileOf, summaryOf } from './series-summary.ts'
import { type Series, seriesById } from './series-words.ts'

/** The end of a row of days: once none of them is open, one summary to who published it. */

export async function sumUpSeries(tx: Tx, township: ReadTx, seriesId: string): Promise<void> {
  const closed = await keepSums(tx, township, seriesId)
  if (!closed) return
  const text = await summaryOf(township, closed)
  await tx.send({ text, file: fileOf(closed) }, [closed.final.by], { about: seriesId, key: `${seriesId}:summary` })
}

/** undefined: one of the days is open, or is still to come. */
async function keepSums(tx: Tx, township: ReadTx, seriesId: string): Promise<Series | undefined> {
  const series = await seriesById(township, seriesId)
  const isOver = series?.days.every(({ state }) => state === 'closed' || state === 'cancelled')
  if (!series?.final.series || !isOver) return undefined
  const took = [...(await tookPart(township, series))]
  await tx.put(quizzes, { ...series.final, series: { ...series.final.series, took } })
  return seriesById(township, seriesId)
}

/** Ends all its days: nobody who calls off the week means one of them. */
export async function endSeries(ctx: CommandContext, tx: CommandTx, seriesId: string): Promise<Answer> {
  const series = await seriesById(tx.township, seriesId)
  if (!series) throw new Error(`${seriesId} is no row of days`)
  const left = series.days.filter(({ state }) => state === 'open' || state === 'scheduled')
  for (const quiz of left) await closeQuiz(tx, tx.township, quiz)
  await keepSums(tx, tx.township, seriesId)
  const [by, { branchId, closesAt }] = [ctx.person.personId, series.final]
  await tx.audit({ by, branchId, what: 'end-quiz-series', about: seriesId, before: { closesAt, days: left.length } })
  return {
    text: `已结束 ${seriesId} ${series.title}，没开的 ${left.filter(({ state }) => state === 'scheduled').length} 天不再开。看结果请发：测验 总结 ${seriesId}`,
    outcome: '已结束',
  }
}
