import { beforeAll, describe, expect, it } from 'vitest'
import { type LowdbStore, openLowdbStore } from '../../src/store/lowdb.ts'
import { StoreError } from '../../src/store/records.ts'
import { Disk } from './disk.ts'
import { kept, noteOf, notes, SAMPLES } from './samples.ts'

const FOLDER = '/data/db'
const JOURNAL = `${FOLDER}/journal-000000000001.jsonl`

const open = (disk: Disk, corpId = 'ww-test', collections = SAMPLES): Promise<LowdbStore> =>
  openLowdbStore({ folder: FOLDER, corpId, files: disk, collections, lock: async () => async () => undefined })

const insert = (store: LowdbStore, id: string) =>
  store.update('x', tx => tx.insert(notes, noteOf(id, { tags: ['标签'] })))
const ids = (store: LowdbStore) => store.read(async tx => (await tx.all(notes)).map(r => r.id))

/** As after kill -9: three commits in the journal, no snapshot. */
async function killed(): Promise<Disk> {
  const disk = new Disk()
  const store = await open(disk)
  for (const id of ['a', 'b', 'c']) await insert(store, id)
  return disk.copy()
}

/** As after a clean end, with a part. */
async function closed(): Promise<Disk> {
  const disk = new Disk()
  const store = await open(disk)
  for (const id of ['a', 'b', 'c']) await insert(store, id)
  await store.update('x', tx => tx.insert(kept, { id: '1', day: '2099-01-01', owner: 'li', text: '文' }))
  await store.close()
  return disk
}

async function refusal(disk: Disk): Promise<string> {
  const error = await open(disk).then(
    () => new Error('it was opened'),
    (reason: unknown) => reason,
  )
  if (error instanceof StoreError) return error.message
  throw error
}

function flipped(content: Buffer, at: number, byte: (before: number) => number): Buffer {
  const copy = Buffer.from(content)
  copy[at] = byte(copy[at] ?? 0)
  return copy
}

const FLIPS = [
  (b: number) => b ^ 1,
  (b: number) => b ^ 0x20,
  (b: number) => b ^ 0x80,
  (b: number) => (b === 10 ? 0 : 10),
]

let journalled: Disk
let saved: Disk

beforeAll(async () => {
  journalled = await killed()
  saved = await closed()
})

describe('a journal', () => {
  it('whose last line is torn, at whatever byte, is cut off there and goes on', async () => {
    const whole = journalled.content(JOURNAL)
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1
    for (let length = lastLine; length < whole.length; length++) {
      let disk = journalled.copy()
      disk.place(JOURNAL, whole.subarray(0, length))
      const store = await open(disk)
      expect(await ids(store)).toEqual(['a', 'b'])
      await insert(store, 'd')
      disk = disk.crash('all')
      expect(await ids(await open(disk))).toEqual(['a', 'b', 'd'])
    }
  })

  it('with one changed byte, wherever it is, is refused, and the line is named', async () => {
    const whole = journalled.content(JOURNAL)
    for (let at = 0; at < whole.length; at++) {
      const line = whole.subarray(0, at).filter(byte => byte === 10).length + 1
      for (const flip of FLIPS) {
        const disk = journalled.copy()
        disk.place(JOURNAL, flipped(whole, at, flip))
        const message = await refusal(disk)
        expect(message).toContain(`journal-000000000001.jsonl, line ${line}:`)
      }
    }
  })

  it('that lost a line in the middle is refused', async () => {
    const disk = journalled.copy()
    const [a, , c] = disk.content(JOURNAL).toString().split('\n')
    disk.place(JOURNAL, Buffer.from(`${a}\n${c}\n`))
    expect(await refusal(disk)).toContain('journal-000000000001.jsonl, line 2: commit 2 is missing')
  })

  it('that is gone is missed', async () => {
    for (const from of [journalled, saved]) {
      const disk = new Disk()
      for (const path of from.paths()) if (!path.includes('journal')) disk.place(path, from.content(path))
      if (from === saved) expect(await refusal(disk)).toContain('no journal file is there')
    }
  })

  it('that is gone from between two others is missed', async () => {
    const disk = new Disk()
    const store = await open(disk)
    disk.full = path => path.endsWith('.tmp')
    for (const id of ['a', 'b', 'c']) {
      await insert(store, id)
      await store.checkpoint()
    }
    disk.heal()
    const journals = disk.paths().filter(path => path.includes('journal'))
    expect(journals).toHaveLength(4)
    const without = new Disk()
    for (const path of disk.paths()) if (path !== journals[1]) without.place(path, disk.content(path))
    expect(await refusal(without)).toContain('commits 2 to 2 are missing')
  })
})

