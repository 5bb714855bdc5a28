import { isChased, owedIn } from '../domain/dues.ts'
import { collectorsOf } from '../domain/dues-collectors.ts'
import { duesDayIn, secondReminderDayIn } from '../domain/dues-days.ts'
import type { Calendar } from '../domain/holidays.ts'
import { spellYuan } from '../domain/money.ts'
import { spellMonths } from '../domain/month-words.ts'
import { canBeTold, hears } from '../domain/roster.ts'
import { type Person, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { calledIn } from './names.ts'
import { accountIn, nameCollectors } from './payer.ts'
import { payersOf } from './said.ts'
import { type OpenMonths, openMonths } from './view.ts'

/** Whom the bot reminds of his dues, on which days, and in which words: the fact, and what to do. */

/** The dues day and the 25th, once where they fall together. Before the dues day nobody is late: then the 25th says nothing. */
export function reminderDaysIn(month: string, duesDay: number, calendar: Calendar): readonly string[] {
  const first = duesDayIn(month, duesDay, calendar)
  const second = secondReminderDayIn(month, calendar)
  return second !== null && second > first ? [first, second] : [first]
}

/** The people of a branch who owe, by the text that each of them gets. Never kept, so as not to be read by others. */
export async function remindersIn(
  tx: ReadTx,
  branchId: string,
  month: string,
): Promise<ReadonlyMap<string, readonly Person[]>> {
  const branchPeople = await tx.find(people, 'branch', branchId)
  const admins = await tx.find(people, 'admin', 'yes')
  const byText = new Map<string, Person[]>()
  for (const person of await payersOf(tx, branchId)) {
    if (!isChased(person) || !hears(person)) continue
    const open = openMonths(person, await accountIn(tx, person.personId), month)
    if (open.months.length === 0) continue
    const collector = nameCollectors(collectorsOf(person, branchId, { branchPeople, admins }), branchId)
    const text = reminderText(open, owedIn(person, month).fen, month, collector)
    byText.set(text, [...(byText.get(text) ?? []), person])
  }
  return byText
}

/** By personId of the collector: those without a phone who owe something, for him to speak to. */
export async function toSpeakTo(
  tx: ReadTx,
  branchId: string,
  month: string,
): Promise<ReadonlyMap<string, readonly Person[]>> {
  const branchPeople = await tx.find(people, 'branch', branchId)
  const admins = await tx.find(people, 'admin', 'yes')
  const lists = new Map<string, Person[]>()
  for (const person of await payersOf(tx, branchId)) {
    if (canBeTold(person)) continue
    const open = openMonths(person, await accountIn(tx, person.personId), month)
    if (open.months.length === 0) continue
    for (const { personId } of collectorsOf(person, branchId, { branchPeople, admins })) {
      lists.set(personId, [...(lists.get(personId) ?? []), person])
    }
  }
  return lists
}

export async function speakToText(tx: ReadTx, toCall: readonly Person[], month: string): Promise<string> {
  const names: string[] = []
  for (const person of toCall) names.push(await calledIn(tx, person))
  const head = `${spellMonths([month], month)}党费，请当面或打电话告知 ${toCall.length} 人（没有手机或账号）`
  return `${head}：${names.join('、')}\n收了请发：收缴 姓名`
}

function reminderText({ months, fen }: OpenMonths, owedFen: number, month: string, collector: string): string {
  const earlier = months.filter(each => each < month)
  const isOwed = months.includes(month)
  const sum = `${spellYuan(fen)} 元`
  const current = `您${spellMonths([month], month)}党费应缴 ${spellYuan(owedFen)} 元，未缴`
  const also = `${spellMonths(earlier, month)}也未缴，一共 ${sum}`
  const fact = isOwed
    ? earlier.length > 0
      ? `${current}；${also}`
      : current
    : `您${spellMonths(earlier, month)}党费未缴，共 ${sum}`
  // 已缴 alone means this month.
  const which = earlier.length > 0 ? ` ${spellMonths(months, month)}` : ''
  return `${fact}。\n把钱交给${collector}，再发：已缴${which}`
}
