import type { Faults } from './faults.ts'
import type { Answer } from './messages.ts'
import type { Phones } from './phones.ts'
import { refuse } from './refusal.ts'

/** WeCom's directory as a self-built app sees it (WECOM-BOT.md 3): a root, and a department for each branch. */

const ROOT_ID = 1
const ROOT_NAME = '示范镇'

interface Member {
  userid: string
  name: string
  department: number[]
}

export interface ContactsSetup {
  agentId: number
  corpId: string
  phones: Phones
  faults: Faults
}

export function createContacts({ agentId, corpId, phones, faults }: ContactsSetup) {
  const tags = new Map<number, { tagname: string; members: readonly string[] }>()
  /** Numbers stay what they were, whoever comes and goes. */
  const numbers = new Map<string, number>([[ROOT_NAME, ROOT_ID]])

  function numberOf(name: string): number {
    const number = numbers.get(name) ?? ROOT_ID + numbers.size
    numbers.set(name, number)
    return number
  }

  function everybody(): Member[] {
    return phones.members().map(({ userId, name, memberships }) => {
      const names = memberships.map(({ branch }) => branch).filter(name => name !== '')
      return { userid: userId, name, department: (names.length > 0 ? names : [ROOT_NAME]).map(numberOf) }
    })
  }

  const hidden = (id: number): boolean => [...faults.hiddenDepartments].some(name => numbers.get(name) === id)
  const seen = (): Member[] => everybody().filter(({ department }) => department.some(id => !hidden(id)))
  const departments = (): [name: string, id: number][] => {
    everybody()
    return [...numbers].filter(([, id]) => !hidden(id))
  }
  const shown = ({ name, ...member }: Member) => ({ ...member, ...(!faults.hideNames && { name }) })

  function department(id: string): [name: string, id: number] {
    everybody()
    const found = [...numbers].find(([, number]) => String(number) === id)
    if (!found) refuse(60003, 'department not found')
    return hidden(found[1]) ? refuse(60011, 'no privilege to access/modify contact/party/agent') : found
  }

  const parentOf = (id: number): number => (id === ROOT_ID ? 0 : ROOT_ID)

  function agent(): Answer {
    const user = seen().map(({ userid }) => ({ userid }))
    const others = departments().flatMap(([, id]) => (id === ROOT_ID ? [] : [id]))
    return {
      agentid: agentId,
      name: '支部',
      description: corpId,
      close: 0,
      allow_userinfos: { user },
      allow_partys: { partyid: faults.hiddenDepartments.size === 0 ? [ROOT_ID] : others },
      allow_tags: { tagid: [...tags.keys()] },
      isreportenter: 0,
    }
  }

  const departmentList = (): Answer => ({
    department_id: departments().map(([, id]) => ({ id, parentid: parentOf(id), order: id })),
  })

  function departmentGet(id: string): Answer {
    const [name, number] = department(id)
    return { department: { id: number, name, parentid: parentOf(number), order: number } }
  }

  function memberList(id: string): Answer {
    const [, number] = department(id)
    return {
      userlist: seen()
        .filter(member => member.department.includes(number))
        .map(shown),
    }
  }

  function member(userId: string): Answer {
    const found = seen().find(({ userid }) => userid.toLowerCase() === userId.toLowerCase())
    return found ? { ...shown(found), status: 1 } : refuse(60011, 'no privilege to access/modify contact/party/agent')
  }

  function tag(id: string): Answer {
    const found = tags.get(Number(id))
    if (!found) refuse(40068, 'invalid tagid')
    const { tagname, members } = found
    const userlist = seen().filter(({ userid }) => members.includes(userid.toLowerCase()))
    return {
      tagname,
      userlist: userlist.map(({ userid, name }) => ({ userid, ...(!faults.hideNames && { name }) })),
      partylist: [],
    }
  }

  return {
    agent,
    departmentList,
    departmentGet,
    memberList,
    member,
    tag,
    /** A tag that belongs to the app's visible range. */
    addTag(id: number, tagname: string, members: readonly string[]): void {
      tags.set(id, { tagname, members: members.map(userId => userId.toLowerCase()) })
    },
  }
}
