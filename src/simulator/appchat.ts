import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { parsed } from './arguments.ts'
import { contentOf, contentSchema } from './content.ts'
import type { Group, Groups } from './groups.ts'
import type { Media } from './media.ts'
import type { Phones } from './phones.ts'
import { createRate } from './rate.ts'
import { refuse } from './refusal.ts'

/** WECOM.md 6. */
const LEAST_MEMBERS = 2
const MOST_MEMBERS = 2000
const NAME_CHARACTERS = 50
const HOUR_MS = 3_600_000
const CREATIONS_A_DAY = 1000
const CHANGES_AN_HOUR = 1000
const PERSON_TIMES_A_MINUTE = 20_000

const text = z.string().optional()
const list = z.array(z.string()).optional()
const createSchema = z.object({ chatid: text, name: text, owner: text, userlist: list })
const updateSchema = z.object({ chatid: text, name: text, owner: text, add_user_list: list, del_user_list: list })
const sendSchema = contentSchema.extend({ chatid: text })

export interface AppchatSetup {
  phones: Phones
  groups: Groups
  media: Media
}

/** appchat/create, update, get and send: each returns its answer or throws a RefusalError. */
export function createAppchat({ phones, groups, media }: AppchatSetup) {
  const mayCreate = createRate(CREATIONS_A_DAY, 24 * HOUR_MS)
  const mayChange = createRate(CHANGES_AN_HOUR, HOUR_MS)
  const maySend = createRate(PERSON_TIMES_A_MINUTE, 60_000)

  function create(raw: string) {
    const { chatid, name = '', owner, userlist = [] } = parsed(createSchema, raw)
    const id = chatid || randomBytes(16).toString('hex')
    checkChatId(id)
    // That the id of a dissolved group stays taken is not documented: whoever relies on the opposite would post into nothing.
    if (groups.find(id)) refuse(86215, 'chatid exists')
    if (userlist.length === 0) refuse(86204, 'missing userlist')
    const members = known(userlist)
    checkSize(members)
    const leads = ownerOf(owner, members)
    if (!mayCreate()) refuse(45009, 'api freq out of limit')
    groups.add({ id, kind: 'appchat', name: nameOf(name), owner: leads, members })
    return { chatid: id }
  }

  function update(raw: string) {
    const { chatid, name, owner, add_user_list: add = [], del_user_list: remove = [] } = parsed(updateSchema, raw)
    const group = living(chatid)
    const leaving = new Set(remove.map(userId => userId.toLowerCase()))
    const members = groups.exact([...group.members.filter(one => !leaving.has(one.toLowerCase())), ...known(add)])
    checkSize(members)
    const leads = owner ? ownerOf(owner, members) : group.owner
    if (!mayChange()) refuse(45009, 'api freq out of limit')
    // The owner who leaves hands the group to somebody, as in the client.
    const stays = members.includes(leads) ? leads : (members[0] ?? '')
    groups.change(group, { members, owner: stays, ...(name && { name: nameOf(name) }) })
    return {}
  }

  function get(chatid: string) {
    const { id, name, owner, members } = living(chatid)
    return { chat_info: { chatid: id, name, owner, userlist: members, chat_type: 0 } }
  }

  function send(raw: string) {
    const body = parsed(sendSchema, raw)
    const group = living(body.chatid)
    const content = contentOf(body, media)
    if (!maySend(group.members.length)) refuse(45009, 'api freq out of limit')
    groups.post(group, content)
    return {}
  }

  function living(chatid = ''): Group {
    if (chatid === '') refuse(86201, 'missing chatid')
    checkChatId(chatid)
    const group = groups.find(chatid)
    if (group?.kind !== 'appchat') refuse(86003, 'invalid chatid')
    if (group.state !== 'alive') refuse(49008, 'chat is dissolved')
    return group
  }

  function known(userIds: readonly string[]): string[] {
    for (const userId of userIds) {
      if (!/^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/.test(userId)) refuse(86216, 'invalid member')
      if (!phones.reaches(userId)) refuse(60111, 'userid not found')
    }
    return groups.exact(userIds)
  }

  /** Left out: WeCom picks a member by chance; here it is the first, so that tests can rely on it. */
  function ownerOf(owner: string | undefined, members: readonly string[]): string {
    if (!owner) return members[0] ?? ''
    if (!phones.reaches(owner)) refuse(86005, 'invalid owner')
    const [exact = ''] = groups.exact([owner])
    return members.includes(exact) ? exact : refuse(86207, 'owner not in userlist')
  }

  return { create, update, get, send }
}

const nameOf = (name: string): string => [...name].slice(0, NAME_CHARACTERS).join('') || '群聊'

function checkChatId(chatid: string): void {
  if (chatid.length > 32) refuse(86205, 'chatid too long')
  if (!/^[0-9a-zA-Z]+$/.test(chatid)) refuse(86001, 'invalid chatid')
}

function checkSize(members: readonly string[]): void {
  if (members.length < LEAST_MEMBERS || members.length > MOST_MEMBERS) refuse(86006, 'invalid member count')
}
