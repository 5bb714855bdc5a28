import type { Answer } from '../bot/message.ts'
import type { Person } from '../store/collections.ts'

/** How many something reaches, before and after it is published. */

/** '发给 38 人（5 人无手机）': all who are concerned, those without a phone, 列席 and the publisher included. */
export function reachWords(told: readonly Person[]): string {
  const noPhone = told.filter(person => person.noPhone).length
  return `发给 ${told.length} 人${noPhone > 0 ? `（${noPhone} 人无手机）` : ''}`
}

/** So many names an officer still reads; more are the call list's business. */
const MOST_NAMES = 10

/** What the draft became, whom that reached, and who must be told by mouth. `waits`: why nobody has it yet; `what`: '，会议取消'. */
export function publishedAnswer(
  meetingId: string,
  told: readonly Person[],
  { waits, what = '' }: { waits?: string | undefined; what?: string } = {},
): Answer {
  const noPhone = told.filter(person => person.noPhone).map(person => person.name)
  const names = noPhone.length <= MOST_NAMES ? `：${noPhone.join('、')}` : ''
  const paper = noPhone.length > 0 ? `，${noPhone.length} 人无手机，请当面或打电话告知${names}` : ''
  const reached = told.length - noPhone.length
  return {
    text: waits
      ? `已发布 ${meetingId}${what}。${waits}给 ${reached} 人${paper}。`
      : `已发布 ${meetingId}${what}，已通知 ${reached} 人${paper}。`,
    outcome: `已发布 ${meetingId}`,
  }
}
