import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { dayOf } from '../clock.ts'
import { explainUnclear, findPeople, joinGroups, oneApart } from '../domain/people.ts'
import { readWhen } from '../domain/when.ts'
import { UserError } from '../errors.ts'
import { branchMeant, peopleWithin, rowsShown } from '../meeting/within.ts'
import type { Branch, Person } from '../store/collections.ts'

/** Whom a line about one person means, and the rest of its words. */
export interface Meant {
  person: Person
  rest: readonly string[]
}

interface Reading {
  /** The line in front of the name: '党员 转出'. */
  verb: string
  example: string
  /** Who can be meant; else everybody on the roster within reach. */
  candidates?: readonly Person[]
}

/** Several of one name: the question which, with a digit for each. Throws UserError for nobody, or several people. */
export async function personMeant(
  ctx: CommandContext,
  tx: CommandReadTx,
  text: string,
  { verb, example, candidates }: Reading,
): Promise<Meant | Answer> {
  const known = candidates ?? (await peopleWithin(ctx, tx))
  const [name, ...rest] = joinGroups(text.split(/\s+/u).filter(Boolean), known)
  if (name === undefined) throw new UserError(`还缺姓名。这样发：${example}`)
  const result = findPeople([name], known, { branchId: branchMeant(ctx), rows: await rowsShown(ctx, tx) })
  const [asked] = result.ambiguous
  if (asked) {
    const lines = asked.told.map((told, at) => `${at + 1} ${told}`)
    const digits = asked.people.map(({ personId }) => `/${[verb, personId, ...rest].join(' ')}`)
    return { text: [`叫“${asked.word}”的有 ${asked.people.length} 位，请回数字：`, ...lines].join('\n'), digits }
  }
  const unclear = explainUnclear(result, known, verb)
  if (unclear) throw new UserError(unclear)
  const [person, another] = result.found
  if (!person || another) throw new UserError(`请一位一位地办。这样发：${example}`)
  return { person, rest }
}

const MOST_DAY_WORDS = 3

/** Takes a day off the end of the words: '11-20', '11月20日 周五'. An hour is none. */
export function takeDay(words: readonly string[], now: Date): { rest: readonly string[]; day: string | null } {
  for (let count = Math.min(MOST_DAY_WORDS, words.length); count > 0; count -= 1) {
    const when = readWhen(words.slice(-count).join(' '), now)
    if (when?.day && when.start === null) return { rest: words.slice(0, -count), day: when.day }
  }
  return { rest: words, day: null }
}

/** Nothing on the roster holds from a day that is still to come. Throws UserError. */
export function refuseAhead(day: string, now: Date): void {
  if (day <= dayOf(now)) return
  const lastYear = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`
  throw new UserError(`${day} 还没有到，请到那天再发。要写以前的请写全年份，如 ${lastYear}`)
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s/gu, '').toLowerCase()

/** '柳沟村' of '柳沟村党支部' and of '柳沟村支部'. */
const placeOf = (text: string): string => plain(text).replace(/(?:中共|党)?(?:党?支部|党?总支)(?:委员会)?$/u, '')

/** The branch of the township that the words name, by any unique part of its name. undefined: none. Throws UserError: several. */
export function branchNamed(word: string, all: readonly Branch[]): Branch | undefined {
  const said = plain(word)
  if (said.length < 2) return undefined
  const exact = all.filter(({ name }) => plain(name) === said)
  const parts = exact.length > 0 ? exact : all.filter(({ name }) => plain(name).includes(said))
  const place = placeOf(word)
  const found = parts.length > 0 || place.length < 2 ? parts : all.filter(({ name }) => placeOf(name).includes(place))
  if (found.length < 2) return found[0]
  throw new UserError(`“${word}”有 ${found.length} 个支部：${found.map(b => b.name).join('、')}。请写得再全一些。`)
}

/** Branches of the township whose place is in the words all the same: another township may have a village of that name. */
export function branchesAlike(word: string, all: readonly Branch[]): readonly Branch[] {
  const core = (name: string) => placeOf(name).replace(/(?:村|社区)$/u, '')
  return all.filter(({ name }) => core(name).length >= 2 && plain(word).includes(core(name)))
}

/** Branches that a word may have meant which names none: one character off, or a single one of the name. */
export function branchesNear(word: string, all: readonly Branch[]): readonly Branch[] {
  const core = (name: string) => placeOf(name).replace(/(?:村|社区)$/u, '')
  const said = core(word)
  if (said.length < 2) return all.filter(({ name }) => plain(word) !== '' && core(name).includes(plain(word)))
  return all.filter(({ name }) => core(name).length >= 2 && oneApart(said, core(name)))
}
