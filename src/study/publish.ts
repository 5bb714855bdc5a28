import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { CommandContext, CommandTx, Published } from '../bot/command.ts'
import type { Answer, Message } from '../bot/message.ts'
import type { QuizSaid } from '../domain/quiz-plan.ts'
import { isActive, ownBranchId } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { previewOfChange } from '../meeting/change.ts'
import { TOWNSHIP_PLACE } from '../meeting/drafts.ts'
import { groupPost } from '../meeting/group-post.ts'
import { publishedAnswer, reachWords } from '../meeting/published.ts'
import { waitsWords } from '../meeting/quiet.ts'
import { branches, type Draft, type Person, people, type Quiz, quizzes } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { poolOf } from './pool.ts'
import { remindsAt } from './remind.ts'
import { deadlineOf } from './words.ts'

/** 测验 发布: a preview, and what 发布 makes of it. */

const planned = z.object({
  branchId: z.string().nullable(),
  branchIds: z.array(z.string()).min(1),
  title: z.string(),
  bankIds: z.array(z.string()),
  pool: z.array(z.string()).min(1),
  quotas: z.array(
    z.object({
      kind: z.enum(['单选', '多选', '判断', '填空']),
      difficulty: z.enum(['易', '中', '难']).nullable(),
      count: z.number(),
      points: z.number(),
    }),
  ),
  closesAt: z.string(),
  passMark: z.number(),
  attempts: z.number(),
  minutes: z.number().nullable(),
  shows: z.enum(['each', 'afterClose']),
  partMarks: z.boolean(),
})
export type QuizPlan = z.infer<typeof planned>

export interface Where {
  branchId: string | null
  branchIds: readonly string[]
}

/** A branch's own, or with @全镇 all branches. */
export async function planQuiz(tx: ReadTx, where: Where, said: QuizSaid): Promise<QuizPlan> {
  const pool = await poolOf(tx, said, said.closesAt)
  const { passMark, attempts, minutes, shows, partMarks } = said
  return {
    ...{ branchId: where.branchId, branchIds: [...where.branchIds] },
    title: `${pool.banks.map(({ name }) => name).join('、')}测验`,
    bankIds: pool.banks.map(({ bankId }) => bankId),
    pool: [...pool.questionIds],
    quotas: [...pool.quotas],
    closesAt: said.closesAt.toISOString(),
    ...{ passMark, attempts, minutes, shows, partMarks },
  }
}

export async function previewQuiz(ctx: CommandContext, tx: CommandTx, plan: QuizPlan): Promise<Answer> {
  const by = ctx.person.personId
  const branchId = plan.branchId ?? TOWNSHIP_PLACE
  const draftId = await tx.draft({ command: 'quiz-publish', branchId, by, content: plan })
  const where = plan.branchId ? ((await tx.township.get(branches, plan.branchId))?.name ?? '') : '全镇'
  const kinds = plan.quotas.map(({ kind, difficulty, count }) => `${kind}${difficulty ?? ''} ${count}`).join('，')
  const waits = await waitsWords(tx.township, tx.now)
  return previewOfChange(draftId, [
    `${plan.title}（${where}）`,
    `每人抽 ${countOf(plan)} 题：${kinds}；从 ${plan.pool.length} 题里抽`,
    rulesOf(plan),
    `${deadlineOf(plan)} 截止，自愿参加`,
    reachWords(await invitedTo(tx.township, plan.branchIds)),
    ...(waits ? [waits] : []),
  ])
}

export const countOf = ({ quotas }: Pick<Quiz, 'quotas'>): number => quotas.reduce((sum, { count }) => sum + count, 0)

export function rulesOf({
  passMark,
  attempts,
  minutes,
  shows,
  partMarks,
}: Pick<QuizPlan, 'passMark' | 'attempts' | 'minutes' | 'shows' | 'partMarks'>): string {
  const parts = [
    `${passMark} 分合格，可答 ${attempts} 次取最好`,
    minutes === null ? '' : `限时 ${minutes} 分钟`,
    shows === 'each' ? '每题答完就看答案' : '截止后看答案',
    partMarks ? '多选部分给分' : '',
  ]
  return parts.filter(part => part !== '').join('，')
}

/** Whoever is on the roster there by his own relation: members, and those who study to become one. */
export async function invitedTo(tx: ReadTx, branchIds: readonly string[]): Promise<Person[]> {
  const found: Person[] = []
  for (const branchId of branchIds) {
    const there = await tx.find(people, 'branch', branchId)
    found.push(...there.filter(person => isActive(person) && ownBranchId(person) === branchId))
  }
  return found
}

export async function publishQuiz(ctx: CommandContext, tx: CommandTx, draft: Draft): Promise<Published> {
  const plan = planned.parse(draft.content)
  if (new Date(plan.closesAt) <= tx.now)
    throw new UserError('截止时间已过，没有发布。请改了时间重新发：测验 发布', { outcome: '已过期' })
  const by = ctx.person.personId
  const now = tx.now.toISOString()
  const quiz = await tx.insert(quizzes, {
    ...plan,
    quizId: await tx.nextId('q'),
    by,
    publishedAt: now,
    opensAt: now,
    state: 'open',
    seed: randomBytes(16).toString('hex'),
    series: null,
    figures: null,
  })
  const { quizId } = quiz
  const after = { closesAt: plan.closesAt, branchIds: plan.branchIds, questions: countOf(plan) }
  await tx.audit({ by, branchId: plan.branchId, what: 'publish-quiz', about: quizId, after })
  const told = await tellInvited(tx, quiz)
  const answer = publishedAnswer(quizId, told, { waits: await waitsWords(tx.township, tx.now) })
  return { answer: { ...answer, text: `${answer.text}\n看进度请发：测验 状态 ${quizId}` }, became: quizId }
}

/** Each alone, and the branch's group without names. */
export async function tellInvited(tx: CommandTx, quiz: Quiz): Promise<Person[]> {
  const told = await invitedTo(tx.township, quiz.branchIds)
  const until = new Date(quiz.closesAt)
  await tx.send(
    invitation(quiz),
    told.map(({ personId }) => personId),
    { about: quiz.quizId, until },
  )
  for (const branchId of quiz.branchIds) {
    const post = await groupPost(tx.township, { branchId, text: postText(quiz), by: quiz.by, until })
    if (post) await tx.chore(post)
  }
  return told
}

export function invitation(quiz: Quiz): Message {
  const line = `答题 ${quiz.quizId}`
  const remind = { label: '到时提醒', line: `/${line} 提醒`, words: `到时提醒请回：${line} 提醒` }
  return {
    text: `${quiz.title}（${quiz.quizId}）：${countOf(quiz)} 题${quiz.minutes === null ? '' : `，限时 ${quiz.minutes} 分钟`}，${deadlineOf(quiz)} 截止。\n自愿参加，得分只有您自己看。`,
    choices: [
      { label: '开始答题', line: `/${line}`, words: `想答请回：${line}` },
      ...(remindsAt(quiz) ? [remind] : []),
    ],
  }
}

export const postText = (quiz: Quiz): string =>
  `${quiz.title}开始了：${countOf(quiz)} 题，${deadlineOf(quiz)} 截止，自愿参加。\n想答的请单独对机器人说：答题 ${quiz.quizId}`
