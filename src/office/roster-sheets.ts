import type { Seen } from '../branch/overview.ts'
import { shapeOf } from '../domain/plan.ts'
import { membershipIn, namePosts } from '../domain/roster.ts'
import type { Cell, Column, Sheet } from '../export/workbook.ts'
import { nameIdentity } from '../meeting/persons.ts'
import { IDENTITIES, type Person } from '../store/collections.ts'
import { linesOf, SIGNATURES } from './attendance-sheets.ts'

/** The sheets of the roster as offices exchange it (DOMAIN.md 11), as far as the bot holds it: no phones, no dues. */

export interface Made {
  /** In the order of the branches' numbers. */
  seen: readonly Seen[]
  /** Of branches, by id. */
  names: ReadonlyMap<string, string>
  where: string
  /** 'YYYY-MM-DD' */
  today: string
}

export function branchSheet(made: Made): Sheet {
  const counts = made.seen.map(countsOf)
  return {
    name: '支部一览',
    title: `${made.where}党支部一览表`,
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer' },
      { header: '支部', kind: 'text', width: 22 },
      { header: '类型', kind: 'text', width: 8 },
      { header: '书记', kind: 'text', width: 10 },
      { header: '党小组', kind: 'integer', width: 8 },
      ...IDENTITIES.map((identity): Column => ({ header: nameIdentity(identity), kind: 'integer', width: 10 })),
      { header: '流动党员', kind: 'integer', width: 10 },
      { header: '无手机', kind: 'integer', width: 8 },
      { header: '联系领导', kind: 'text', width: 10 },
      { header: '换届日期', kind: 'text', width: 12 },
      { header: '需要看的', kind: 'text', width: 26 },
    ],
    rows: made.seen.map(({ branch, here, why }, at) => [
      at + 1,
      ...[branch.name, branch.kind, secretariesOf(here, branch.branchId)],
      ...(counts[at] ?? []),
      ...[branch.leader, branch.termEndsOn, why.join('；')],
    ]),
    totals: [['合计', null, null, null, ...[0, 1, 2, 3, 4, 5, 6].map(at => sum(counts, at))]],
    notes: ['人数按组织关系所在支部，只计在册的人。'],
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

function countsOf({ branch, members, here }: Seen): number[] {
  const of = (mark: (person: Person) => boolean) => members.filter(mark).length
  return [
    shapeOf(branch.branchId, here).groups.length,
    ...IDENTITIES.map(identity => of(person => person.identity === identity)),
    of(person => person.floating),
    of(person => person.noPhone),
  ]
}

const sum = (counts: readonly number[][], at: number): number =>
  counts.reduce((total, row) => total + (row[at] ?? 0), 0)

const secretariesOf = (here: readonly Person[], branchId: string): string =>
  here
    .filter(person => membershipIn(person, branchId)?.posts.includes('secretary'))
    .map(({ name }) => name)
    .join('、')

const isMember = ({ identity }: Person): boolean => identity === 'full' || identity === 'probationary'

export const membersSheet = (made: Made): Sheet => ({
  ...peopleSheet(made, isMember),
  name: '党员花名册',
  title: `${made.where}党员花名册`,
  empty: '名册上还没有党员',
})

/** Who is no member yet is on no roster of members. Null: there is nobody. */
export function othersSheet(made: Made): Sheet | null {
  const sheet = peopleSheet(made, person => !isMember(person))
  if (sheet.rows.length === 0) return null
  return { ...sheet, name: '发展对象和积极分子', title: `${made.where}发展对象和入党积极分子名单` }
}

/** Each once, where his relation is, in roster order. */
function peopleSheet(made: Made, which: (person: Person) => boolean): Omit<Sheet, 'name' | 'title'> {
  const rows = made.seen.flatMap(({ branch, members }) => members.filter(which).map(person => ({ branch, person })))
  return {
    lines: linesOf(made),
    columns: [
      { header: '序号', kind: 'integer' },
      { header: '姓名', kind: 'text', width: 12 },
      { header: '所属支部', kind: 'text', width: 22 },
      { header: '党小组', kind: 'text', width: 10 },
      { header: '身份', kind: 'text', width: 14 },
      { header: '入党日期', kind: 'text', width: 12 },
      { header: '转正日期', kind: 'text', width: 12 },
      { header: '党内职务', kind: 'text', width: 16 },
      { header: '流动党员', kind: 'text', width: 10 },
      { header: '备注', kind: 'text', width: 24 },
    ],
    rows: rows.map(({ branch, person }, at): Cell[] => {
      const membership = membershipIn(person, branch.branchId)
      return [
        at + 1,
        ...[person.name, branch.name, membership?.group ?? null, nameIdentity(person.identity)],
        ...[person.joinedOn, person.confirmedOn, namePosts(membership?.posts ?? [])],
        ...[person.floating ? '是' : null, postsElsewhere(made, person, branch.branchId)],
      ]
    }),
    signatures: SIGNATURES,
    orientation: 'landscape',
  }
}

/** '兼石桥村党支部第一书记' */
const postsElsewhere = ({ names }: Made, person: Person, branchId: string): string =>
  person.memberships
    .filter(membership => membership.branchId !== branchId && membership.posts.length > 0)
    .map(membership => `兼${names.get(membership.branchId) ?? '别的支部'}${namePosts(membership.posts)}`)
    .join('，')
