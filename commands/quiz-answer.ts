import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText, quizId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import type { Quiz } from '../src/store/collections.ts'
import { openFor, quizById, refuseNotOpen, type Taking, takingOf } from '../src/study/open.ts'
import { answerQuestion, begin } from '../src/study/take.ts'
import { deadlineOf } from '../src/study/words.ts'

export default defineCommand({
  name: 'quiz-answer',
  aliases: ['答题', '测验', 'quiz'],
  summary: '做测验，可以随时停、接着答',
  moment: '学习',
  examples: ['/答题', '/答题 q-3', '/答题 q-3 2 B'],
  allow: 'everyone',
  privateOnly: true,
  args: z.object({
    quizId: quizId().optional(),
    at: z
      .string()
      .regex(/^\d{1,3}$/)
      .transform(Number)
      .optional(),
    said: freeText(200).optional(),
  }),

  async run(ctx, { quizId, at, said }) {
    const found = await ctx.store.read(tx => meant(ctx, tx, quizId))
    if ('text' in found) return found
    const { quiz, at: next } = found
    return ctx.store.update(`person:${ctx.person.personId}`, tx =>
      said === undefined ? begin(ctx, tx, quiz) : answerQuestion(ctx, tx, quiz, { at: at ?? next, said }),
    )
  },
})

/** The quiz named, the only one that is open, or the question which. */
async function meant(
  ctx: CommandContext,
  tx: CommandReadTx,
  id: string | undefined,
): Promise<{ quiz: Quiz; at: number } | Answer> {
  if (id) {
    const quiz = await quizById(tx, id)
    refuseNotOpen(quiz, ctx.now)
    return placed(await takingOf(tx, quiz, ctx.person.personId))
  }
  const open = await openFor(ctx, tx)
  const underWay = open.filter(taking => taking.underWay)
  const [only, another] = underWay.length === 1 ? underWay : open
  if (!only) return { text: '现在没有要答的测验。有新的会在这里告诉您；要看错题请发：错题' }
  if (!another) return placed(only)
  const shown = open.slice(0, 6)
  const lines = shown.map(({ quiz }, at) => `${at + 1} ${quiz.title}，${deadlineOf(quiz)} 截止`)
  return {
    text: [`有 ${open.length} 个测验，答哪一个？请回数字：`, ...lines].join('\n'),
    digits: shown.map(({ quiz }) => `/答题 ${quiz.quizId}`),
  }
}

const placed = ({ quiz, underWay }: Taking) => ({ quiz, at: (underWay?.answers.length ?? 0) + 1 })
