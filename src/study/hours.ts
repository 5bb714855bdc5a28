import type { CommandContext, CommandReadTx, CommandTx, Published } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { dayOf, spellDay, yearOf } from '../clock.ts'
import { ownBranchId, reaches } from '../domain/roster.ts'
import { spellHours } from '../domain/study-hours.ts'
import { UserError } from '../errors.ts'
import { previewOfChange } from '../meeting/change.ts'
import { type Branch, branches, type Person, people, type StudyEntry, studyEntries } from '../store/collections.ts'
import { studyWords } from './mine.ts'
import { studyOf } from './sums.ts'

/** 学时: hours that an officer enters, one person at once, several after a preview that names them. */

/** The branch's own lock: publishing a draft of the branch holds it too. */
export const lockOf = (branchId: string): string => `branch:${branchId}`

/** Plain JSON: what the draft keeps. */
export interface Study {
  tenths: number
  what: string
  day: string
}

/** Where everybody named has his own relation, which counts his hours. Throws UserError: several, or none of the speaker's. */
export async function branchOfAll(ctx: CommandContext, tx: CommandReadTx, all: readonly Person[]): Promise<Branch> {
  const homes = new Map<string, Branch>()
  for (const person of all) {
    const own = ownBranchId(person)
    const branch = own && (await tx.township.get(branches, own))
    if (!branch) throw new UserError(`${person.name}不在任何支部，学时记不到哪里。`)
    if (!reaches(ctx.reach, [{ branchId: branch.branchId }])) {
      throw new UserError(`${person.name}的组织关系在${branch.name}，学时由那里记。`)
    }
    homes.set(branch.branchId, branch)
  }
  const [branch, other] = [...homes.values()]
  if (!branch) throw new UserError('还缺姓名。这样发：学时 张三 4 县里培训')
  if (other) throw new UserError(`${branch.name}和${other.name}请分开记。一次只写一个支部的人。`)
  return branch
}

export async function enterOne(
  ctx: CommandContext,
  tx: CommandTx,
  { person, study, branch }: { person: Person; study: Study; branch: Branch },
): Promise<Answer> {
  const same = await sameEntry(tx, person, study)
  if (same)
    throw new UserError(
      `${person.name}的这次学习已经记过，编号 ${same.entryId}。记错了请发：学时 撤 ${same.entryId} 原因`,
    )
  const [entry] = await enter(ctx, tx, { those: [person], study, branch })
  return {
    text: `已记 ${entry?.entryId}：${person.name} ${studyLine(study)}。\n记错了请发：学时 撤 ${entry?.entryId} 原因`,
  }
}

/** '4 学时，县里培训（11月20日 周五）' */
const studyLine = ({ tenths, what, day }: Study): string => `${spellHours(tenths)} 学时，${what}（${spellDay(day)}）`

async function sameEntry(tx: CommandReadTx, { personId }: Person, study: Study): Promise<StudyEntry | undefined> {
  const entered = await tx.find(studyEntries, 'person', personId)
  return entered.find(({ day, what, tenths }) => day === study.day && what === study.what && tenths === study.tenths)
}

async function enter(
  ctx: CommandContext,
  tx: CommandTx,
  { those, study, branch }: { those: readonly Person[]; study: Study; branch: Branch },
): Promise<StudyEntry[]> {
  const by = ctx.person.personId
  const { branchId } = branch
  const entered: StudyEntry[] = []
  for (const { personId, memberships } of those) {
    const group = memberships[0]?.group ?? null
    const entryId = await tx.nextId('e')
    entered.push(
      await tx.insert(studyEntries, { entryId, personId, branchId, group, ...study, by, at: tx.now.toISOString() }),
    )
  }
  const ids = entered.map(({ entryId }) => entryId)
  const after = { ...study, personIds: those.map(({ personId }) => personId) }
  await tx.audit({ by, branchId, what: 'enter-study', about: idsWords(ids), after })
  return entered
}

const idsWords = (ids: readonly string[]): string => (ids.length > 1 ? `${ids[0]} 到 ${ids.at(-1)}` : (ids[0] ?? ''))

