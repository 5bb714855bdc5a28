import { describe, expect, it } from 'vitest'
import { judge, type Said, type World } from './history.ts'

const said = (matter: Said['matter'], about: string, userId: string, ...answers: string[]): Said => ({
  msgId: `${matter} ${about} ${userId}`,
  userId,
  matter,
  about,
  answers,
})

const HISTORY: readonly Said[] = [
  said('publish', '2026-11-24', 'shuji', '已发布 m-1，发给 2 人'),
  said('publish', '2026-11-24', 'ban', '已发布 n-1，发给 2 人'),
  said('check-in', 'm-1', 'u1', '签到成功\n党课\n第 1 位'),
  said('check-in', 'm-1', 'u2', '签到成功\n党课\n第 2 位', '签到成功\n党课\n第 2 位'),
  said('confirm', 'n-1', 'u1', '已收到 n-1：通知'),
  said('collect', 'u1 2026-11', 'zuzhi', '收据号 D2026-1-0001：党员1 11月 0.50 元'),
  said('collect', 'u1 2026-11', 'zuwei', '党员1 11月已缴（D2026-1-0001）。'),
]

const WORLD: World = {
  present: new Map([['m-1', ['u1', 'u2']]]),
  confirmed: new Map([['n-1', ['u1']]]),
  receipts: new Map([['D2026-1-0001', 'u1 2026-11']]),
  books: [],
  published: new Map([
    ['m-1', ['u1', 'u2']],
    ['n-1', ['u1', 'u2']],
  ]),
  told: new Map(['m-1 u1', 'm-1 u2', 'n-1 u1', 'n-1 u2'].map(key => [key, 1])),
}

const faultsOf = (history: readonly Said[], world: World) => {
  const { lost, invented, doubled, untold } = judge(history, world)
  return { lost, invented, doubled, untold }
}
const NONE = { lost: [], invented: [], doubled: [], untold: [] }
const without = (at: number): Said[] => HISTORY.filter((_, index) => index !== at)
const withMore = (...more: Said[]): Said[] => [...HISTORY, ...more]

describe('what was acknowledged is held against what is there', () => {
  it('finds nothing where all of it is there, once', () => {
    expect(faultsOf(HISTORY, WORLD)).toEqual(NONE)
    expect(judge(HISTORY, WORLD).acknowledged).toBe(6)
  })

  it.each([
    ['a check-in', { ...WORLD, present: new Map([['m-1', ['u1']]]) }, 'check-in m-1 u2'],
    ['a confirmation', { ...WORLD, confirmed: new Map() }, 'confirm n-1 u1'],
    ['a receipt', { ...WORLD, receipts: new Map() }, 'collect D2026-1-0001 u1 2026-11'],
    [
      'the receipt of another month',
      { ...WORLD, receipts: new Map([['D2026-1-0001', 'u1 2026-10']]) },
      'collect D2026-1-0001 u1 2026-11',
    ],
    [
      'a notice',
      {
        ...WORLD,
        published: new Map([['m-1', ['u1', 'u2']]]),
      },
      'publish n-1',
    ],
  ] satisfies [string, World, string][])('%s that was acknowledged and is not there is lost', (_, world, effect) => {
    expect(faultsOf(HISTORY, world).lost).toEqual([expect.stringContaining(effect)])
  })

  it.each([
    ['a check-in', 2, 'check-in m-1 u1'],
    ['a confirmation', 4, 'confirm n-1 u1'],
    ['a receipt', 5, 'collect D2026-1-0001 u1 2026-11'],
    ['a meeting', 0, 'publish m-1'],
  ])('%s that is there and nobody was told of is invented', (_, at, effect) => {
    expect(faultsOf(without(at), WORLD)).toEqual({ ...NONE, invented: [effect] })
  })

  it('finds what was acknowledged twice, or in two ways', () => {
    const again = said('collect', 'u1 2026-11', 'zuwei', '收据号 D2026-1-0001：党员1 11月 0.50 元')
    expect(faultsOf(withMore(again), WORLD).doubled).toEqual([expect.stringContaining('twice')])
    const otherwise = { ...HISTORY[2], answers: ['签到成功\n第 1 位', '已签到，18:45 到的'] } as Said
    expect(faultsOf([...without(2), otherwise], WORLD).doubled).toEqual([expect.stringContaining('in 2 ways')])
  })

  it('finds one place given to two, and what a ledger says of itself', () => {
    const third = said('check-in', 'm-1', 'u3', '签到成功\n第 2 位')
    const world = { ...WORLD, present: new Map([['m-1', ['u1', 'u2', 'u3']]]), books: ['b-1 breaks at 7'] }
    expect(faultsOf(withMore(third), world).doubled).toEqual(['b-1 breaks at 7', expect.stringContaining('u2 and u3')])
  })

  it('finds who was never told, and who was told twice', () => {
    const told = new Map([...WORLD.told, ['m-1 u1', 2], ['n-1 u2', 0]] as const)
    const { untold, doubled } = faultsOf(HISTORY, { ...WORLD, told })
    expect({ untold, doubled }).toEqual({ untold: ['n-1 u2'], doubled: ['m-1 reached u1 2 times'] })
  })
})
