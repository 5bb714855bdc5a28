import { z } from 'zod'
import { WecomError } from '../errors.ts'
import type { WecomClient } from './client.ts'
import { fewAtOnce } from './few-at-once.ts'

/** The app as the console has it: its name, whether it is on, and whom it may see (agent/get). */
export interface Agent {
  name: string
  closed: boolean
  userIds: readonly string[]
  departments: readonly number[]
  tags: readonly number[]
}

/** Who may use the app. `userIds` in lower case. */
export interface Range {
  userIds: ReadonlySet<string>
  /** Departments and tags that WeCom does not let the app look into, or too many to ask for. */
  unseen: number
}

type Client = Pick<WecomClient, 'agentId' | 'call'>

const ids = z.array(z.coerce.number()).default([])
const users = z.array(z.object({ userid: z.string() })).default([])
const agentAnswer = z.object({
  errcode: z.literal(0),
  name: z.string().default(''),
  close: z.coerce.number().default(0),
  allow_userinfos: z.object({ user: users }).default({ user: [] }),
  allow_partys: z.object({ partyid: ids }).default({ partyid: [] }),
  allow_tags: z.object({ tagid: ids }).default({ tagid: [] }),
})
const departmentsAnswer = z.object({
  errcode: z.literal(0),
  department_id: z.array(z.object({ id: z.coerce.number() })).default([]),
})
const usersAnswer = z.object({ errcode: z.literal(0), userlist: users })
const tagAnswer = z.object({ errcode: z.literal(0), userlist: users, partylist: ids })

/** Throws WecomError, WecomUnreachableError. */
export async function readAgent(client: Client): Promise<Agent> {
  const answer = await client.call('agent/get', agentAnswer, undefined, { agentid: client.agentId })
  return {
    name: answer.name,
    closed: answer.close !== 0,
    userIds: answer.allow_userinfos.user.map(({ userid }) => userid),
    departments: answer.allow_partys.partyid,
    tags: answer.allow_tags.tagid,
  }
}

/** A right to the directory is not every app's (WECOM-BOT.md 3): what cannot be seen is counted, and the rest is told. */
const NOT_SEEN: readonly number[] = [40066, 40068, 40070, 48002, 60003, 60011, 60123]
const MOST_DEPARTMENTS = 200

/** Departments and tags turned into people. Throws what is no refusal of that one. */
export async function expandRange(client: Client, agent: Agent): Promise<Range> {
  const userIds = new Set(agent.userIds.map(userId => userId.toLowerCase()))
  const departments = new Set<number>()
  let unseen = 0

  const seeing = async (look: () => Promise<void>) => {
    try {
      await look()
    } catch (error) {
      if (!(error instanceof WecomError) || !NOT_SEEN.includes(error.code)) throw error
      unseen += 1
    }
  }
  const addUsers = (found: readonly { userid: string }[]) => {
    for (const { userid } of found) userIds.add(userid.toLowerCase())
  }
  const addDepartment = (id: number) =>
    seeing(async () => {
      departments.add(id)
      const { department_id: below } = await client.call('department/simplelist', departmentsAnswer, undefined, { id })
      for (const one of below) departments.add(one.id)
    })
  const addTag = (tagid: number) =>
    seeing(async () => {
      const { userlist, partylist } = await client.call('tag/get', tagAnswer, undefined, { tagid })
      addUsers(userlist)
      for (const id of partylist) await addDepartment(id)
    })
  const addMembers = (id: number) =>
    seeing(async () => {
      const query = { department_id: id }
      addUsers((await client.call('user/simplelist', usersAnswer, undefined, query)).userlist)
    })

  await fewAtOnce(agent.departments, addDepartment)
  await fewAtOnce(agent.tags, addTag)
  const all = [...departments]
  await fewAtOnce(all.slice(0, MOST_DEPARTMENTS), addMembers)
  return { userIds, unseen: unseen + Math.max(0, all.length - MOST_DEPARTMENTS) }
}

const chatAnswer = z.object({ errcode: z.literal(0) })
/** WECOM.md 11: dissolved, or no such group of this app. */
const GONE: readonly number[] = [40050, 49008, 86001, 86003, 86008]

/** Whether a group that the app made is still there. Throws WecomError where WeCom does not say. */
export async function chatExists(client: Pick<WecomClient, 'call'>, chatId: string): Promise<boolean> {
  try {
    await client.call('appchat/get', chatAnswer, undefined, { chatid: chatId })
    return true
  } catch (error) {
    if (error instanceof WecomError && GONE.includes(error.code)) return false
    throw error
  }
}
