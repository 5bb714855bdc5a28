import { gistOf, timeFrom } from '../meeting/words.ts'
import { branches, type Notice, type Person } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import type { Missed } from './progress.ts'

/** How notices are put into words: the same wherever one is mentioned. */

/** Who speaks in a notice to all branches. */
const TOWNSHIP_NAME = '镇党建办'
/** Of names in a list of lists. */
export const SOME = 20

/** The number alone, as people say it: 17. */
export const shortNoticeId = (noticeId: string): string => noticeId.replace(/^n-/, '')

/** '水泉村党支部' '镇党建办' */
export async function senderOf(tx: ReadTx, { branchId }: Pick<Notice, 'branchId'>): Promise<string> {
  return branchId === null ? TOWNSHIP_NAME : ((await tx.get(branches, branchId))?.name ?? '支部')
}

/** '水泉村党支部通知 n-17': the id makes the same words, sent twice, two messages to WeCom. */
export const headOf = async (tx: ReadTx, notice: Pick<Notice, 'branchId' | 'noticeId'>): Promise<string> =>
  `${await senderOf(tx, notice)}通知 ${notice.noticeId}`

/** 'n-17 水泉村党支部，明天 09:00：明早大扫除' */
export const noticeLine = async (tx: ReadTx, notice: Notice): Promise<string> =>
  `${notice.noticeId} ${await senderOf(tx, notice)}，${timeFrom(new Date(notice.dueAt), tx.now)}：${gistOf(notice.text)}`

/** '张三、李四'; a few where there are many. */
export function nameList(people: readonly Person[], nameOf: (person: Person) => string, most = 60): string {
  const names = people.slice(0, most).map(nameOf).join('、')
  return people.length > most ? `${names} 等` : names
}

/** The same advice once, with whom it is about. */
export function byAdvice(missed: readonly Missed[]): [advice: string, people: readonly Person[]][] {
  const found = new Map<string, Person[]>()
  for (const { person, advice } of missed) found.set(advice, [...(found.get(advice) ?? []), person])
  return [...found]
}
