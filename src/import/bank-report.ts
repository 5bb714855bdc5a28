import { QUESTION_KINDS } from '../domain/question-bank.ts'
import type { BankPlan, BankRemark, Duplicate, Planned } from './bank-plan.ts'
import type { Lack } from './bank-question.ts'

/** What an import did or would do, as JSON for the control route and as lines for the command line. */
export interface BankReport {
  /** It was imported, or would be; also where everything was there already. */
  ok: boolean
  dryRun: boolean
  bank: { name: string; isNew: boolean }
  /** As what the file was read: '表格', '文档', 'JSON', 'GIFT', 'Aiken'. */
  form: string
  counts: { added: number; duplicates: number; wrong: number }
  duplicates: Duplicate[]
  wrong: BankRemark[]
  notes: string[]
  unknownColumns: string[]
  text: string[]
}

interface Said {
  dryRun: boolean
  skipBad: boolean
}

export function bankReport(plan: BankPlan, said: Said): BankReport {
  const { form, name, bank, add, duplicates, wrong, unknownColumns, goes } = plan
  const added = goes ? add : []
  const report = {
    ok: goes && add.length + duplicates.length > 0,
    dryRun: said.dryRun,
    bank: { name, isNew: bank === null },
    form,
    counts: { added: added.length, duplicates: duplicates.length, wrong: new Set(wrong.map(one => one.where)).size },
    duplicates,
    wrong,
    notes: notesOf(added),
    unknownColumns,
  }
  return { ...report, text: linesOf(report, plan, said) }
}

function linesOf(report: Omit<BankReport, 'text'>, plan: BankPlan, said: Said): string[] {
  const { wrong, duplicates, notes, unknownColumns } = report
  return [
    headline(report, plan, said),
    ...wrong.map(({ where, column, why }) => `${where}${column && `“${column}”`}：${why}`),
    ...(report.counts.added > 0 ? [`读作${report.form}。新题：${kindsOf(plan.add)}`] : []),
    ...duplicates.map(duplicateLine),
    ...notes,
    ...(unknownColumns.length > 0 ? [`不认识的列（没有读）：${unknownColumns.join('、')}`] : []),
  ]
}

function headline({ counts, bank }: Omit<BankReport, 'text'>, { goes }: BankPlan, { dryRun, skipBad }: Said): string {
  const { added, duplicates, wrong } = counts
  if (!goes) return `有 ${wrong} 道题不对，什么也没有导入。请改好下面这些，再导入一次；只导入对的，加 --skip-bad。`
  const skipped = skipBad && wrong > 0 ? `，跳过不对的 ${wrong} 道` : ''
  if (added === 0 && duplicates === 0) return `没有一道题可以导入${skipped}。请改好下面这些，再导入一次。`
  if (added === 0) return `没有新题，什么也没有改：${duplicates} 道都已经有了${skipped}。`
  const same = duplicates > 0 ? `，重复的 ${duplicates} 道没有导入` : ''
  const into = `题库“${bank.name}”${bank.isNew ? '（新建）' : ''}`
  if (dryRun) return `试算完成，还没有导入。会往${into}加 ${added} 道题${same}${skipped}。`
  return `已导入${into}：${added} 道题${same}${skipped}。`
}

const kindsOf = (add: readonly Planned[]): string =>
  QUESTION_KINDS.map(kind => [kind, add.filter(({ question }) => question.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${count}`)
    .join('，')

function duplicateLine({ where, of, questionId, otherAnswer }: Duplicate): string {
  const mend = questionId ? `要改库里的，请发：题目 改 ${questionId} 答案 原因` : '请核对，只留一道'
  return `${where}：与${of}重复，没有导入${otherAnswer ? `；两处的答案不一样。${mend}` : ''}`
}

/** So many places are named; a whole bank without explanations is one line. */
const MOST_NAMED = 8
/** Of banks that are passed around, the key is suspiciously often one letter (DOMAIN.md 10.1). */
const MANY = 20
const MOST_OF_ONE = 0.5

function notesOf(add: readonly Planned[]): string[] {
  if (add.length === 0) return []
  return [
    ...lackNote(add, '解析', '答题后看不到为什么'),
    ...lackNote(add, '出处', '说不清依据哪一条'),
    ...keyNote(add),
    '请看一下：导入的题没有人替您核对过，发布前请对照原文看一遍答案。',
  ]
}

function lackNote(add: readonly Planned[], lack: Lack, so: string): string[] {
  const all = add.filter(({ lacks }) => lacks.includes(lack)).map(({ where }) => where)
  if (all.length === 0) return []
  const named = all.length > MOST_NAMED ? `${all.slice(0, MOST_NAMED).join('、')} 等` : all.join('、')
  return [`请看一下：${all.length} 道没有${lack}（${named}），照样导入，${so}。`]
}

function keyNote(add: readonly Planned[]): string[] {
  const keys = add.flatMap(({ question }) => (question.kind === '单选' ? [question.answer] : []))
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const [letter, most] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? ['', 0]
  if (keys.length < MANY || most <= keys.length * MOST_OF_ONE) return []
  return [`请看一下：${keys.length} 道单选里，答案是 ${letter} 的有 ${most} 道，请核对是不是填错了。`]
}
