import { UserError } from '../errors.ts'
import { type Branch, branches, POSTS, type Post, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import type { Audience } from './command.ts'
import { fold } from './command.ts'

const POST_WORDS: Readonly<Record<string, readonly Post[]>> = {
  书记: ['secretary'],
  副书记: ['deputy'],
  组织委员: ['organizer'],
  宣传委员: ['publicity'],
  纪检委员: ['discipline'],
  委员: POSTS.filter(post => post !== 'leader' && post !== 'firstSecretary'),
  组长: ['leader'],
  党小组长: ['leader'],
  第一书记: ['firstSecretary'],
  支部书记: ['secretary'],
}
const ALL_WORDS = ['全镇', '所有支部']

export interface Addressed {
  audience: Audience | null
  rest: string
}

/** Takes the @ words in front of the arguments: '@水泉 @一组 党课 …'. Throws UserError for one that names nothing, or two. */
export async function readAudience(text: string, tx: ReadTx): Promise<Addressed> {
  if (!/^[@＠]/u.test(text)) return { audience: null, rest: text }
  let rest = text
  const words: string[] = []
  for (let found = nextAt(rest); found; found = nextAt(rest)) {
    words.push(found.word)
    rest = found.rest
  }
  let audience: Audience = { all: false, branch: null, group: null, posts: [] }
  for (const word of words) audience = joined(audience, await readWord(word, tx), word)
  return { audience, rest }
}

/** Two branches, or two groups, would be one of them without a word. Posts may be several. */
function joined(before: Audience, said: Partial<Audience>, word: string): Audience {
  if (
    (said.branch && before.branch) ||
    (said.group && before.group) ||
    (said.branch && before.all) ||
    (said.all && before.branch)
  )
    throw new UserError(`“@${word}”和前面的 @ 不能一起写。请只留一个再发。`)
  return { ...before, ...said, posts: [...new Set([...before.posts, ...(said.posts ?? [])])] }
}

function nextAt(text: string): { word: string; rest: string } | undefined {
  const match = /^[@＠]\s*([^\s@＠]+)\s*/u.exec(text)
  return match?.[1] ? { word: fold(match[1]), rest: text.slice(match[0].length) } : undefined
}

async function readWord(word: string, tx: ReadTx): Promise<Partial<Audience>> {
  if (ALL_WORDS.includes(word)) return { all: true }
  const posts = POST_WORDS[word]
  if (posts) return { posts }
  const named = await branchesNamed(word, tx)
  if (named.length > 1)
    throw new UserError(`“@${word}”有 ${named.length} 个支部：${named.map(b => b.name).join('、')}。请写得再全一些。`)
  if (named[0]) return { branch: named[0] }
  const group = await groupNamed(word, tx)
  if (group) return { group }
  throw new UserError(`没有叫“@${word}”的支部、小组或职务。`)
}

/** Any unique part of a name will do; the whole name wins over a part of others. */
async function branchesNamed(word: string, tx: ReadTx): Promise<readonly Branch[]> {
  const all = await tx.all(branches)
  const exact = all.filter(branch => fold(branch.name) === word)
  return exact.length > 0 ? exact : all.filter(branch => fold(branch.name).includes(word))
}

/** As the roster spells it. */
async function groupNamed(word: string, tx: ReadTx): Promise<string | undefined> {
  for (const { memberships } of await tx.all(people)) {
    const found = memberships.find(({ group }) => group && fold(group) === word)
    if (found?.group) return found.group
  }
  return undefined
}
