import { z } from 'zod'
import { type CommandTx, defineCommand, fold, freeText } from '../src/bot/command.ts'
import { PARAMETERS, type Parameter, settingOf } from '../src/domain/parameters.ts'
import { UserError } from '../src/errors.ts'
import { settings } from '../src/store/collections.ts'
import type { ReadTx } from '../src/store/records.ts'

const BACK_TO_DEFAULT = '默认'
const ALL: readonly Parameter<unknown>[] = PARAMETERS

export default defineCommand({
  name: 'settings',
  aliases: ['设置', 'settings'],
  summary: '全镇的参数：看和改',
  moment: '我',
  examples: ['/设置', '/设置 党课次数 4', '/设置 休息时间 21:00-08:00'],
  allow: ['admin'],
  args: z.object({ item: z.string().transform(fold).optional(), value: freeText(60).optional() }),

  async run(ctx, args) {
    const { item, value } = args
    if (!item) return ctx.store.read(async tx => ({ text: await all(tx) }))
    const parameter = parameterNamed(item)
    if (!parameter) {
      throw new UserError(`没有“${item}”这一项。可以设置：${ALL.map(one => one.label).join('、')}`)
    }
    if (!value) return ctx.store.read(async tx => ({ text: await one(tx, parameter) }))
    return ctx.store.update('township', tx => change(tx, ctx.person.personId, parameter, value))
  },
})

const parameterNamed = (said: string) => ALL.find(one => fold(one.label) === said)

async function all(tx: ReadTx): Promise<string> {
  const lines: string[] = []
  for (const parameter of ALL) lines.push(await one(tx, parameter))
  return lines.join('\n\n')
}

/** '党课次数：每年 4 次（默认）', and how it is changed. */
async function one<T>(tx: ReadTx, parameter: Parameter<T>): Promise<string> {
  const { label, name, hint } = parameter
  const record = await tx.get(settings, name)
  const value = parameter.spell(settingOf(parameter, record))
  return `${label}：${value}${record ? '' : `（${BACK_TO_DEFAULT}）`}\n要改请发：设置 ${label} 新的值。可以写：${hint}`
}

async function change<T>(tx: CommandTx, by: string, parameter: Parameter<T>, said: string) {
  const { name, label } = parameter
  const record = await tx.get(settings, name)
  const before = settingOf(parameter, record)
  const back = said === BACK_TO_DEFAULT
  // A default may be null: nothing is set.
  const after = back ? parameter.fallback : understood(parameter, said)
  const value = z.json().parse(after)
  if (back) await tx.remove(settings, name)
  else await (record ? tx.put(settings, { name, value }) : tx.insert(settings, { name, value }))
  await tx.audit({ by, branchId: null, what: 'change-setting', about: name, before, after })
  return { text: `已改：${label}，原来${parameter.spell(before)}，现在${parameter.spell(after)}。` }
}

function understood<T>(parameter: Parameter<T>, said: string): T {
  const value = parameter.read(said)
  if (value !== null) return value
  const { label, hint } = parameter
  throw new UserError(`“${label}”不能是“${said}”，没有改。可以写：${hint}；或写“${BACK_TO_DEFAULT}”`)
}
