import { z } from 'zod'
import { inRosterOrder } from '../domain/meeting.ts'
import { isActive, membershipIn, namePosts } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import type { Poster, PosterPerson } from '../export/document.ts'
import { type Branch, branches, type Membership, type Person, type Post, people } from '../store/collections.ts'
import type { Store } from '../store/records.ts'

/** The 明白纸: what a member says, and whom he phones where that is easier. */

export const HELP_REPORT = 'help'

const order = z.object({ branchId: z.string() })
export type HelpOrder = z.infer<typeof order>

export const collectHelp =
  (store: Store) =>
  async (args: unknown): Promise<Poster> => {
    const { branchId } = order.parse(args)
    return store.read(async tx => {
      const branch = await tx.get(branches, branchId)
      if (!branch) throw new UserError('没有这个支部。')
      return helpPoster(branch, await tx.find(people, 'officers', branchId))
    })
  }

/** By whom a member would ask first. */
const ASKED: readonly Post[] = [
  'secretary',
  'deputy',
  'organizer',
  'leader',
  'publicity',
  'discipline',
  'firstSecretary',
]

/** Numbers are not on the roster, so they are written by hand. */
export function helpPoster({ branchId, name }: Branch, officers: readonly Person[]): Poster {
  const held = inRosterOrder(officers.filter(isActive)).flatMap(person => {
    const membership = membershipIn(person, branchId)
    return membership && membership.posts.length > 0 ? [{ person, membership }] : []
  })
  const asked = held
    .toSorted((a, b) => rankOf(a.membership) - rankOf(b.membership))
    .map(({ person, membership }): PosterPerson => {
      const row = { post: postsOf(membership), name: person.name }
      return membership.posts.includes('leader') ? { ...row, orElse: '我的组长' } : row
    })
  return {
    fileName: `明白纸 ${name}.docx`,
    title: `${name} 明白纸`,
    says: {
      heading: '手机上这样发',
      rows: [
        { when: '开会到了', say: '签到' },
        { when: '开会来不了', say: '请假 发烧' },
        { when: '看我的党费', say: '党费' },
        { when: '忘了怎么说', say: '帮助' },
      ],
    },
    notes: ['没有手机，开会在签到表上签名，一样算数。'],
    people: {
      heading: '打电话找谁',
      rows: asked.length > 0 ? asked : NOBODY,
    },
  }
}

/** A branch without officers: who is asked meanwhile is written by hand. */
const NOBODY: readonly PosterPerson[] = ['支部书记', '镇党建办'].map(post => ({ post, name: '' }))

const rankOf = ({ posts }: Membership): number => Math.min(...posts.map(post => ASKED.indexOf(post)))

/** Each in a line of its own. */
function postsOf({ posts, group }: Membership): string {
  return ASKED.filter(post => posts.includes(post))
    .map(post => (post === 'leader' && group ? `${group}组长` : namePosts([post])))
    .join('\n')
}
