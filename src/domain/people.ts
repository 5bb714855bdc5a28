import { UserError } from '../errors.ts'
import type { Person } from '../store/collections.ts'
import { membershipIn } from './roster.ts'
import { initialsOf, plainOf, readInitials, spellingOf } from './spelling.ts'

/** Whom the words of a line mean: names, pinyin initials, row numbers of the roll just shown. */

export interface PeopleScope {
  /** The branch the line is about: its group tells namesakes apart, and its people come before others of the same name. */
  branchId: string | null
  /** personIds of the roll just shown, in row order; absent: no roll was shown, row numbers mean nothing. */
  rows?: readonly string[] | null
}

export interface FoundPeople {
  /** In the order they were named, each once. */
  found: Person[]
  unknown: string[]
  ambiguous: Ambiguity[]
}

export interface Ambiguity {
  word: string
  people: Person[]
  /** How each is told apart; said back as it is, it finds him. */
  told: string[]
  /** One of them in the fewest words, as an example: '张伟一组'. */
  example: string
}

/** 3, 3号, 第3行, 3-5: at most three digits, a roll has no more rows. 0.5 is an amount. */
const ROWS = /^第?(\d{1,3})(?:[-–—~至到](\d{1,3}))?[号行]?$/
const rowWord = (word: string) => ROWS.exec(word.normalize('NFKC').trim())
const PERSON_ID = /^p-\d{1,9}$/

export function findPeople(
  words: readonly string[],
  candidates: readonly Person[],
  { branchId, rows }: PeopleScope,
): FoundPeople {
  const found = new Set<Person>()
  const unknown: string[] = []
  const ambiguous: Ambiguity[] = []
  for (const word of words.flatMap(split)) {
    const numbered = rowsNamed(word, candidates, rows)
    const people = numbered ?? nearestTo(branchId, named(word, candidates))
    if (people.length === 0) unknown.push(word)
    else if (numbered || people.length === 1) for (const person of people) found.add(person)
    else ambiguous.push({ word, people, told: tellApart(people, branchId), example: fewestWords(people, branchId) })
  }
  return { found: [...found], unknown, ambiguous }
}

/**
 * The argument reader takes words as long as they name people. Of names joined by 、 one that is known is enough:
 * the others are then reported as unknown and not taken for a reason.
 */
export const namesSomebody = (word: string, candidates: readonly Person[]): boolean =>
  split(word).some(part => rowWord(part) !== null || named(part, candidates).length > 0)

/** '张伟 一组' is one person: a group behind a name belongs to it. A year does not, it may be a number of something else. */
export function joinGroups(words: readonly string[], candidates: readonly Person[]): string[] {
  const joined: string[] = []
  for (const word of words) {
    const name = joined.at(-1)
    if (name !== undefined && isGroupOf(name, word, candidates)) joined[joined.length - 1] = name + word
    else joined.push(word)
  }
  return joined
}

const isGroupOf = (name: string, word: string, candidates: readonly Person[]): boolean =>
  !/^\d+$/.test(plainOf(word)) &&
  named(name, candidates).some(person => spellingOf(person).tagged.has(plainOf(name + word)))

/** '张伟（一组，2008年入党）': never by phone or day of birth. */
export function describe(person: Person, branchId: string | null): string {
  return withMarks(person, marksOf(person, branchId))
}

/** The one name that differs in one character; of several, the one that sounds the same. undefined: none, or no telling. */
export function nearestName(word: string, candidates: readonly Person[]): string | undefined {
  const plain = plainOf(word)
  if (plain.length < 2) return undefined
  const near = candidates.filter(person => oneApart(plain, spellingOf(person).plain))
  const names = new Set(near.map(person => person.name))
  if (names.size === 1) return [...names][0]
  const sound = readInitials(word)
  const alike = new Set(near.filter(person => initialsOf(person) === sound).map(person => person.name))
  return alike.size === 1 ? [...alike][0] : undefined
}

