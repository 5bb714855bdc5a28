import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, fold, freeText, quizId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { UserError } from '../src/errors.ts'
import { openFor, ownQuiz, refuseNotOpen, type Taking, takingOf } from '../src/study/open.ts'
import { resultOf } from '../src/study/result.ts'
import { answerQuestion, begin, remindMe } from '../src/study/take.ts'
import { deadlineOf, isOver } from '../src/study/words.ts'

/** '2'; of a card '2.3', the second question of the third go: an old card is no answer to a new one's question. */
const place = z
  .string()
  .regex(/^\d{1,3}(?:\.\d{1,2})?$/)
  .transform(said => {
    const [at, attempt] = said.split('.').map(Number)
    return { place: at ?? 0, attempt: attempt ?? null }
  })

export default defineCommand({
  name: 'quiz-answer',
  aliases: ['答题', 'quiz'],
  summary: '做测验，可以随时停、接着答',
  moment: '学习',
  examples: ['/答题', '/答题 q-3', '/答题 q-3 2 B', '/答题 q-3 提醒'],
  allow: 'everyone',
  privateOnly: true,
  args: z.object({
    quizId: quizId().optional(),
    at: place.optional(),
    said: freeText(200).optional(),
  }),

  async run(ctx, { quizId, at, said }) {
    const isWhole = quizId !== undefined && at !== undefined && said !== undefined
    const found = isWhole
      ? { quizId, at: at.place, underWay: true }
      : await ctx.store.read(tx => meant(ctx, tx, quizId))
    if ('text' in found) return found
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      // Again: it may have been closed since.
      const quiz = await ownQuiz(ctx, tx, found.quizId)
      if (said === undefined && isOver(quiz, tx.now)) return resultOf(ctx, tx, quiz)
      refuseNotOpen(quiz, tx.now)
      if (said === undefined) return begin(ctx, tx, quiz)
      if (at === undefined && REMINDER.test(fold(said))) return remindMe(ctx, tx, quiz)
      if (at === undefined && !found.underWay) throw new UserError(`没看懂“${said}”。这样发：答题 ${quiz.quizId}`)
      // The card of a first go names none.
      const attempt = at?.attempt ?? (at && ctx.via === 'card' ? 1 : null)
      return answerQuestion(ctx, tx, quiz, { at: at?.place ?? found.at, attempt, said })
    })
  },
})

const REMINDER = /^(?:到时候?)?提醒(?:我|一下|我一下)?$/

/** The quiz named, the only one that is open, or the question which. */
async function meant(ctx: CommandContext, tx: CommandReadTx, id: string | undefined): Promise<Placed | Answer> {
  if (id) return placed(await takingOf(tx, await ownQuiz(ctx, tx, id), ctx.person.personId))
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

interface Placed {
  quizId: string
  at: number
  underWay: boolean
}

const placed = ({ quiz, underWay }: Taking): Placed => ({
  quizId: quiz.quizId,
  at: (underWay?.answers.length ?? 0) + 1,
  underWay: underWay !== null,
})
