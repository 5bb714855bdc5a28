/**
 * What was said and answered, held against what is kept and what arrived: a pure function, so that its own mistakes can be
 * tested. Whatever happened to the process in between, each of these is a fault of the bot.
 */

export type Matter = 'check-in' | 'confirm' | 'collect' | 'publish'

/** One message of one person: WeCom repeats it with the same MsgId until it is answered. */
export interface Said {
  msgId: string
  userId: string
  matter: Matter
  /** What it is about, as `World` names it: a meeting, a notice, 'u17 2027-03', a draft. */
  about: string
  /** Every answer that arrived, in order; the last try's may be missing because the bot was killed. */
  answers: readonly string[]
}

/** What stands at the end. */
export interface World {
  /** meetingId → userIds that are present. */
  present: ReadonlyMap<string, readonly string[]>
  /** noticeId → userIds that confirmed. */
  confirmed: ReadonlyMap<string, readonly string[]>
  /** Standing receipts: number → 'u17 2027-03'. */
  receipts: ReadonlyMap<string, string>
  /** What is wrong with a ledger in itself. */
  books: readonly string[]
  /** Meetings and notices that were published: id → whom it concerns. */
  published: ReadonlyMap<string, readonly string[]>
  /** How often each of them was told: 'm-3 u17' → times. */
  told: ReadonlyMap<string, number>
}

export interface Verdict {
  /** Messages with at least one answer that says that something was written. */
  acknowledged: number
  /** Acknowledged, and not there. */
  lost: string[]
  /** There, and nobody was told so: half a change, or one that nobody asked for. */
  invented: string[]
  /** Booked, told or answered more than once, or in two ways. */
  doubled: string[]
  /** Published, and somebody was never told. */
  untold: string[]
}

const ACKNOWLEDGED: Readonly<Record<Matter, RegExp>> = {
  'check-in': /^签到成功/,
  confirm: /已记下|已确认|已收到/,
  collect: /^收据号 (D\d{4}-\d+-\d{4})/,
  publish: /已发布 ([mn]-\d+)/,
}

export function judge(history: readonly Said[], world: World): Verdict {
  const verdict: Verdict = { acknowledged: 0, lost: [], invented: [], doubled: [...world.books], untold: [] }
  const claimed = new Set<string>()
  const positions = new Map<string, string>()
  for (const said of history) {
    const answers = said.answers.filter(answer => ACKNOWLEDGED[said.matter].test(answer))
    const ways = new Set(said.answers).size
    if (ways > 1) verdict.doubled.push(`${nameOf(said)} was answered in ${ways} ways`)
    const [answer] = answers
    if (answer === undefined) continue
    verdict.acknowledged += 1
    const effect = effectOf(said, answer)
    if (!isThere(effect, said, world)) verdict.lost.push(`${nameOf(said)}: ${effect}`)
    if (claimed.has(effect)) verdict.doubled.push(`${effect} was acknowledged twice`)
    claimed.add(effect)
    const position = /第 (\d+) 位/.exec(answer)?.[1]
    if (position === undefined) continue
    const place = `${said.about} 第 ${position} 位`
    if (positions.has(place)) verdict.doubled.push(`${place}: ${positions.get(place)} and ${said.userId}`)
    positions.set(place, said.userId)
  }
  for (const effect of effectsIn(world)) if (!claimed.has(effect)) verdict.invented.push(effect)
  for (const [id, people] of world.published) {
    for (const userId of people) {
      const times = world.told.get(`${id} ${userId}`) ?? 0
      if (times === 0) verdict.untold.push(`${id} ${userId}`)
      if (times > 1) verdict.doubled.push(`${id} reached ${userId} ${times} times`)
    }
  }
  return verdict
}

const nameOf = ({ matter, about, userId, msgId }: Said): string => `${matter} ${about} of ${userId} (${msgId})`

/** What an acknowledgement promises, in the words in which `effectsIn` lists what there is. */
function effectOf({ matter, about, userId }: Said, answer: string): string {
  const [, number = ''] = ACKNOWLEDGED[matter].exec(answer) ?? []
  if (matter === 'collect') return `collect ${number} ${about}`
  if (matter === 'publish') return `publish ${number}`
  return `${matter} ${about} ${userId}`
}

function isThere(effect: string, { matter, about, userId }: Said, world: World): boolean {
  if (matter === 'check-in') return world.present.get(about)?.includes(userId) ?? false
  if (matter === 'confirm') return world.confirmed.get(about)?.includes(userId) ?? false
  const [, number = ''] = effect.split(' ')
  return matter === 'collect' ? world.receipts.get(number) === about : world.published.has(number)
}

function effectsIn({ present, confirmed, receipts, published }: World): string[] {
  const of = (matter: Matter, lists: ReadonlyMap<string, readonly string[]>) =>
    [...lists].flatMap(([id, userIds]) => userIds.map(userId => `${matter} ${id} ${userId}`))
  return [
    ...of('check-in', present),
    ...of('confirm', confirmed),
    ...[...receipts].map(([number, about]) => `collect ${number} ${about}`),
    ...[...published.keys()].map(id => `publish ${id}`),
  ]
}
