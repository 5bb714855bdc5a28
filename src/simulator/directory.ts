import { parse } from 'csv-parse/sync'
import { z } from 'zod'

/** A member of the simulated corp. The roster file is the directory: who stands in it has a WeCom account. */
export interface DirectoryPerson {
  userId: string
  name: string
  identity: string
  /** 在册, 转出, 停止党籍 or 去世. */
  status: string
  /** Reads in WeChat's plug-in only: cards and markdown are a hint there (WECOM.md 4.6). */
  wechat: boolean
  /** No phone, so no account that a message could reach. */
  noPhone: boolean
  admin: boolean
  /** Two rows with one 账号 are one person with two memberships; the first is his own branch. */
  memberships: readonly DirectoryMembership[]
}

export interface DirectoryMembership {
  branch: string
  group: string | null
  posts: readonly string[]
}

const rows = z.array(z.record(z.string(), z.string()))
const yes = (cell: string | undefined): boolean => cell === '是'

/** Reads the roster file of OPERATIONS.md ("Roster file"), UTF-8 with or without BOM; columns in any order. */
export function readDirectory(csvText: string): DirectoryPerson[] {
  const people = new Map<string, DirectoryPerson>()
  for (const row of rows.parse(parse(csvText, { bom: true, columns: true, skip_empty_lines: true, trim: true }))) {
    const userId = row.账号 ?? ''
    if (userId === '') continue
    const membership = { branch: row.支部 ?? '', group: row.党小组 || null, posts: postsOf(row.党内职务) }
    const known = people.get(userId.toLowerCase())
    if (known) {
      people.set(userId.toLowerCase(), { ...known, memberships: [...known.memberships, membership] })
    } else {
      people.set(userId.toLowerCase(), {
        userId,
        name: row.姓名 ?? '',
        identity: row.身份 ?? '',
        status: row.状态 || '在册',
        wechat: yes(row.微信),
        noPhone: yes(row.无手机),
        admin: yes(row.管理员),
        memberships: [membership],
      })
    }
  }
  return [...people.values()]
}

const postsOf = (cell: string | undefined): string[] => (cell ?? '').split(/[、,，]/).filter(post => post !== '')

/** WeCom knows him: a message can reach him and he can write. */
export const hasAccount = (person: DirectoryPerson): boolean => !person.noPhone && person.status !== '去世'
