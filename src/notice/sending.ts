import type { Message } from '../bot/message.ts'
import { groupPost } from '../meeting/group-post.ts'
import { hears } from '../meeting/heads.ts'
import { type Notice, notices, type Person, people } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { concernedBy } from './concerned.ts'
import { postKey } from './pick.ts'
import { headOf, shortNoticeId } from './words.ts'

/** Sends a notice to those who are there now, the groups a copy. Returns whom it concerns; nobody: nothing is sent. */
export async function sendNotice(tx: Tx, everywhere: ReadTx, notice: Notice): Promise<readonly Person[]> {
  const told = await concernedBy(everywhere, notice)
  const to = told.map(person => person.personId)
  const { noticeId, by, branchId } = notice
  const urgent = notice.urgent !== null
  const text = `${await headOf(everywhere, notice)}\n${notice.text}`
  const picture = notice.picture ? { picture: notice.picture.mediaId } : {}
  const message: Message = { text, ...picture, ...(notice.receipt && { choices: [receiptChoice(noticeId)] }) }
  // Of a notice to all branches its sender hears when everybody was tried, where he can be told anything.
  const sender = branchId === null ? await everywhere.get(people, by) : undefined
  const outgoingId = await tx.send(message, to, {
    about: noticeId,
    urgent,
    ...(sender && hears(sender) && { reportTo: by }),
  })
  for (const branchId of copiedTo(notice)) {
    const post = await groupPost(everywhere, { branchId, text, by, urgent })
    if (post) await tx.chore({ ...post, key: postKey(noticeId, branchId) })
  }
  await tx.put(notices, { ...notice, state: 'sent', to, outgoingIds: outgoingId ? [outgoingId] : [] })
  return told
}

/** What concerns a part of a branch is no business of its group. */
export const copiedTo = ({ branchIds, only }: Notice): readonly string[] => (only === null ? branchIds : [])

export const receiptChoice = (noticeId: string) => ({
  label: '收到',
  line: `/收到 ${noticeId}`,
  words: `看到了请回：收到${shortNoticeId(noticeId)}`,
})
