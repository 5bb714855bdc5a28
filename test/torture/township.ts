/** A township that does everything at once: four branches of a hundred, an administrator, everybody on plain text. */

export const BRANCHES = 4
export const MEMBERS = 100

export const ADMIN = 'ban'
export const secretaryOf = (branch: number): string => `shuji${branch}`
export const collectorsOf = (branch: number): readonly string[] => [`zuzhi${branch}`, `zuwei${branch}`]
/** Member n belongs to branch n modulo BRANCHES. */
export const memberOf = (n: number): string => `u${n}`
export const nameOf = (n: number): string => `党员${n}`
export const EVERYBODY: readonly number[] = Array.from({ length: BRANCHES * MEMBERS }, (_, n) => n)

export function rosterCsv(): string {
  const row = (userId: string, name: string, branch: number, post = '', admin = '') =>
    `${userId},${name},第${branch + 1}村党支部,正式党员,${post},是,${admin},2010-07-01,农民,0.50`
  return [
    '账号,姓名,支部,身份,党内职务,微信,管理员,入党日期,缴费类别,月缴党费',
    ...Array.from({ length: BRANCHES }, (_, branch) => [
      row(secretaryOf(branch), `书记${branch}`, branch, '书记'),
      ...collectorsOf(branch).map((userId, at) => row(userId, `组织${at}支${branch}`, branch, '组织委员')),
    ]).flat(),
    row(ADMIN, '办主任', 0, '', '是'),
    ...EVERYBODY.map(n => row(memberOf(n), nameOf(n), n % BRANCHES)),
  ].join('\n')
}

/** Numbers in [0, 1) that a seed decides: mulberry32, public domain. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list]
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    const [a, b] = [copy[at], copy[other]]
    if (a !== undefined && b !== undefined) [copy[at], copy[other]] = [b, a]
  }
  return copy
}
