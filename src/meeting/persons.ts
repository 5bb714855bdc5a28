import { namePosts } from '../domain/roster.ts'
import type { Branch, Identity, Membership, Person } from '../store/collections.ts'

/** How people of the roster are put into words. Never a phone, never a day of birth. */

const IDENTITY_NAMES: Readonly<Record<Identity, string>> = {
  full: '正式党员',
  probationary: '预备党员',
  developmentTarget: '发展对象',
  activist: '入党积极分子',
}

export const nameIdentity = (identity: Identity): string => IDENTITY_NAMES[identity]

/** '水泉村党支部 一组 书记' */
export function membershipWords(membership: Membership, branch: Branch | undefined): string {
  const parts = [branch?.name ?? '', membership.group ?? '', namePosts(membership.posts)]
  return parts.filter(part => part !== '').join(' ')
}

/** '流动党员、无手机'; '' where nothing is out of the ordinary. */
export function markWords(person: Person, membership: Membership): string {
  const marks = [
    person.floating && '流动党员',
    person.exempt && '可免考勤',
    person.noPhone && '无手机',
    person.wechatOnly && '用微信',
    membership.standingLeave && '长期请假',
  ]
  return marks.filter(mark => typeof mark === 'string').join('、')
}

interface Count {
  full: number
  probationary: number
  developmentTarget: number
  activist: number
}

/** '正式 18 预备 1 积极分子 1' */
export function countsByIdentity(people: readonly Person[]): string {
  const count: Count = { full: 0, probationary: 0, developmentTarget: 0, activist: 0 }
  for (const person of people) count[person.identity] += 1
  const targets = count.developmentTarget > 0 ? ` 发展对象 ${count.developmentTarget}` : ''
  return `正式 ${count.full} 预备 ${count.probationary}${targets} 积极分子 ${count.activist}`
}
