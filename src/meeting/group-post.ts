import { seesGroups } from '../domain/group.ts'
import { branches, type Meeting, type Person } from '../store/collections.ts'
import type { NewChore, ReadTx } from '../store/records.ts'

/** A post in a branch's group: numbers and times, never names (COMMANDS.md, 每条规则). */

/** Ends every post: no API reaches an ordinary WeChat group, so an officer may copy it there. */
const COPY = '（可转到支部微信群）'

export interface Post extends Pick<NewChore, 'dueAt' | 'urgent' | 'until'> {
  branchId: string
  text: string
  /** Who asked for it: a personId; of a job its name. */
  by: string
}

/** The chore that posts it; undefined where the branch has no group. */
export async function groupPost(tx: ReadTx, { branchId, text, by, ...when }: Post): Promise<NewChore | undefined> {
  const branch = await tx.get(branches, branchId)
  if (!branch?.chat) return undefined
  return { lane: `chat:${branchId}`, branchId, by, what: { does: 'post', text: `${text}\n${COPY}` }, ...when }
}

/** What concerns a party group, the committee or some people is no business of the branch's group. */
const concernsBranch = ({ group, invited, kinds }: Pick<Meeting, 'group' | 'invited' | 'kinds'>): boolean =>
  group === null && invited === null && kinds.some(kind => kind !== '支委会')

/** A post about a meeting; undefined where it goes to each alone. */
export const meetingPost = async (
  tx: ReadTx,
  meeting: Pick<Meeting, 'branchId' | 'group' | 'invited' | 'kinds'>,
  post: Omit<Post, 'branchId'>,
): Promise<NewChore | undefined> =>
  concernsBranch(meeting) ? groupPost(tx, { branchId: meeting.branchId, ...post }) : undefined

/** Of a group with a robot nobody knows who is in it: its post stands for the reminder (COMMANDS.md). */
export async function whoSeesPost(
  tx: ReadTx,
  { branchId }: Pick<Meeting, 'branchId'>,
  people: readonly Person[],
): Promise<readonly Person[]> {
  const chat = (await tx.get(branches, branchId))?.chat
  if (chat?.kind !== 'appchat') return people
  const { members } = chat
  return people.filter(person => seesGroups(person) && members.includes(person.userId ?? ''))
}
