import type { Membership, Person } from '../store/collections.ts'
import { namePosts } from './roster.ts'
import { FACT_NAMES, FACTS, showFact } from './roster-columns.ts'

/** One column of one person, in the words of the file; blank: ''. */
export interface FieldChange {
  field: string
  before: string
  after: string
}

type Named = Omit<Membership, 'branchId'> & { branch: string }
type After = Omit<Person, 'personId' | 'memberships'> & { memberships: readonly Named[] }

export function differences(before: Person, after: After, branchNames: ReadonlyMap<string, string>): FieldChange[] {
  const held = before.memberships.map(each => ({ ...each, branch: branchNames.get(each.branchId) ?? each.branchId }))
  const pairs = held.flatMap(from => {
    const to = after.memberships.find(each => each.branch === from.branch)
    return to ? [[from, to] as const] : []
  })
  const changes: FieldChange[] = [
    change('账号', before.userId ?? '', after.userId ?? ''),
    change('姓名', before.name, after.name),
    change('支部', listed(held), listed(after.memberships)),
    ...pairs.map(([from, to]) => change('党小组', from.group ?? '', to.group ?? '')),
    ...pairs.map(([from, to]) => change('党内职务', namePosts(from.posts), namePosts(to.posts))),
    ...FACT_NAMES.map(fact => change(FACTS[fact].header, showFact(fact, before), showFact(fact, after))),
  ]
  return changes.filter(({ before, after }) => before !== after)
}

const change = (field: string, before: string, after: string): FieldChange => ({ field, before, after })
const listed = (memberships: readonly Named[]): string => memberships.map(each => each.branch).join('、')
