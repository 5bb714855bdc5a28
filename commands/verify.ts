import { z } from 'zod'
import { defineCommand } from '../src/bot/command.ts'
import { receiptNumber } from '../src/dues/reverse.ts'
import { verify } from '../src/dues/verify.ts'

const receipt = z.string().transform((said, issues) => {
  const number = receiptNumber(said)
  if (number !== null) return number
  issues.addIssue('后面写收据号')
  return z.NEVER
})

export default defineCommand({
  name: 'verify',
  aliases: ['验', '党费 验', 'verify'],
  summary: '查一张党费收据是不是有效',
  moment: '党费',
  examples: ['/验 D2026-3-0007'],
  allow: 'everyone',
  privateOnly: true,
  args: z.object({ receiptNo: receipt }),

  run: (ctx, { receiptNo }) => ctx.store.read(tx => verify(ctx, tx, receiptNo)),
})
