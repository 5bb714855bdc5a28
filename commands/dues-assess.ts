import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, fold, freeText } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { dayOf } from '../src/clock.ts'
import { assess, MOST_BASE_FEN, spellRate } from '../src/domain/dues-rates.ts'
import { citation } from '../src/domain/grounds.ts'
import { readAmount, spellYuan } from '../src/domain/money.ts'
import { duesRounding, farmerMonthlyDues, type Parameter, settingOf } from '../src/domain/parameters.ts'
import { UserError } from '../src/errors.ts'
import { DUES_CATEGORIES, settings } from '../src/store/collections.ts'

const OTHER_WORDS: Readonly<Record<string, string>> = { 退休: '离退休', 离休: '离退休', 职工: '在职', 低保: '困难' }
const category = z
  .string()
  .transform(said => OTHER_WORDS[fold(said)] ?? fold(said))
  .pipe(z.enum(DUES_CATEGORIES, { error: `类别写：${DUES_CATEGORIES.join('、')}` }))

/** Stores nothing: neither the income, which is nobody's business here, nor the result, which is only offered. */
export default defineCommand({
  name: 'dues-assess',
  aliases: ['党费 核算', 'dues assess'],
  summary: '按规定算每月应缴多少，不留底',
  moment: '党费',
  examples: ['/党费 核算 在职 4500', '/党费 核算 离退休 5000', '/党费 核算 学生'],
  allow: ['organizer', 'secretary', 'admin'],
  privateOnly: true,
  args: z.object({ category, amount: freeText(30).optional() }),

  run: (ctx, args) => ctx.store.read(tx => assessed(ctx, tx, args.category, args.amount ?? null)),
})

async function assessed(
  ctx: CommandContext,
  tx: CommandReadTx,
  category: (typeof DUES_CATEGORIES)[number],
  said: string | null,
): Promise<Answer> {
  const base = said === null ? null : baseOf(said)
  const of = async <T>(parameter: Parameter<T>) => settingOf(parameter, await tx.township.get(settings, parameter.name))
  const farmers = category === '农民' ? (base ?? (await of(farmerMonthlyDues))) : null
  const options = { farmerMonthlyDuesFen: farmers, rounding: await of(duesRounding) }
  const result = assess(category, category === '农民' ? null : base, dayOf(ctx.now), options)
  if ('refused' in result) throw new UserError(result.refused)
  const rate = result.rateBasisPoints === null ? '' : `，比例 ${spellRate(result.rateBasisPoints)}`
  const capped = result.capped ? '（到上限，多交自愿）' : ''
  // The amount typed is not said back: replies are kept for a day.
  const lines = [
    `${category}每月 ${spellYuan(result.fen)} 元${rate}${capped}。没有留底。`,
    `依据：${citation(result.law, result.article, result.effectiveFrom)}`,
    '要定为标准，请回姓名。',
  ]
  return { text: lines.join('\n'), awaits: `/党费 标准 ${spellYuan(result.fen)} ${category}` }
}

/** A refusal is kept for a day like any reply, so it does not say the amount back either. */
function baseOf(said: string): number {
  const typed = readAmount(said, { most: MOST_BASE_FEN })
  if ('fen' in typed) return typed.fen
  const most = spellYuan(MOST_BASE_FEN)
  throw new UserError(`基数写成元，大于 0、最多两位小数、不超过 ${most}。这样发：党费 核算 在职 4500.00`)
}
