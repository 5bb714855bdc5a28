import type { Client } from '../bot/message.ts'
import type { Membership, Person, Post } from '../store/collections.ts'
import type { Place } from '../store/records.ts'

/** Who may what (COMMANDS.md). Everything here fails closed: an unknown role, post or status gives nothing. */

export const ROLES = [
  'admin',
  'secretary',
  'deputy',
  'organizer',
  'publicity',
  'discipline',
  'leader',
  'member',
  'probationary',
  'activist',
] as const
export type Role = (typeof ROLES)[number]

/** 'everyone': whoever is on the roster. Else the roles that may; never empty. */
export type Allow = 'everyone' | readonly [Role, ...Role[]]

/** The five posts that answer for a branch. */
export const OFFICERS = ['secretary', 'deputy', 'organizer', 'publicity', 'discipline'] as const
/** Officers, the township, and the leader for his own group: who calls and keeps meetings. */
export const CONVENERS = [...OFFICERS, 'leader', 'admin'] as const

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  admin: '镇党建办',
  secretary: '支部书记',
  deputy: '副书记',
  organizer: '组织委员',
  publicity: '宣传委员',
  discipline: '纪检委员',
  leader: '党小组组长',
  member: '正式党员',
  probationary: '预备党员',
  activist: '入党积极分子',
}

/** Whom to ask, short: '支部书记、委员或党小组组长'. The township is named only where nobody else may. */
export function nameRoles(roles: readonly Role[]): string {
  const committee = OFFICERS.every(officer => roles.includes(officer))
  const others = roles.filter(role => !(committee && OFFICERS.some(officer => officer === role)) && role !== 'admin')
  const names = [...(committee ? ['支部书记', '委员'] : []), ...others.map(role => ROLE_NAMES[role])]
  if (names.length < 2) return names[0] ?? ROLE_NAMES.admin
  return `${names.slice(0, -1).join('、')}或${names.at(-1)}`
}

const POST_NAMES: Readonly<Record<Post, string>> = {
  secretary: '书记',
  deputy: '副书记',
  organizer: '组织委员',
  publicity: '宣传委员',
  discipline: '纪检委员',
  leader: '党小组长',
  firstSecretary: '第一书记',
}

export const namePosts = (posts: readonly Post[]): string => posts.map(post => POST_NAMES[post]).join('、')

/** In the group, or holding one of the posts: both together are the sum of the two. */
export const isAmong = (
  { group, posts }: { readonly group: string | null; readonly posts: readonly Post[] },
  membership: Membership,
): boolean => (group !== null && membership.group === group) || membership.posts.some(post => posts.includes(post))

/** The places whose records a line may touch. `township`: all of them. */
export interface Reach {
  readonly township: boolean
  readonly places: readonly Place[]
}

export const NOWHERE: Reach = { township: false, places: [] }

/** Loops: asked for each record that a line reads, of everybody in a branch several times. */
export function reaches(reach: Reach, places: readonly Place[]): boolean {
  if (reach.township) return true
  for (const there of places) {
    for (const here of reach.places) if (covers(here, there)) return true
  }
  return false
}

/** A place with a group covers that group's records alone; one without covers its whole branch. */
function covers(here: Place, there: Place): boolean {
  return here.branchId === there.branchId && (!here.group || here.group === there.group)
}

/** A full member of whom nothing else is known. */
export const blankPerson = (personId: string): Person => ({
  personId,
  userId: null,
  name: '',
  identity: 'full',
  status: 'active',
  joinedOn: null,
  confirmedOn: null,
  duesCategory: null,
  monthlyDuesFen: null,
  duesFrom: null,
  floating: false,
  exempt: false,
  excludedFromQuorum: false,
  votingRight: null,
  wechatOnly: false,
  noPhone: false,
  admin: false,
  client: null,
  memberships: [],
})

/** On the roster and in good standing here: everybody else is answered 不在名册. */
export const isActive = (person: Person): boolean => person.status === 'active'

export type Reachable = Person & { userId: string }

/** A message reaches him: he has an account, and a phone. */
export const canBeTold = (person: Person): person is Reachable => person.userId !== null && !person.noPhone

export const hears = (person: Person): person is Reachable => isActive(person) && canBeTold(person)

export const ownBranchId = (person: Person): string | undefined => person.memberships[0]?.branchId

export const membershipIn = (person: Person, branchId: string): Membership | undefined =>
  person.memberships.find(membership => membership.branchId === branchId)

export const holding = (branchPeople: readonly Person[], branchId: string, post: Post): readonly Person[] =>
  branchPeople.filter(person => hears(person) && membershipIn(person, branchId)?.posts.includes(post))