describe('a snapshot', () => {
  it('with one changed byte, wherever it is, is refused, and the file is named', async () => {
    for (const name of ['notes.json', 'kept-2099-01-01.json', 'meta.json']) {
      const path = `${FOLDER}/${name}`
      const whole = saved.content(path)
      for (let at = 0; at < whole.length; at++) {
        for (const flip of FLIPS) {
          const disk = saved.copy()
          disk.place(path, flipped(whole, at, flip))
          expect(await refusal(disk)).toContain(name)
        }
      }
    }
  })

  it('that is cut short, anywhere, is refused', async () => {
    const path = `${FOLDER}/notes.json`
    const whole = saved.content(path)
    for (let length = 0; length < whole.length; length++) {
      const disk = saved.copy()
      disk.place(path, whole.subarray(0, length))
      expect(await refusal(disk)).toContain('notes.json')
    }
  })

  it('that is gone is missed', async () => {
    const disk = new Disk()
    for (const path of saved.paths()) if (!path.endsWith('notes.json')) disk.place(path, saved.content(path))
    expect(await refusal(disk)).toContain('notes.json: the file is missing')
  })

  it('that is older than what was checkpointed is refused', async () => {
    const disk = saved.copy()
    const store = await open(disk)
    await insert(store, 'd')
    await store.close()
    disk.place(`${FOLDER}/notes.json`, saved.content(`${FOLDER}/notes.json`))
    expect(await refusal(disk)).toContain('notes.json: this is an older file')
  })

  it('of a collection that this version does not know is refused, but not a file of somebody else', async () => {
    const collections = SAMPLES.filter(collection => collection !== notes)
    await expect(open(saved.copy(), 'ww-test', collections)).rejects.toThrow('notes.json: this version knows no such')
    await expect(open(journalled.copy(), 'ww-test', collections)).rejects.toThrow(
      'line 1: this version knows no collection',
    )
    const disk = saved.copy()
    disk.place(`${FOLDER}/control.json`, Buffer.from('{}'))
    disk.place(`${FOLDER}/control.json.tmp`, Buffer.from('{'))
    expect(await ids(await open(disk))).toEqual(['a', 'b', 'c'])
    expect(disk.paths()).toContain(`${FOLDER}/control.json.tmp`)
  })
})

describe('a folder that cannot be used', () => {
  it('is left exactly as it was', async () => {
    const path = `${FOLDER}/notes.json`
    const disk = saved.copy()
    disk.place(
      path,
      flipped(disk.content(path), 99, b => b ^ 1),
    )
    const before = disk.paths().map(one => [one, disk.content(one).toString('hex')])
    await refusal(disk)
    expect(disk.paths().map(one => [one, disk.content(one).toString('hex')])).toEqual(before)
  })

  it('names the newest backup, or says that there is none', async () => {
    const path = `${FOLDER}/notes.json`
    const disk = saved.copy()
    disk.place(
      path,
      flipped(disk.content(path), 99, b => b ^ 1),
    )
    expect(await refusal(disk)).toContain('旁边没有备份')
    for (const day of ['2026-11-22', '2026-11-23']) disk.place(`/data/backups/${day}.jsonl.gz`, Buffer.from(''))
    expect(await refusal(disk)).toContain('最近的备份是 /data/backups/2026-11-23.jsonl.gz')
  })

  it('with a newer format is refused with what to do', async () => {
    for (const name of ['meta.json', 'notes.json']) {
      const disk = saved.copy()
      const path = `${FOLDER}/${name}`
      disk.place(
        path,
        Buffer.from(
          disk
            .content(path)
            .toString()
            .replace(/"format": ?1/, '"format":2'),
        ),
      )
      expect(await refusal(disk)).toMatch(new RegExp(`${name} 是更新的版本写的（格式 2.*请用写它的那个版本`))
    }
  })

  it('of another corp is refused', async () => {
    await expect(open(saved.copy(), 'ww-other')).rejects.toThrow('里的数据是企业 ww-test 的，现在设置的是 ww-other')
  })
})
