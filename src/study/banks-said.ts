import { dayOf, spellDay } from '../clock.ts'
import { banks, type QuestionBank } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { type BankCounts, countBank, validQuestions } from './banks.ts'

/** What 题库 answers. */

const MOST_SHOWN = 15

export async function listBanks(tx: ReadTx): Promise<string> {
  const all = await tx.all(banks)
  const lines: string[] = []
  for (const { bankId, name } of all.slice(0, MOST_SHOWN)) {
    lines.push(`${name}：${spellCounts(await countBank(tx, bankId, dayOf(tx.now)))}`)
  }
  const [newest] = all.filter(({ shipped }) => !shipped).toSorted((a, b) => b.at.localeCompare(a.at))
  return [
    `题库 ${all.length} 个`,
    ...lines,
    ...(all.length > MOST_SHOWN ? [`还有 ${all.length - MOST_SHOWN} 个，发“题库 名称”来看。`] : []),
    newest ? `最近导入：${newest.name}，${spellDay(dayOf(new Date(newest.at)))}` : '还没有导入过自己的题库。',
    hints(all.at(0)?.name ?? '党章'),
  ].join('\n')
}

export async function showBank(tx: ReadTx, bank: QuestionBank): Promise<string> {
  const day = dayOf(tx.now)
  const counts = new Map<string, number>()
  for (const { category } of await validQuestions(tx, bank.bankId, day)) {
    counts.set(category, (counts.get(category) ?? 0) + 1)
  }
  const categories = [...counts].map(([category, count]) => `${category} ${count}`)
  return [
    `题库“${bank.name}”：${spellCounts(await countBank(tx, bank.bankId, day))}`,
    ...(categories.length > 0 ? [`分类：${categories.join('，')}`] : []),
    bank.shipped ? '自带的题库。' : `${spellDay(dayOf(new Date(bank.at)))}导入。`,
    hints(bank.name),
  ].join('\n')
}

const hints = (name: string): string => `出测验请发：测验 发布 ${name} 5 周五\n打印请发：题库 打印 ${name}`

function spellCounts({ valid, byKind, withdrawn, outside }: BankCounts): string {
  const kinds = byKind.map(([kind, count]) => `${kind} ${count}`).join('，')
  const rest = [...(withdrawn > 0 ? [`已撤 ${withdrawn}`] : []), ...(outside > 0 ? [`不在有效期 ${outside}`] : [])]
  return `${valid} 题${kinds && `（${kinds}）`}${rest.map(one => `，${one}`).join('')}`
}