/** Whoever answers for a branch and can be told something: the secretary, where there is none the deputy. */
export function headsOf(branchPeople: readonly Person[], branchId: string): readonly Person[] {
  const secretaries = holding(branchPeople, branchId, 'secretary')
  return secretaries.length > 0 ? secretaries : holding(branchPeople, branchId, 'deputy')
}

/** Holds one of the five posts (or is the first secretary, who has the secretary's lines) in that branch. */
export const isOfficerOf = (person: Person, branchId: string): boolean =>
  rolesOfPosts(membershipIn(person, branchId)?.posts ?? []).some(role => isOfficerRole(role))

export const isOfficer = (person: Person): boolean =>
  person.memberships.some(membership => isOfficerOf(person, membership.branchId))

const isOfficerRole = (role: Role): boolean => OFFICERS.some(officer => officer === role)

const rolesOfPosts = (posts: readonly Post[]): Role[] =>
  posts.map(post => (post === 'firstSecretary' ? 'secretary' : post))

function roleOfIdentity(person: Person): Role {
  if (person.identity === 'full') return 'member'
  return person.identity === 'probationary' ? 'probationary' : 'activist'
}

/**
 * Where a person may use a line. `postsHeld` tells which posts somebody holds in a branch: the lines of an empty post fall
 * to the deputy, then to the secretary; the lines of an empty secretary's post to the deputy.
 */
export function reachOf(person: Person, allow: Allow, postsHeld: (branchId: string) => ReadonlySet<Post>): Reach {
  if (!isActive(person)) return NOWHERE
  if (person.admin && (allow === 'everyone' || allow.some(role => role === 'admin')))
    return { township: true, places: [] }
  const places = person.memberships.flatMap(membership => placeFor(person, membership, allow, postsHeld))
  return { township: false, places }
}

function placeFor(
  person: Person,
  membership: Membership,
  allow: Allow,
  postsHeld: (branchId: string) => ReadonlySet<Post>,
): Place[] {
  const whole: Place = { branchId: membership.branchId }
  if (allow === 'everyone') return [whole]
  const roles = [...rolesOfPosts(membership.posts), roleOfIdentity(person)]
  if (roles.some(role => role !== 'leader' && allow.includes(role))) return [whole]
  if (inherits(roles, allow, postsHeld, membership.branchId)) return [whole]
  const leads = roles.includes('leader') && allow.includes('leader') && membership.group !== null
  return leads ? [{ branchId: membership.branchId, group: membership.group }] : []
}

function inherits(
  roles: readonly Role[],
  allow: readonly Role[],
  postsHeld: (branchId: string) => ReadonlySet<Post>,
  branchId: string,
): boolean {
  if (!roles.includes('deputy') && !roles.includes('secretary')) return false
  const held = postsHeld(branchId)
  const heir = (post: Role): Role => (held.has('deputy') && post !== 'deputy' ? 'deputy' : 'secretary')
  return OFFICERS.some(post => allow.includes(post) && !held.has(post) && roles.includes(heir(post)))
}

/** A loop: it runs for each line of a secretary, over his whole branch. */
export function postsIn(branchId: string, people: readonly Person[]): ReadonlySet<Post> {
  const held = new Set<Post>()
  for (const person of people) {
    if (!isActive(person)) continue
    for (const membership of person.memberships) {
      if (membership.branchId === branchId) for (const post of membership.posts) held.add(post)
    }
  }
  return held
}

/** What a person's choices look like to him: what he said or showed, else the roster, else his post, else the setting. */
export function clientOf(person: Person, fallback: Client): Client {
  if (person.client) return person.client
  if (person.wechatOnly) return 'text'
  return isOfficer(person) || person.admin ? 'cards' : fallback
}

/** Nobody decides his own leave: to the secretary, else the deputy, else a committee member, else the township. */
export function leaveDeciders(
  asker: Person,
  branchId: string,
  branchPeople: readonly Person[],
  admins: readonly Person[],
): readonly Person[] {
  const others = branchPeople.filter(
    person => isActive(person) && person.personId !== asker.personId && !person.noPhone,
  )
  const holding = (post: Post) => others.filter(person => membershipIn(person, branchId)?.posts.includes(post))
  for (const post of ['secretary', 'deputy', 'organizer', 'publicity', 'discipline'] as const) {
    const holders = holding(post)
    if (holders.length > 0) return holders
  }
  return admins.filter(person => isActive(person) && person.personId !== asker.personId)
}