export async function proposeMany(
  ctx: CommandContext,
  tx: CommandTx,
  { those, study, branch }: { those: readonly Person[]; study: Study; branch: Branch },
): Promise<Answer> {
  const { branchId, name } = branch
  const { fresh, known } = await sorted(tx, those, study)
  if (fresh.length === 0) throw new UserError(`这次学习都已经记过：${known.join('、')}。不用再记。`)
  const content = { branchId, ...study, personIds: fresh.map(({ personId }) => personId) }
  const draftId = await tx.draft({ command: 'study-hours', branchId, by: ctx.person.personId, content })
  return previewOfChange(draftId, [
    `${name}记学时：${fresh.length} 人，每人 ${studyLine(study)}`,
    fresh.map(person => person.name).join('、'),
    ...(known.length > 0 ? [`已经记过，不再记：${known.join('、')}`] : []),
  ])
}

async function sorted(tx: CommandReadTx, those: readonly Person[], study: Study) {
  const fresh: Person[] = []
  const known: string[] = []
  for (const person of those) {
    const same = await sameEntry(tx, person, study)
    if (same) known.push(`${person.name} ${same.entryId}`)
    else fresh.push(person)
  }
  return { fresh, known }
}

/** Whoever was entered since the preview, or has left the branch, is left out. */
export async function enterMany(
  ctx: CommandContext,
  tx: CommandTx,
  { branchId, personIds, ...study }: Study & { branchId: string; personIds: readonly string[] },
): Promise<Published> {
  const branch = await tx.township.get(branches, branchId)
  if (!branch) throw new Error('a draft of study names no branch')
  const those: Person[] = []
  for (const personId of personIds) {
    const person = await tx.get(people, personId)
    if (person && ownBranchId(person) === branchId) those.push(person)
  }
  const { fresh, known } = await sorted(tx, those, study)
  if (fresh.length === 0) throw new UserError('这次学习都已经记过。不用再记。', { outcome: '没有记' })
  const entered = await enter(ctx, tx, { those: fresh, study, branch })
  const became = idsWords(entered.map(({ entryId }) => entryId))
  const left = known.length > 0 ? `\n已经记过，没有再记：${known.join('、')}` : ''
  const text = `已记 ${fresh.length} 人，每人 ${studyLine(study)}，编号 ${became}。${left}`
  return { answer: { text, outcome: `已记 ${fresh.length} 人` }, became }
}

/** The hours go, the audit log keeps what they were. Throws UserError where there are none that the speaker may see. */
export async function withdraw(ctx: CommandContext, tx: CommandTx, entryId: string, why: string): Promise<Answer> {
  const entry = await entryById(tx, entryId)
  const { personId, branchId, tenths, what, day, by: enteredBy, at } = entry
  await tx.remove(studyEntries, entryId)
  const before = { personId, tenths, what, day, by: enteredBy, at }
  await tx.audit({ by: ctx.person.personId, branchId, what: 'withdraw-study', about: entryId, before, why })
  const name = (await tx.township.get(people, personId))?.name ?? ''
  return { text: `已撤 ${entryId}：${name} ${studyLine(entry)}。要重新记请发：学时 ${name} 学时 内容` }
}

export async function entryById(tx: CommandReadTx, entryId: string): Promise<StudyEntry> {
  const entry = await tx.get(studyEntries, entryId)
  if (!entry) throw new UserError(`没有这个编号：${entryId}。发“学时 姓名”可以看到编号。`)
  return entry
}

const ENTRIES_SHOWN = 10

/** One person's sum of the year, and the ids that can be taken back. */
export async function hoursOf(ctx: CommandContext, tx: CommandReadTx, person: Person): Promise<Answer> {
  const year = yearOf(ctx.now)
  const all = await tx.find(studyEntries, 'person', person.personId)
  const entered = all.filter(({ day }) => day.startsWith(year)).toSorted((a, b) => (a.day < b.day ? 1 : -1))
  const shown = entered.slice(0, ENTRIES_SHOWN).map(entry => `${entry.entryId} ${studyLine(entry)}`)
  const more = entered.length > ENTRIES_SHOWN ? [`还有 ${entered.length - ENTRIES_SHOWN} 条，见：报表 学习`] : []
  const sum = studyWords(await studyOf(tx, person.personId, year))
  const head = `${person.name} ${year}年学习 ${sum}`
  const how =
    shown.length > 0
      ? '记错了请发：学时 撤 编号 原因'
      : `要记请发：学时 ${person.name} 4 内容 ${dayOf(ctx.now).slice(5)}`
  return { text: [head, ...shown, ...more, how].join('\n') }
}
