import { release } from 'node:os'
import pack from '../../package.json' with { type: 'json' }
import { spellBytes } from '../backup/keeping.ts'
import { dayOf, now, timeOf } from '../clock.ts'
import type { Setting } from '../config.ts'
import type { Examined } from './examine.ts'
import type { Facts } from './facts.ts'
import { spellFacts } from './findings.ts'
import { spellAge } from './running.ts'
import { spellForReport } from './settings.ts'

/**
 * A text for whoever helps: versions, which settings there are, what was found, how much there is, which errors came how often.
 * No names, no userids, no addresses, no secrets.
 */
export function spellReport(examined: Examined, settings: readonly Setting[]): string {
  const { sections, facts, held } = examined
  const text = [
    `zhibu ${pack.version}，Node ${process.version}，${process.platform} ${process.arch} ${release()}`,
    `北京时间 ${dayOf(now())} ${timeOf(now())}`,
    ...part('设置（只有来源和长短）', spellForReport(settings)),
    ...part('检查', spellFacts(sections)),
    ...(facts ? part('运行', spellFactsOf(facts)) : []),
    ...(held ? part('有多少', spellHeld(held)) : []),
  ]
  return withoutValues(text.join('\n'), settings)
}

const part = (title: string, lines: readonly string[]): string[] => ['', title, ...lines.map(line => `  ${line}`)]

const spellFactsOf = (facts: Facts): string[] => [
  `已运行 ${spellAge(facts.upSeconds)}，等着发的消息 ${facts.outboxWaiting} 条，其他事 ${facts.choresWaiting} 件`,
  `钟差 ${facts.clockDifferenceMs === null ? '不知道' : `${Math.round(facts.clockDifferenceMs / 1000)} 秒`}`,
  `拒收的回调：${spellCounts(facts.refused)}`,
  `党员说的话：${spellCounts(facts.lines)}`,
  ...facts.calls.map(({ api, code, count }) => `企业微信 ${api} 答 ${code}：${count} 次`),
]

const spellHeld = ({ township, store }: NonNullable<Examined['held']>): string[] => [
  `支部 ${township.branches}，收得到消息的 ${township.userIds.length} 人，无手机 ${township.withoutPhone}，没有账号 ${township.withoutAccount}`,
  `支部群 ${township.chats.length}，群机器人 ${township.robots}`,
  `近一个月没有送到：${spellCounts(township.unreached)}`,
  `记录：${spellCounts(store.records)}；日志文件 ${spellBytes(store.journalBytes)}`,
]

function spellCounts(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  return some.length === 0 ? '没有' : some.map(([name, count]) => `${name} ${count}`).join('，')
}

/** Shorter values are no secrets, and occur by chance. */
const LEAST_LENGTH = 8

/** Once more, whatever a line says: no value of a setting leaves the machine. */
function withoutValues(text: string, settings: readonly Setting[]): string {
  const harmless = spellForReport(settings).join('\n')
  const values = settings.map(({ value }) => value).filter(value => value.length >= LEAST_LENGTH)
  return values.reduce((left, value) => (harmless.includes(value) ? left : left.replaceAll(value, '（略）')), text)
}
