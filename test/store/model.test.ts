import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'
import type { Tx } from '../../src/store/records.ts'
import { Disk } from './disk.ts'
import { kept, type LogEntry, type Note, noteOf, notes, SAMPLES } from './samples.ts'

/** The store as one would describe it in a sentence: two lists in the order of insertion. */
interface Model {
  notes: Note[]
  kept: LogEntry[]
}

type Step =
  | { kind: 'note'; note: Note }
  | { kind: 'entry'; entry: LogEntry }
  | { kind: 'removeNote'; id: string }
  | { kind: 'removeEntry'; id: string }

type Operation =
  | { kind: 'update'; steps: Step[]; fails: boolean }
  | { kind: 'checkpoint' | 'reopen' | 'kill' | 'powerCut' | 'overlap' }

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const letter = fc.constantFrom('x', 'y', 'z')
const note = fc.record<Note>({
  id,
  code: fc.option(fc.constantFrom('1', '2', '3')),
  owner: letter,
  tags: fc.array(letter, { maxLength: 3 }),
  size: fc.integer({ min: 0, max: 20 }),
})
const entry = fc.record<LogEntry>({
  id,
  day: fc.constantFrom('2099-01-01', '2099-01-02', '2099-01-03'),
  owner: letter,
  text: fc.string({ unit: 'binary', maxLength: 5 }),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: note.map(one => ({ kind: 'note' as const, note: one })) },
  { weight: 4, arbitrary: entry.map(one => ({ kind: 'entry' as const, entry: one })) },
  id.map(one => ({ kind: 'removeNote' as const, id: one })),
  id.map(one => ({ kind: 'removeEntry' as const, id: one })),
)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      steps: fc.array(step, { minLength: 1, maxLength: 5 }),
      fails: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('checkpoint', 'reopen', 'kill', 'powerCut', 'overlap') }) },
)

function replaceOrAdd<R extends { id: string }>(list: R[], record: R): void {
  const at = list.findIndex(one => one.id === record.id)
  if (at < 0) list.push(record)
  else list[at] = record
}

/** false: a unique key is taken. */
function stepModel(model: Model, one: Step): boolean {
  if (one.kind === 'note') {
    const { code } = one.note
    if (code !== null && model.notes.some(other => other.code === code && other.id !== one.note.id)) return false
    replaceOrAdd(model.notes, one.note)
  }
  if (one.kind === 'entry') replaceOrAdd(model.kept, one.entry)
  if (one.kind === 'removeNote') model.notes = model.notes.filter(other => other.id !== one.id)
  if (one.kind === 'removeEntry') model.kept = model.kept.filter(other => other.id !== one.id)
  return true
}

async function stepStore(tx: Tx, one: Step): Promise<void> {
  if (one.kind === 'note') {
    if (await tx.get(notes, one.note.id)) await tx.put(notes, one.note)
    else await tx.insert(notes, one.note)
  }
  if (one.kind === 'entry') {
    if (await tx.get(kept, one.entry.id)) await tx.put(kept, one.entry)
    else await tx.insert(kept, one.entry)
  }
  if (one.kind === 'removeNote') await tx.remove(notes, one.id)
  if (one.kind === 'removeEntry') await tx.remove(kept, one.id)
}

/** All ways of asking, against the model. */
async function compare(tx: Pick<Tx, 'all' | 'find' | 'count' | 'get' | 'getBy'>, model: Model): Promise<void> {
  expect(await tx.all(notes)).toEqual(model.notes)
  expect(await tx.all(kept)).toEqual(model.kept)
  for (const value of ['x', 'y', 'z']) {
    const tagged = model.notes.filter(one => one.tags.includes(value))
    expect(await tx.find(notes, 'tag', value)).toEqual(tagged)
    expect(await tx.count(notes, 'tag', value)).toBe(tagged.length)
    expect(await tx.find(kept, 'owner', value)).toEqual(model.kept.filter(one => one.owner === value))
  }
  for (const code of ['1', '2', '3']) {
    expect(await tx.getBy(notes, 'code', code)).toEqual(model.notes.find(one => one.code === code))
  }
  for (const key of ['a', 'b']) expect(await tx.get(notes, key)).toEqual(model.notes.find(one => one.id === key))
}

const open = (disk: Disk) =>
  openLowdbStore({
    folder: '/data',
    corpId: 'ww',
    files: disk,
    collections: SAMPLES,
    lock: async () => async () => undefined,
  })

class Run {
  disk = new Disk()
  model: Model = { notes: [], kept: [] }

  constructor(private store: LowdbStore) {}

  static async begin(): Promise<Run> {
    const run = new Run(await open(new Disk()))
    run.store = await open(run.disk)
    return run
  }

  async do(one: Operation): Promise<void> {
    if (one.kind === 'update') await this.update(one.steps, one.fails)
    if (one.kind === 'checkpoint') expect(await this.store.checkpoint()).toBe(true)
    if (one.kind === 'overlap') await this.overlap()
    if (one.kind === 'reopen') await this.store.close()
    if (one.kind === 'kill') this.disk = this.disk.crash('nothing')
    if (one.kind === 'powerCut') this.disk = this.disk.crash('all')
    if (['reopen', 'kill', 'powerCut'].includes(one.kind)) this.store = await open(this.disk)
    await this.store.read(tx => compare(tx, this.model))
  }

  /** Updates while a checkpoint is written, and the machine stops before its end or after it. */
  private async overlap(): Promise<void> {
    const checkpoint = this.store.checkpoint()
    for (let n = 0; n < 6; n++) {
      const key = 'abcde'[n % 5] ?? 'a'
      await this.update([{ kind: 'removeEntry', id: key }], false)
      await this.update(
        [{ kind: 'entry', entry: { id: key, day: `2099-01-0${1 + (n % 3)}`, owner: 'x', text: '' } }],
        false,
      )
      await this.update([{ kind: 'note', note: noteOf(key, { owner: 'y', size: n }) }], false)
    }
    if (this.model.notes.length % 2 === 0) await checkpoint
    this.disk = this.disk.crash('all')
    this.store = await open(this.disk)
  }

  private async update(steps: readonly Step[], fails: boolean): Promise<void> {
    const next: Model = { notes: [...this.model.notes], kept: [...this.model.kept] }
    const possible = steps.every(one => stepModel(next, one))
    const update = this.store.update('x', async tx => {
      for (const one of steps) await stepStore(tx, one)
      await compare(tx, next)
      if (fails) throw new Error('on purpose')
    })
    if (!possible) await expect(update).rejects.toThrow('code is taken')
    else if (fails) await expect(update).rejects.toThrow('on purpose')
    else await update
    if (possible && !fails) this.model = next
  }
}

describe('the store', () => {
  it('is two lists, whatever is done to it and whenever it stops', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async operations => {
        const run = await Run.begin()
        for (const one of operations) await run.do(one)
      }),
      { numRuns: 150 },
    )
  })
})