/** What to say where not everybody is clear: the fact, then the next step with the line's own `verb`. null: all are. */
export function explainUnclear(result: FoundPeople, candidates: readonly Person[], verb: string): string | null {
  const [unknown] = result.unknown
  if (unknown !== undefined) {
    const near = nearestName(unknown, candidates)
    return `没有找到“${unknown}”。${near ? `是${near}吗？请按名册上的姓名再发一次。` : '请按名册上的姓名再发一次。'}`
  }
  const [asked] = result.ambiguous
  if (!asked) return null
  const { word, told, example } = asked
  return `叫“${word}”的有 ${told.length} 位：${told.join('；')}。这样发：${verb} ${example}`
}

/** Separators inside brackets belong to what tells a namesake apart. */
const split = (word: string): string[] =>
  word
    .split(/[、，,](?![^（(]*[）)])/)
    .map(part => part.trim())
    .filter(part => part !== '')

/** undefined: the word is no row number. Empty: the roll has no such row. */
function rowsNamed(
  word: string,
  candidates: readonly Person[],
  rows: readonly string[] | null | undefined,
): Person[] | undefined {
  const [, first, last = first] = rowWord(word) ?? []
  if (first === undefined || last === undefined) return undefined
  if (!rows) throw new UserError('行号要照着名单说。请先发“名单”。')
  if (Number(first) < 1 || Number(last) > rows.length) return []
  return rows
    .slice(Number(first) - 1, Number(last))
    .flatMap(personId => candidates.find(person => person.personId === personId) ?? [])
}

function named(word: string, candidates: readonly Person[]): Person[] {
  const plain = plainOf(word)
  if (PERSON_ID.test(plain)) return candidates.filter(person => person.personId === plain)
  const exact = candidates.filter(person => spellingOf(person).plain === plain)
  if (exact.length > 0) return exact
  const toldApart = candidates.filter(person => spellingOf(person).tagged.has(plain))
  if (toldApart.length > 0) return toldApart
  if (/^[a-z]{2,}$/.test(plain)) return candidates.filter(person => initialsOf(person) === plain)
  return plain.endsWith('同志') ? named(plain.slice(0, -2), candidates) : []
}

function nearestTo(branchId: string | null, people: readonly Person[]): Person[] {
  const here = people.filter(person => branchId !== null && membershipIn(person, branchId))
  return here.length > 0 ? here : [...people]
}

/** Where group and year are the same too, our own number for the person is all that is left. */
function tellApart(people: readonly Person[], branchId: string | null): string[] {
  const told = people.map(person => describe(person, branchId))
  return told.map((text, index) => {
    const person = people[index]
    if (!person || told.indexOf(text) === told.lastIndexOf(text)) return text
    return withMarks(person, [...marksOf(person, branchId), person.personId])
  })
}

/** '张三'; among namesakes '张伟三组': said back as it is, it finds him. */
export function calledAmong(person: Person, among: readonly Person[], branchId: string | null): string {
  const others = among.filter(({ name, personId }) => name === person.name && personId !== person.personId)
  return others.length > 0 ? fewestWords([person, ...others], branchId) : person.name
}

/** The first of them by what no other of them has: the name itself, the group, the year, both, or our own number. */
function fewestWords(people: readonly Person[], branchId: string | null): string {
  const [first, ...others] = people
  if (!first) return ''
  const { group, year } = groupAndYear(first, branchId)
  const word = ['', group, year, group + year]
    .map(mark => first.name + mark)
    .find(said => others.every(other => other.name !== said && !spellingOf(other).tagged.has(plainOf(said))))
  return word ?? first.name + first.personId
}

function marksOf(person: Person, branchId: string | null): string[] {
  const { group, year } = groupAndYear(person, branchId)
  return [group, year && `${year}年入党`].filter(mark => mark !== '')
}

function groupAndYear(person: Person, branchId: string | null): { group: string; year: string } {
  const membership = (branchId === null ? undefined : membershipIn(person, branchId)) ?? person.memberships[0]
  return { group: membership?.group ?? '', year: person.joinedOn?.slice(0, 4) ?? '' }
}

const withMarks = (person: Person, marks: readonly string[]): string =>
  marks.length > 0 ? `${person.name}（${marks.join('，')}）` : person.name

/** One character replaced, added or left out. */
export function oneApart(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short === long || long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at += 1
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1)
}
