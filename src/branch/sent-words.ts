import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { spellMoment } from '../clock.ts'
import { timeFrom } from '../meeting/words.ts'
import { branchesOf, branchNames, countIn, namesAmong, namesWithBranch } from '../notice/concerned.ts'
import { showsNames } from '../notice/status.ts'
import { byAdvice, nameList, SOME } from '../notice/words.ts'
import type { Person } from '../store/collections.ts'
import { lastIncomplete, type Matter, type Sent } from './sent-log.ts'

/** What went out, put into words: numbers first, then who was not reached, by why. */

/** 'm-17 党课 · 学习党章：17 人，送到 15，没送到 1，无手机 1' */
export function summaryLine({ about, title, sends }: Matter, now: Date): string {
  // The invitation and the like; a report to two heads came later and says less.
  const widest = [...sends].sort((a, b) => b.to.length - a.to.length || b.outgoing.number - a.outgoing.number)[0]
  return `${about} ${title}：${widest ? numbers(widest, now) : ''}`
}

function numbers(found: Sent, now: Date): string {
  const { to, outgoing, sent, waiting, missed, noPhone } = found
  if (outgoing.state === 'waiting') return `${to.length} 人，还没发，${waits(found, now)}`
  const parts = [`${to.length} 人，送到 ${sent.length}`]
  if (missed.length > 0) parts.push(`没送到 ${missed.length}`)
  if (noPhone.length > 0) parts.push(`无手机 ${noPhone.length}`)
  if (waiting.length > 0) parts.push(`还有 ${waiting.length} 人在发`)
  return parts.join('，')
}

const waits = ({ outgoing }: Sent, now: Date): string =>
  new Date(outgoing.dueAt) > now ? `定在 ${timeFrom(new Date(outgoing.dueAt), now)}` : '等休息时间过去或企业微信恢复'

export async function detailLines(ctx: CommandContext, tx: CommandReadTx, found: Matter): Promise<string[]> {
  const lines = [`${found.about} ${found.title}`]
  for (const sent of found.sends) {
    lines.push(`${spellMoment(new Date(sent.outgoing.at))}：${numbers(sent, ctx.now)}`)
    lines.push(...(showsNames(ctx, found) ? whyNot(sent) : await whyNotByBranch(tx, found, sent)))
  }
  const again = lastIncomplete(found)?.people.length ?? 0
  if (again > 0) lines.push(`办好以后可以再发给 ${again} 人。`)
  return lines
}

/** '张三、李四：没有关注微信插件：请他扫微信插件二维码', one line a reason; those without a phone last. */
function whyNot({ to, missed, noPhone }: Sent): string[] {
  const nameOf = namesAmong(to)
  const paper = noPhone.length > 0 ? [`　${nameList(noPhone, nameOf)}：无手机，请当面或打电话告知`] : []
  return [...byAdvice(missed).map(([advice, people]) => `　${nameList(people, nameOf)}：${advice}`), ...paper]
}

/** To the township, of many branches: a few names with their branch, and the sums, in the order of the branches. */
async function whyNotByBranch(tx: CommandReadTx, found: Matter, { missed, noPhone }: Sent): Promise<string[]> {
  const nameOf = namesWithBranch(await branchNames(tx), found)
  const lines = byAdvice(missed).map(([advice, people]) => `　${nameList(people, nameOf, SOME)}：${advice}`)
  const all = await branchesOf(tx, found)
  const sums = (what: string, people: readonly Person[]): string[] => {
    const there = all.filter(branch => countIn(found, people, branch) > 0)
    const counted = there.map(branch => `${branch.name} ${countIn(found, people, branch)}`)
    return counted.length > 0 ? [`　${what}：${counted.join('、')}`] : []
  }
  const unreached = missed.map(({ person }) => person)
  lines.push(...sums('没送到', unreached), ...sums('无手机', noPhone))
  if (missed.length > SOME) lines.push(`　看一个支部的姓名请发：发送记录 @支部名 ${found.about}`)
  return lines
}
