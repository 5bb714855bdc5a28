import type { CommandContext, CommandReadTx, CommandTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { keyOf } from '../domain/question-key.ts'
import { UserError } from '../errors.ts'
import { type BankQuestion, banks, people, questions } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { hiddenKeys, keyLater } from './hidden.ts'
import { markAgain, remarkedAnswer, tellChanged } from './remark.ts'
import { optionLines, rightAnswer, sourceOf } from './words.ts'

/** 题目: what an officer looks up, withdraws or corrects. Said twice, the second changes nothing and tells nobody. */

async function questionById(tx: ReadTx, questionId: string): Promise<BankQuestion> {
  const question = await tx.get(questions, questionId)
  if (!question) throw new UserError(`没有这个编号：${questionId}。题号在“测验 状态”里，像 t-12。`)
  return question
}

export async function showQuestion(ctx: CommandContext, tx: CommandReadTx, questionId: string): Promise<Answer> {
  const question = await questionById(tx.township, questionId)
  const { withdrawn, corrections } = question
  const bank = await tx.township.get(banks, question.bankId)
  const lines = [
    `${questionId}（${bank?.name ?? ''}，${question.kind}）${question.stem}`,
    ...optionLines(question),
    ...(await keyLines(ctx, tx, question)),
    ...(withdrawn ? [`已撤：${withdrawn.why}`] : []),
    ...corrections.slice(-1).map(({ why }) => `改过 ${corrections.length} 次答案，最近一次：${why}`),
  ]
  return { text: lines.join('\n') }
}

/** Officers take part like everybody: what is asked now and answered after the close is shown to nobody before. */
async function keyLines(ctx: CommandContext, tx: CommandReadTx, question: BankQuestion): Promise<string[]> {
  const hiding = (await hiddenKeys(tx.township, ctx.now)).get(question.questionId)
  if (hiding) return [keyLater(hiding)]
  return [`答案：${allAccepted(question)}`, question.explanation, `出处：${sourceOf(question)}`]
}

/** The refusals are for who answers it, with an example that is not for here. */
const firstOf = (sentences: string): string => sentences.split('。')[0] ?? ''

const allAccepted = (question: BankQuestion): string =>
  Array.isArray(question.answer) ? question.answer.join('，或 ') : rightAnswer(question)

const shortKey = (answer: BankQuestion['answer']): string => [answer].flat().join('|')

export async function withdrawQuestion(
  ctx: CommandContext,
  tx: CommandTx,
  { questionId, why }: { questionId: string; why: string },
): Promise<Answer> {
  const before = await questionById(tx, questionId)
  if (before.withdrawn) {
    const { by } = before.withdrawn
    const who = by === ctx.person.personId ? '您' : ((await tx.township.get(people, by))?.name ?? '别人')
    throw new UserError(`${questionId} 已经由${who}撤下：${before.withdrawn.why}`)
  }
  const withdrawn = { by: ctx.person.personId, at: tx.now.toISOString(), why }
  const after = await tx.put(questions, { ...before, withdrawn })
  const remarked = await markAgain(tx, after)
  await tx.audit({
    by: withdrawn.by,
    branchId: null,
    what: 'withdraw-question',
    about: questionId,
    before: { withdrawn: false },
    after: { withdrawn: true, people: remarked.people, changed: remarked.changed.size },
    why,
  })
  await tellChanged(tx, remarked, after, '撤下了，不算分')
  return remarkedAnswer(`已撤下 ${questionId}，以后不再出`, remarked)
}

export async function correctQuestion(
  ctx: CommandContext,
  tx: CommandTx,
  { questionId, said, why }: { questionId: string; said: string; why: string },
): Promise<Answer> {
  const before = await questionById(tx, questionId)
  if (before.withdrawn) throw new UserError(`${questionId} 已经撤下，不用再改。`)
  const key = keyOf(before, said)
  if ('refused' in key)
    throw new UserError(`答案不合这道题，${firstOf(key.refused)}。这样发：题目 改 ${questionId} 答案 原因`)
  const [was, is] = [shortKey(before.answer), shortKey(key.answer)]
  if (was === is) throw new UserError(`${questionId} 的答案本来就是 ${is}，没有改。`)
  const by = ctx.person.personId
  const correction = { by, at: tx.now.toISOString(), why, before: before.answer }
  const after = { ...before, answer: key.answer, corrections: [...before.corrections, correction] }
  await tx.put(questions, after)
  const remarked = await markAgain(tx, after)
  await tx.audit({
    ...{ by, branchId: null, what: 'correct-question', about: questionId, before: { answer: before.answer }, why },
    after: { answer: after.answer, people: remarked.people, changed: remarked.changed.size },
  })
  await tellChanged(tx, remarked, after, '原来的答案有误，已改正')
  return remarkedAnswer(`已改 ${questionId}：答案原来 ${was}，现在 ${is}`, remarked)
}
