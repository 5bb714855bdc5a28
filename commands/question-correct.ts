import { z } from 'zod'
import { defineCommand, freeText, questionId } from '../src/bot/command.ts'
import { UserError } from '../src/errors.ts'
import { correctQuestion } from '../src/study/question.ts'

/** '题目 改 t-12 A C 原因': one more letter of the key must not become part of the reason. */
const LETTER_FIRST = /^[A-Ha-hＡ-Ｈａ-ｈ]+(?:[\s、，,和]|$)/u

export default defineCommand({
  name: 'question-correct',
  aliases: ['题目 改', '题目 改正', 'question correct'],
  summary: '改正一道题的答案，重新判分',
  moment: '学习',
  examples: ['/题目 改 t-12 C 核对过党章原文', '/题目 改 t-12 2年|两年 两种写法都对'],
  // The banks are the whole township's: what is corrected changes results in branches that are not an officer's own.
  allow: ['admin'],
  privateOnly: true,
  once: true,
  args: z.object({ questionId: questionId(), said: freeText(100).meta({ words: 1 }), why: freeText(200) }),

  async run(ctx, args) {
    if (LETTER_FIRST.test(args.why)) throw new UserError('答案的几个字母请连着写。这样发：题目 改 t-12 AC 原因')
    // As many as took it are marked anew: ten thousand take longer than an ordinary update may.
    return ctx.store.update('township', tx => correctQuestion(ctx, tx, args), { long: 'import' })
  },
})
