import { fold, meetingId } from '../bot/command.ts'
import { explainUnclear, findPeople, namesSomebody, nearestName } from '../domain/people.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../store/collections.ts'

/** How a line that enters a paper list is read: '张三 3 李四 m-17 手机坏了', '17 全到 缺 3 7 12'. */
export interface PaperList {
  /** Named by a word that can be nothing else; a bare number in front of 全到 is one. */
  meetingId: string | null
  /** Everybody of 应到, except those named. */
  all: boolean
  /** Names and rows; without `reasonOnly` a reason may follow them. */
  words: readonly string[]
  /** 全到 without 缺: nobody is left out, all words are the reason. */
  reasonOnly: boolean
}

const ALL = /^(?:(\S+?)\s*)?全到[了齐]?(?:[\s，,；;]+|(?=[缺除])|$)(.*)$/su
const EXCEPT = /^(?:缺席?|除了?)[\s：:]*/u
const PLAIN_ID = /^(?:m-?|会议)\d{1,9}$/
const ROW = /^第?\d/
const REASON = /^原?因为?[：:]?/u

const wordsOf = (text: string): string[] => text.split(/\s+/u).filter(word => word !== '')
const idOf = (word: string): string | null => meetingId().safeParse(word).data ?? null

export function readPaperList(text: string): PaperList {
  const [whole, named, rest] = ALL.exec(text.trim()) ?? []
  if (whole === undefined || rest === undefined) return readNamed(wordsOf(text))
  const id = named === undefined ? null : idOf(named)
  if (named !== undefined && id === null) throw new UserError(`没看懂“${named}”。这样发：补签 m-17 全到 缺 3 7 12`)
  const words = wordsOf(rest.replace(EXCEPT, ''))
  return { meetingId: id, all: true, words, reasonOnly: !EXCEPT.test(rest) }
}

function readNamed(words: readonly string[]): PaperList {
  const at = words.findIndex(word => PLAIN_ID.test(fold(word)))
  const others = words.filter((_, index) => index !== at)
  return { meetingId: idOf(words[at] ?? ''), all: false, words: others, reasonOnly: false }
}

/** Words that may be rows of the sheet: 3, 3号, 第3行, 3-5. */
export const namesRow = (word: string): boolean => ROW.test(fold(word))

/** '17' of '张三 17', which may be a row or a meeting. Several numbers, or a number first, are rows. */
export function loneNumber(words: readonly string[]): string | null {
  const [number, another] = words.filter(namesRow)
  if (number === undefined || another !== undefined || words[0] === number) return null
  return /^\d{1,9}$/.test(fold(number)) ? number : null
}

export interface NamedPeople {
  named: readonly string[]
  why: string | null
}

/**
 * People, then the reason. A word that looks like a name is never taken for a reason: a member whose name was misspelt
 * would silently be left out. Whoever means such a word as a reason puts 原因 in front.
 */
export function splitReason(words: readonly string[], candidates: readonly Person[]): NamedPeople {
  const said = words.findIndex(word => REASON.test(word))
  const before = said < 0 ? words : words.slice(0, said)
  let end = before.findLastIndex(word => namesRow(word) || namesSomebody(word, candidates)) + 1
  for (let next = before[end]; next !== undefined && looksLikeName(next, candidates); next = before[end]) end += 1
  if (end === 0 && before.length > 0) end = 1
  const reason = words.slice(end).join(' ').replace(REASON, '').trim()
  return { named: words.slice(0, end), why: reason === '' ? null : reason.slice(0, 100) }
}

/** The commonest surnames: what begins with one of them and has two or three characters is somebody not on the roll. */
const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤乔季甄云包'

function looksLikeName(word: string, candidates: readonly Person[]): boolean {
  if (/^[a-z]{2,4}$/.test(fold(word))) return true
  if (!/^\p{Script=Han}{2,3}$/u.test(word)) return false
  return SURNAMES.includes(word.charAt(0)) || nearestName(word, candidates) !== undefined
}

export interface Sheet {
  meetingId: string
  branchId: string
  /** personIds in the order of the printed sheet. */
  rows: readonly string[]
  /** The people of these rows. */
  candidates: readonly Person[]
  /** Everybody of the branch: who is known but not invited is told from who is not known. */
  branchPeople: readonly Person[]
}

/** Everybody named, or a refusal that says each word that is not clear. */
export function peopleOnSheet(words: readonly string[], sheet: Sheet): readonly Person[] {
  const { candidates, branchPeople, branchId, rows, meetingId } = sheet
  const result = findPeople(words, candidates, { branchId, rows })
  const uninvited = result.unknown.filter(word => !namesRow(word) && namesSomebody(word, branchPeople))
  const unknown = result.unknown.filter(word => !uninvited.includes(word))
  const complaints = [
    ...uninvited.map(word => `${word}不在 ${meetingId} 的名单上`),
    ...unknown.map(word => (namesRow(word) ? `${meetingId} 没有第 ${word} 行` : unknownWords(word, candidates))),
    ...result.ambiguous.map(({ word, people, told }) => `叫“${word}”的有 ${people.length} 位：${told.join('；')}`),
  ]
  if (complaints.length === 0) return result.found
  const plain = complaints.length === 1 && uninvited.length === 0 && !unknown.some(namesRow)
  const only = plain ? explainUnclear(result, candidates) : null
  const [odd] = unknown
  if (only && odd && odd === words.at(-1) && words.length > 1 && !nearestName(odd, candidates)) {
    throw new UserError(`没有找到“${odd}”。是姓名请核对，是原因请写成：原因：${odd}`)
  }
  throw new UserError(only ?? `${complaints.join('；')}。一个也没有补签，请说清后再发。`)
}

function unknownWords(word: string, candidates: readonly Person[]): string {
  const near = nearestName(word, candidates)
  return near ? `没有找到“${word}”（是${near}吗）` : `没有找到“${word}”`
}
