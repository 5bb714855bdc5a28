import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { addDays, dayOf, spellDay, yearOf } from '../clock.ts'
import { explainUnclear, findPeople, joinGroups, namesSomebody } from '../domain/people.ts'
import { readHours } from '../domain/study-hours.ts'
import { readWhen } from '../domain/when.ts'
import { UserError } from '../errors.ts'
import { branchMeant, peopleWithin } from '../meeting/within.ts'
import type { Person } from '../store/collections.ts'

/** '张三 李四 4 党的二十大精神培训 11-20': names, hours, what was studied, and when it was not today. */

export interface HoursSaid {
  people: readonly Person[]
  /** null: nothing but names. */
  study: { tenths: number; what: string; day: string } | null
}

const EXAMPLE = '这样发：学时 张三 4 县里培训 11-20'
const LONGEST = 60
/** '4 学时': the unit belongs to the number. */
const UNIT_APART = /(?<=[\d０-９])\s+(?=个?(?:学时|课时|小时)(?:\s|$))/gu
const ROWS = /^第?\d{1,3}(?:[-–—~至到、]\d{1,3})*[号行]?$/
const EVERYBODY = /^(?:全部|全体|全支部|所有|大家)/u
/** '11月20日 周五' is two words. */
const MOST_DAY_WORDS = 3

export async function readHoursSaid(ctx: CommandContext, tx: CommandReadTx, text: string): Promise<HoursSaid> {
  const candidates = await peopleWithin(ctx, tx)
  const typed = text.replace(UNIT_APART, '').split(/\s+/u)
  const words = typed.filter(word => word !== '').flatMap(word => apart(word, candidates))
  const at = words.findIndex(word => readHours(word) !== null)
  const names = joinGroups(at < 0 ? words : words.slice(0, at), candidates)
  const [first] = names
  if (first === undefined) throw new UserError(`还缺姓名。${EXAMPLE}`)
  if (EVERYBODY.test(first)) throw new UserError(`学时要写明是谁。${EXAMPLE}`)
  if (at < 0 && names.some(name => !isName(name, candidates))) throw unclearAlone(names, candidates)
  const people = peopleNamed(ctx, names, candidates)
  return { people, study: at < 0 ? null : studyIn(words.slice(at), ctx.now) }
}

const isRow = (word: string): boolean => ROWS.test(word.normalize('NFKC'))

const isName = (word: string, candidates: readonly Person[]): boolean => !isRow(word) && namesSomebody(word, candidates)

/** Without hours the first word that is no name was most likely meant as what was studied. */
function unclearAlone(names: readonly string[], candidates: readonly Person[]): UserError {
  const named = names.filter(name => isName(name, candidates))
  if (named.length > 0) return new UserError(`还缺几学时。${EXAMPLE}`)
  const result = { found: [], unknown: names.slice(0, 1), ambiguous: [] }
  return new UserError(explainUnclear(result, candidates, '学时') ?? EXAMPLE)
}

function peopleNamed(ctx: CommandContext, names: readonly string[], candidates: readonly Person[]): readonly Person[] {
  if (names.some(isRow)) throw new UserError(`学时要写姓名，不用行号。${EXAMPLE}`)
  const result = findPeople(names, candidates, { branchId: branchMeant(ctx), rows: null })
  const unclear = explainUnclear(result, candidates, '学时')
  if (unclear) throw new UserError(unclear)
  return result.found
}

/** '张三4' is a name and hours, unless the digits tell a namesake apart. */
function apart(word: string, candidates: readonly Person[]): string[] {
  const [, name, hours] = /^(\p{Script=Han}{2,}?)([\d０-９].*)$/u.exec(word) ?? []
  if (name === undefined || hours === undefined || namesSomebody(word, candidates)) return [word]
  return namesSomebody(name, candidates) && readHours(hours) ? [name, hours] : [word]
}

function studyIn([first = '', ...rest]: readonly string[], now: Date): HoursSaid['study'] {
  const hours = readHours(first)
  if (!hours) throw new UserError(`还缺几学时。${EXAMPLE}`)
  if ('refused' in hours) throw new UserError(hours.refused)
  const { day, words } = dayIn(rest, now)
  const what = words.join(' ')
  if (what === '') throw new UserError(`还缺学习内容。${EXAMPLE}`)
  if (what.length > LONGEST) throw new UserError(`学习内容最多 ${LONGEST} 个字，请写短些。`)
  refuseDay(day, now)
  return { tenths: hours.tenths, what, day }
}

/** Behind everything else, or right behind the hours; today where none is said. */
function dayIn(rest: readonly string[], now: Date): { day: string; words: readonly string[] } {
  for (let count = Math.min(MOST_DAY_WORDS, rest.length); count > 0; count -= 1) {
    const last = dayOnly(rest.slice(-count), now)
    if (last) return { day: last, words: rest.slice(0, -count) }
    const first = dayOnly(rest.slice(0, count), now)
    if (first) return { day: first, words: rest.slice(count) }
  }
  return { day: dayOf(now), words: rest }
}

function dayOnly(words: readonly string[], now: Date): string | null {
  const when = readWhen(words.join(' '), now)
  return when?.start === null ? when.day : null
}

/** What is to be entered later than the year after belongs to no report any more. */
function refuseDay(day: string, now: Date): void {
  const today = dayOf(now)
  const earliest = `${Number(yearOf(now)) - 1}-01-01`
  if (day > today) throw new UserError(`${spellDay(day)} 还没有到。请写学习那天，如 ${addDays(today, -1)}`)
  if (day < earliest) throw new UserError(`${spellDay(day)} 太早了，只记今年和去年的。请核对日期再发。`)
}
