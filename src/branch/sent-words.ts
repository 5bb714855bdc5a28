import { spellMoment } from '../clock.ts'
import { timeFrom } from '../meeting/words.ts'
import { isUnfinished, type Matter, type Missed, mayTryAgain, type Sent } from './sent-log.ts'

/** What went out, put into words: numbers first, then who was not reached, by why. */

/** 'm-17 党课 · 学习党章：17 人，送到 15，没送到 1，无手机 1' */
export function summaryLine({ about, title, sends }: Matter, now: Date): string {
  // The invitation and the like; a report to two heads came later and says less.
  const widest = [...sends].sort((a, b) => b.to.length - a.to.length || b.outgoing.number - a.outgoing.number)[0]
  return `${about} ${title}：${widest ? numbers(widest, now) : ''}`
}

function numbers(sent: Sent, now: Date): string {
  const { to, missed, outgoing } = sent
  if (outgoing.state === 'waiting') return `${to.length} 人，还没发，${waits(sent, now)}`
  const noPhone = missed.filter(one => one.noPhone).length
  const unreached = missed.length - noPhone
  const parts = [`${to.length} 人，送到 ${to.length - missed.length}`]
  if (unreached > 0) parts.push(`没送到 ${unreached}`)
  if (noPhone > 0) parts.push(`无手机 ${noPhone}`)
  return `${parts.join('，')}${isUnfinished(sent) ? '，还在发' : ''}`
}

const waits = ({ outgoing }: Sent, now: Date): string =>
  new Date(outgoing.dueAt) > now ? `定在 ${timeFrom(new Date(outgoing.dueAt), now)}` : '等休息时间过去或企业微信恢复'

export function detailLines(found: Matter, now: Date): string[] {
  const lines = [`${found.about} ${found.title}`]
  for (const sent of found.sends) {
    lines.push(`${spellMoment(new Date(sent.outgoing.at))}：${numbers(sent, now)}`)
    lines.push(...whyNot(sent.missed))
  }
  const again = found.sends.findLast(sent => sent.missed.some(mayTryAgain))?.missed.filter(mayTryAgain).length ?? 0
  if (again > 0) lines.push(`办好以后可以再发给 ${again} 人。`)
  return lines
}

/** '张三、李四：没有关注微信插件：请他扫微信插件二维码', one line a reason; those without a phone last. */
function whyNot(missed: readonly Missed[]): string[] {
  const groups = new Map<string, string[]>()
  for (const { person, why, noPhone } of [...missed].sort((a, b) => Number(a.noPhone) - Number(b.noPhone))) {
    const reason = noPhone ? '无手机，请当面或打电话告知' : why
    groups.set(reason, [...(groups.get(reason) ?? []), person.name])
  }
  return [...groups].map(([why, names]) => `　${names.join('、')}：${why}`)
}
