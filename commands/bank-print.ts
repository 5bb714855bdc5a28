import { z } from 'zod'
import { defineCommand, freeText } from '../src/bot/command.ts'
import { dayOf } from '../src/clock.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { sendPaper } from '../src/meeting/paper.ts'
import { bankNamed, validQuestions } from '../src/study/banks.ts'
import { BANK_REPORT, type BankOrder } from '../src/study/print.ts'

/** The questions, and the answers on pages of their own: for the wall, for a lesson, for who studies on paper. */
export default defineCommand({
  name: 'bank-print',
  aliases: ['题库 打印', 'banks print'],
  summary: '把题库做成文档，打印用',
  moment: '学习',
  examples: ['/题库 打印 党章', '/题库 打印 廉政'],
  allow: [...OFFICERS, 'admin'],
  once: true,
  args: z.object({ bank: freeText(40) }),

  run: (ctx, args) =>
    ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const { bankId, name } = await bankNamed(tx.township, args.bank)
      const { length } = await validQuestions(tx.township, bankId, dayOf(ctx.now))
      if (length === 0) throw new UserError(`题库“${name}”现在没有可用的题，没有做。发“题库”可以看到别的题库。`)
      await sendPaper(ctx, tx, {
        report: BANK_REPORT,
        args: { bankId } satisfies BankOrder,
        says: `题库“${name}”：${length} 道题，答案在最后另起一页`,
        note: '',
        branchId: null,
        audited: 'print-bank',
        about: bankId,
      })
      return { text: `题库“${name}”在做成文档，做好就发给您。` }
    }),
})
