import { describe, expect, it } from 'vitest'
import {
  duesDay,
  duesRounding,
  farmerMonthlyDues,
  PARAMETERS,
  type Parameter,
  prepayMonths,
  settingOf,
} from '../../src/domain/parameters.ts'

const ALL: readonly Parameter<unknown>[] = PARAMETERS

describe('a parameter', () => {
  it('has a name and a label of its own, a default that fits, and a hint', () => {
    for (const key of ['name', 'label'] as const) expect(new Set(ALL.map(one => one[key])).size).toBe(ALL.length)
    for (const one of ALL) {
      expect(one.schema.safeParse(one.fallback).success, one.name).toBe(true)
      expect(one.spell(one.fallback), one.name).not.toBe('')
      expect(one.read('乱写'), one.name).toBeNull()
    }
  })

  it('reads the example of its own hint', () => {
    for (const one of ALL) {
      const [, example] = /如 ([\d.:-]+)/.exec(one.hint) ?? []
      if (example !== undefined) expect(one.read(example), one.name).not.toBeNull()
    }
  })

  it('keeps its default where what is stored does not fit any more', () => {
    expect(settingOf(duesDay, { value: 31 })).toBe(1)
    expect(settingOf(prepayMonths, { value: 'year' })).toBe('quarterEnd')
    expect(settingOf(farmerMonthlyDues, { value: 500 })).toBeNull()
    expect(settingOf(farmerMonthlyDues, { value: 50 })).toBe(50)
  })
})

describe('the parameters of dues', () => {
  it.each([
    [duesDay, '10', 10, '每月 10 日'],
    [duesDay, '每月１０号', 10, '每月 10 日'],
    [duesDay, '28', 28, '每月 28 日'],
    [prepayMonths, '到季末', 'quarterEnd', '到季末'],
    [prepayMonths, '季末', 'quarterEnd', '到季末'],
    [prepayMonths, '本季度末', 'quarterEnd', '到季末'],
    [prepayMonths, '3个月', 3, '3 个月'],
    [prepayMonths, '0', 0, '不能预交'],
    [farmerMonthlyDues, '0.5', 50, '每月 0.50 元'],
    [farmerMonthlyDues, '五角', 50, '每月 0.50 元'],
    [farmerMonthlyDues, '0.20', 20, '每月 0.20 元'],
    [farmerMonthlyDues, '一元', 100, '每月 1.00 元'],
    [duesRounding, '角', 'jiao', '到角'],
    [duesRounding, '到元', 'yuan', '到元'],
    [duesRounding, '分', 'fen', '到分'],
  ] as const satisfies readonly (readonly [unknown, string, unknown, string])[])(
    'are read as they are said: %# %s',
    (of, said, value, spelled) => {
      const parameter: Parameter<unknown> = of
      expect(parameter.read(said)).toBe(value)
      expect(parameter.spell(value)).toBe(spelled)
    },
  )

  it.each([
    [duesDay, ['0', '29', '31', '-1', '1.5', '']],
    [prepayMonths, ['7', '12', '-1', '一年', '']],
    [farmerMonthlyDues, ['0.19', '1.01', '0', '2元', '']],
    [duesRounding, ['厘', '0.1', '']],
  ] as const)('are not taken outside of what is allowed: %#', (of, wrong) => {
    const parameter: Parameter<unknown> = of
    for (const said of wrong) expect(parameter.read(said), said).toBeNull()
  })
})
