import { z } from 'zod'
import type { Directory, SeenAccount, SeenDirectory } from '../bot/message.ts'
import { WecomError, WecomUnreachableError } from '../errors.ts'
import type { Query, WecomClient } from './client.ts'
import { fewAtOnce } from './few-at-once.ts'

/** WeCom's directory as far as the app's secret may read it: WECOM-BOT.md 3. */

const agentAnswer = z.object({
  allow_userinfos: z.object({ user: z.array(z.object({ userid: z.string() })).default([]) }).optional(),
  allow_partys: z.object({ partyid: z.array(z.int()).default([]) }).optional(),
  allow_tags: z.object({ tagid: z.array(z.int()).default([]) }).optional(),
})
const departmentIds = z.object({ department_id: z.array(z.object({ id: z.int() })).default([]) })
const department = z.object({ department: z.object({ id: z.int(), name: z.string().optional() }) })
const listed = z.object({ userid: z.string(), name: z.string().optional() })
const members = z.object({ userlist: z.array(listed).default([]) })
const tagAnswer = members.extend({ partylist: z.array(z.int()).default([]) })

/** Codes after which the next call of the same API fails like this one: no right to it at all, too often, API withdrawn. */
const CLOSES_API: readonly number[] = [48002, 45009, 48005, 48006]
/** Codes after which every call fails: the address is not allowed, the app is off, the secret is wrong. */
const CLOSES_ALL: readonly number[] = [60020, 50003, 60031, 40001, 40013, 40091]
/** Names asked for one by one: so many accounts in no department are still looked at by people. */
const MOST_NAMES = 200
/** Two calls each: what has more is no township, and whoever asked waits. */
const MOST_DEPARTMENTS = 300

const WHAT: Readonly<Record<string, string>> = {
  'agent/get': '应用的可见范围',
  'department/simplelist': '部门',
  'department/get': '部门的名称',
  'user/simplelist': '部门里的人',
  'tag/get': '标签里的人',
  'user/get': '个别人的姓名',
}

export const createDirectory = (client: WecomClient): Directory => ({
  look: isKnown => new Look(client).run(isKnown),
})

interface Found {
  name: string | null
  departments: Set<string>
}

/** One walk through the visible range. */
class Look {
  readonly #accounts = new Map<string, Found>()
  /** By API and code: how many calls came to nothing, and what to do. */
  readonly #refusals = new Map<string, { api: string; advice: string; times: number }>()
  readonly #departmentNames = new Set<string>()
  readonly #closed = new Set<string>()
  #leftOut = 0
  #allClosed = false

  constructor(private readonly client: WecomClient) {}

  async run(isKnown: (userId: string) => boolean): Promise<SeenDirectory> {
    const range = await this.#ask('agent/get', agentAnswer, { agentid: this.client.agentId })
    for (const { userid } of range?.allow_userinfos?.user ?? []) this.#note(userid, null, null)
    const parties = new Set(range?.allow_partys?.partyid)
    for (const tagid of range?.allow_tags?.tagid ?? []) {
      const tag = await this.#ask('tag/get', tagAnswer, { tagid })
      for (const { userid, name } of tag?.userlist ?? []) this.#note(userid, name, null)
      for (const id of tag?.partylist ?? []) parties.add(id)
    }
    if (!range || parties.size > 0) await this.#departments(parties)
    await this.#names(isKnown)
    const departments = [...this.#departmentNames]
    return { accounts: [...this.#accounts].map(accountOf), departments, unseen: this.#told() }
  }

  /** All that are visible, those below the ones in the range too; where WeCom does not list them, those alone. */
  async #departments(parties: ReadonlySet<number>): Promise<void> {
    const list = await this.#ask('department/simplelist', departmentIds, {})
    const ids = [...new Set([...parties, ...(list?.department_id ?? []).map(one => one.id)])]
    this.#leftOut = Math.max(0, ids.length - MOST_DEPARTMENTS)
    const looked = ids.slice(0, MOST_DEPARTMENTS)
    const seen = new Map<number, { name: string | undefined; users: readonly z.output<typeof listed>[] }>()
    await this.#each(looked, async id => {
      const found = await this.#ask('department/get', department, { id })
      const inIt = await this.#ask('user/simplelist', members, { department_id: id })
      seen.set(id, { name: found?.department.name, users: inIt?.userlist ?? [] })
    })
    // In the order of the departments, whichever answer came first.
    for (const id of looked) {
      const { name: department, users = [] } = seen.get(id) ?? {}
      if (department) this.#departmentNames.add(department)
      for (const { userid, name } of users) this.#note(userid, name, department)
    }
  }

  /** The first alone: what WeCom refuses for all of them is asked once. */
  async #each<T>(items: readonly T[], look: (item: T) => Promise<void>): Promise<void> {
    for (const first of items.slice(0, 1)) await look(first)
    await fewAtOnce(items.slice(1), look)
  }

  async #names(isKnown: (userId: string) => boolean): Promise<void> {
    const nameless = [...this.#accounts].filter(([userId, { name }]) => name === null && !isKnown(userId))
    await this.#each(nameless.slice(0, MOST_NAMES), async ([userId]) => {
      const one = await this.#ask('user/get', listed, { userid: userId })
      if (one) this.#note(userId, one.name, null)
    })
  }

  #note(userid: string, name: string | undefined | null, department: string | undefined | null): void {
    const userId = userid.toLowerCase()
    const found = this.#accounts.get(userId) ?? { name: null, departments: new Set<string>() }
    // Where names are withheld, the UserID stands in their place.
    if (name && name.toLowerCase() !== userId) found.name = name
    if (department) found.departments.add(department)
    this.#accounts.set(userId, found)
  }

  /** undefined: WeCom refused, or did not answer. Everything else is a bug and is thrown. */
  async #ask<T extends z.ZodType>(api: string, schema: T, query: Query): Promise<z.output<T> | undefined> {
    if (this.#allClosed || this.#closed.has(api)) return undefined
    try {
      return await this.client.call(api, schema, undefined, query)
    } catch (error) {
      if (error instanceof WecomError) this.#refused(api, error.code, error.advice)
      else if (error instanceof WecomUnreachableError) this.#refused(api, 0, '企业微信没有回应，过一会儿再试')
      else throw error
      return undefined
    }
  }

  #refused(api: string, code: number, advice: string): void {
    const key = `${api} ${code}`
    const times = (this.#refusals.get(key)?.times ?? 0) + 1
    this.#refusals.set(key, { api, advice, times })
    if (CLOSES_API.includes(code)) this.#closed.add(api)
    if (CLOSES_ALL.includes(code) || code === 0) this.#allClosed = true
  }

  #told(): string[] {
    const refused = [...this.#refusals.values()].map(({ api, advice, times }) => {
      const what = WHAT[api] ?? api
      return `${what}${times > 1 ? `（${times} 处）` : ''}看不到：${advice}`
    })
    if (this.#leftOut === 0) return refused
    return [...refused, `部门太多，有 ${this.#leftOut} 个没有看：把应用的可见范围收到用它的支部`]
  }
}

const accountOf = ([userId, { name, departments }]: [string, Found]): SeenAccount => ({
  userId,
  name,
  departments: [...departments],
})
