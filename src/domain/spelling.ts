import { pinyin } from 'pinyin-pro'
import type { Person } from '../store/collections.ts'

/** How the names of people are compared with what was typed. */

interface Spelling {
  /** The name as `plainOf` leaves it. */
  plain: string
  /** The name with what tells namesakes apart: the group, the year of joining, the personId. */
  tagged: ReadonlySet<string>
  /** Worked out when a first line asks for it. */
  initials?: string
}

/** A record is never changed in place, so what was worked out for it stays true. Words that people type are not kept. */
const spellings = new WeakMap<Person, Spelling>()

/** Width, case, spaces, brackets, commas and the dots of minority names don't count. */
export const plainOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s·•・‧∙.,()、\u200b-\u200f\ufeff]/g, '')
    .replace(/年入党/g, '')

/** 'zgf' of 曾国藩: the first character is read as a surname (单 -> shan). */
export const readInitials = (name: string): string =>
  pinyin(plainOf(name), { surname: 'head', pattern: 'first', toneType: 'none', type: 'array' }).join('')

export function spellingOf(person: Person): Spelling {
  const known = spellings.get(person)
  if (known) return known
  const made = { plain: plainOf(person.name), tagged: taggedNames(person) }
  spellings.set(person, made)
  return made
}

export function initialsOf(person: Person): string {
  const spelling = spellingOf(person)
  spelling.initials ??= readInitials(person.name)
  return spelling.initials
}

function taggedNames(person: Person): ReadonlySet<string> {
  const names = new Set<string>()
  const year = person.joinedOn?.slice(0, 4) ?? ''
  for (const group of ['', ...person.memberships.map(each => each.group ?? '')]) {
    for (const mark of [group, year, group + year]) {
      if (mark !== '') names.add(plainOf(person.name + mark))
      names.add(plainOf(person.name + mark + person.personId))
    }
  }
  return names
}
