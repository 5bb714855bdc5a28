import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { shownBranches } from '../domain/quiz-privacy.ts'
import { UserError } from '../errors.ts'
import type { Quiz } from '../store/collections.ts'
import { branchLines, closeQuiz, figuresNow, hardestLines, spreadLine, sumLine } from './figures.ts'
import { quizById } from './open.ts'
import { endSeries } from './series-closing.ts'
import { deadlineOf, hidesKey, isOver } from './words.ts'

/** 测验 状态 and 结束: totals for who organizes it; a score is the person's own. */

export async function statusOf(ctx: CommandContext, tx: CommandReadTx, quiz: Quiz): Promise<string> {
  const figures = await figuresNow(tx.township, quiz)
  const mine = ctx.reach.places.map(({ branchId }) => branchId)
  const seen = ctx.reach.township ? figures.branches : figures.branches.filter(each => mine.includes(each.branchId))
  const state = isOver(quiz, ctx.now) ? '已截止' : `${deadlineOf(quiz)} 截止`
  const hardest = await hardestLines(tx.township, figures, hidesKey(quiz, ctx.now))
  // The office has the total of all as well, whichever branch it names here.
  const shown = shownBranches(figures.branches)
  const mayShow = !ctx.person.admin || ctx.reach.township || seen.every(({ branchId }) => shown.has(branchId))
  const spread = mayShow ? spreadLine(seen) : ''
  const lines = [
    `${quiz.quizId} ${quiz.title}，${state}`,
    sumLine(seen, mayShow),
    ...(spread === '' ? [] : [spread]),
    ...(ctx.reach.township && quiz.branchIds.length > 1 ? await branchLines(tx.township, figures) : []),
    ...(hardest.length > 0 ? [`答对最少的题${quiz.branchIds.length > 1 ? '（全镇）' : ''}：`, ...hardest] : []),
  ]
  return lines.join('\n')
}

export async function endQuiz(ctx: CommandContext, tx: CommandTx, quizId: string): Promise<Answer> {
  const quiz = await quizById(tx, quizId)
  refuseOthers(ctx, quiz)
  if (isOver(quiz, ctx.now)) throw new UserError(`${quizId} ${quiz.title} 已经截止。看结果请发：测验 状态 ${quizId}`)
  if (quiz.series) return endSeries(ctx, tx, quiz.series.seriesId)
  await closeQuiz(tx, tx.township, quiz)
  const by = ctx.person.personId
  await tx.audit({ by, branchId: quiz.branchId, what: 'end-quiz', about: quizId, before: { closesAt: quiz.closesAt } })
  return { text: `已结束 ${quizId} ${quiz.title}。看结果请发：测验 状态 ${quizId}`, outcome: '已结束' }
}

/** The township's is not a branch's to end. */
export function refuseOthers({ reach }: CommandContext, quiz: Quiz): void {
  if (quiz.branchId === null && !reach.township) {
    throw new UserError(`${quiz.quizId} 是全镇的测验，要由镇党建办来办。`)
  }
}
