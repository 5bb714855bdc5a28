import type { Message } from '../bot/message.ts'
import { canBeTold } from '../meeting/deciders.ts'
import { groupPost } from '../meeting/group-post.ts'
import { callersOf, hears } from '../meeting/heads.ts'
import { gistOf } from '../meeting/words.ts'
import { type Notice, notices, type Person, people } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'
import { concernedBy, namesAmong, placeIn } from './concerned.ts'
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
  if (notice.receipt || urgent) await sendCallLists(tx, everywhere, notice, told)
  await tx.put(notices, { ...notice, state: 'sent', to, outgoingIds: outgoingId ? [outgoingId] : [] })
  return told
}

/**
 * One list to the leader of each group, of those whom it does not reach. Whoever published it has read in his answer who they
 * are; what asks for nothing and is not urgent waits until people meet.
 */
async function sendCallLists(
  tx: Tx,
  everywhere: ReadTx,
  { noticeId, by, branchIds, text, urgent }: Notice,
  told: readonly Person[],
): Promise<void> {
  const nameOf = namesAmong(told)
  for (const branchId of branchIds) {
    const byMouth = told.filter(person => !canBeTold(person) && placeIn({ branchIds }, person)?.branchId === branchId)
    const lists = callersOf(await everywhere.find(people, 'branch', branchId), branchId, byMouth)
    for (const [personId, toCall] of lists) {
      if (personId === by) continue
      const names = toCall.map(nameOf).join('、')
      const list = `请打电话或当面告知 ${toCall.length} 人：${names}\n${noticeId} ${gistOf(text, GIST)}`
      await tx.send({ text: list }, [personId], { about: noticeId, urgent: urgent !== null })
    }
  }
}

/** Enough to say on the telephone; the notice itself he has too. */
const GIST = 80

/** What concerns a part of a branch is no business of its group. */
export const copiedTo = ({ branchIds, only }: Notice): readonly string[] => (only === null ? branchIds : [])

export const receiptChoice = (noticeId: string) => ({
  label: '收到',
  line: `/收到 ${noticeId}`,
  words: `看到了请回：收到${shortNoticeId(noticeId)}`,
})
