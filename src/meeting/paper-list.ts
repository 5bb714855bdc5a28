import { fold, meetingId } from '../bot/command.ts'
import { explainUnclear, findPeople, joinGroups, namesSomebody, nearestName } from '../domain/people.ts'
import { membershipIn } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../store/collections.ts'

/** How a line that enters a paper list is read: '张三 3 李四 m-17 手机坏了', '17 全到 缺 3 7 12', '全到 m-17 缺 张三 原因：停电'. */
export interface PaperList {
  /** Named by a word that can be nothing else; beside 全到 a bare number is one. */
  meetingId: string | null
  /** Everybody of 应到, except those named. */
  all: boolean
  /** Names and rows; where not all are meant, a reason may follow them. */
  words: readonly string[]
  /** The reason of 全到, introduced by 原因. */
  why: string | null
}

const ALL = /^(.*?)全到[了齐]*(.*)$/su
const EXCEPT = /(?:^|[\s，,；;。])(?:缺席?了?|除了?|少了?|没来的?[是有]?)[\s：:]*/u
const ALL_REASON = /(?:^|[\s，,；;。])(?:原因|因为)[\s：:]*(.*)$/su
const STOPS = /[\s，,；;。]+/u
const PLAIN_ID = /^(?:m-?|会议)\d{1,9}$/
const ROW = /^第?\d/
const REASON = /^原?因为?[：:]?/u

const wordsOf = (text: string): string[] => text.split(/\s+/u).filter(word => word !== '')
const idOf = (word: string): string | null => meetingId().safeParse(word).data ?? null
const isPlainId = (word: string): boolean => PLAIN_ID.test(fold(word))

export function readPaperList(text: string): PaperList {
  const reason = ALL_REASON.exec(text)
  const [whole, before = '', after = ''] = ALL.exec(text.slice(0, reason?.index)) ?? []
  return whole === undefined ? readNamed(wordsOf(text)) : readAll(before, after, reason?.[1]?.trim() ?? '')
}

function readNamed(words: readonly string[]): PaperList {
  const at = words.findIndex(isPlainId)
  const others = words.filter((_, index) => index !== at)
  return { meetingId: idOf(words[at] ?? ''), all: false, words: others, why: null }
}

/**
 * Beside 全到 stands the meeting, behind 缺 stand those left out. Whatever else there is, it is never taken for a reason: it
 * may be the very people who did not come.
 */
function readAll(before: string, after: string, reason: string): PaperList {
  const except = EXCEPT.exec(after)
  const beside = [before, after.slice(0, except?.index)].flatMap(part => part.split(STOPS).filter(word => word !== ''))
  const odd = beside.find(word => idOf(word) === null)
  if (odd !== undefined) throw new UserError(notUnderstood(odd))
  const behind = except ? after.slice(except.index + except[0].length).split(/[\s；;。]+/u) : []
  const left = behind.filter(word => word !== '' && !isPlainId(word))
  if (except && left.length === 0) throw new UserError('还没写谁没来。这样发：补签 全到 缺 3 7 12')
  const [id = null, another] = new Set([...beside, ...behind.filter(isPlainId)].map(idOf))
  if (another) throw new UserError(`${id} 还是 ${another}？会议只写一个，没来的写在“缺”后面：补签 ${id} 全到 缺 3 7 12`)
  return { meetingId: id, all: true, words: left, why: reason === '' ? null : reason.slice(0, REASON_MAX) }
}

const notUnderstood = (word: string): string =>
  `没看懂“${word}”。没来的请写在“缺”后面：补签 全到 缺 3 7 12；是原因请写成：原因：${word}`

/** Words that may be rows of the sheet: 3, 3号, 第3行, 3-5. */
export const namesRow = (word: string): boolean => ROW.test(fold(word))

/** '17' of '张三 17', which may be a row or a meeting. Several numbers, or a number first, are rows. */
export function loneNumber(words: readonly string[]): string | null {
  const [number, another] = words.filter(namesRow)
  if (number === undefined || another !== undefined || words[0] === number) return null
  return /^\d{1,9}$/.test(fold(number)) ? number : null
}

const REASON_MAX = 100

export interface NamedPeople {
  named: readonly string[]
  why: string | null
}

/**
 * People, then the reason. A word that looks like a name is never taken for a reason: a member whose name was misspelt
 * would silently be left out. Whoever means such a word as a reason puts 原因 in front.
 */
export function splitReason(said: readonly string[], candidates: readonly Person[]): NamedPeople {
  const words = joinGroups(said, candidates)
  const at = words.findIndex(word => REASON.test(word))
  const before = at < 0 ? words : words.slice(0, at)
  let end = before.findLastIndex(word => namesRow(word) || namesSomebody(word, candidates)) + 1
  for (let next = before[end]; next !== undefined && looksLikeName(next, candidates); next = before[end]) end += 1
  if (end === 0 && before.length > 0) end = 1
  const reason = words.slice(end).join(' ').replace(REASON, '').trim()
  return { named: words.slice(0, end), why: reason === '' ? null : reason.slice(0, REASON_MAX) }
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
  /** The party group whose meeting it is. */
  group: string | null
  /** personIds in the order of the printed sheet. */
  rows: readonly string[]
  /** The people of these rows. */
  candidates: readonly Person[]
  /** Everybody of the branch, past the reach of a leader: who is known but not invited is told from who is not known. */
  branchPeople: readonly Person[]
}

/** Everybody named, or a refusal that says each word that is not clear. */
export function peopleOnSheet(said: readonly string[], sheet: Sheet): readonly Person[] {
  const { candidates, branchPeople, branchId, rows, meetingId } = sheet
  const words = joinGroups(said, branchPeople)
  const result = findPeople(words, candidates, { branchId, rows })
  const uninvited = result.unknown.filter(word => !namesRow(word) && namesSomebody(word, branchPeople))
  const unknown = result.unknown.filter(word => !uninvited.includes(word))
  const complaints = [
    ...uninvited.map(word => uninvitedWords(word, sheet)),
    ...unknown.map(word => (namesRow(word) ? `${meetingId} 没有第 ${word} 行` : unknownWords(word, candidates))),
    ...result.ambiguous.map(({ word, people, told }) => `叫“${word}”的有 ${people.length} 位：${told.join('；')}`),
  ]
  if (complaints.length === 0) return result.found
  const plain = complaints.length === 1 && uninvited.length === 0 && !unknown.some(namesRow)
  const only = plain ? explainUnclear(result, candidates, '补签') : null
  const [odd] = unknown
  if (only && odd && odd === words.at(-1) && words.length > 1 && !nearestName(odd, candidates)) {
    throw new UserError(`没有找到“${odd}”。是姓名请核对，是原因请写成：原因：${odd}`)
  }
  throw new UserError(only ?? `${complaints.join('；')}。一个也没有补签，请说清后再发。`)
}

/** '郑水生不在一组' where that is why he is not on the list. */
function uninvitedWords(word: string, { branchPeople, branchId, group, meetingId }: Sheet): string {
  const { found } = findPeople([word], branchPeople, { branchId })
  const elsewhere = found.every(person => membershipIn(person, branchId)?.group !== group)
  return group && elsewhere ? `${word}不在${group}` : `${word}不在 ${meetingId} 的名单上`
}

function unknownWords(word: string, candidates: readonly Person[]): string {
  const near = nearestName(word, candidates)
  return near ? `没有找到“${word}”（是${near}吗）` : `没有找到“${word}”`
}
