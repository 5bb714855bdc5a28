import { namePosts, postsIn } from '../domain/roster.ts'
import type { Person, Post } from '../store/collections.ts'

/** Whose the lines of posts become that nobody holds any more (COMMANDS.md: to the deputy, then the secretary). */
export function emptyWords(
  branchId: string,
  empty: readonly Post[],
  branchPeople: readonly Person[],
  exceptId: string,
): string[] {
  const others = branchPeople.filter(({ personId }) => personId !== exceptId)
  const held = postsIn(branchId, others)
  return empty.map(post => {
    const heir = heirOf(post, held)
    if (heir === null) return `${namePosts([post])}空缺，本支部没有人能接，会议和通知要由镇党建办来发`
    return post === 'leader' ? '党小组长空缺，小组的事由书记、委员办' : `${namePosts([post])}空缺，由${heir}接着办`
  })
}

function heirOf(post: Post, held: ReadonlySet<Post>): string | null {
  if (post !== 'deputy' && held.has('deputy')) return namePosts(['deputy'])
  const heads = (['secretary', 'firstSecretary'] as const).filter(each => held.has(each))
  return heads[0] ? namePosts([heads[0]]) : null
}
