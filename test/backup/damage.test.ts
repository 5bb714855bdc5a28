import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SEAL_LENGTH, sealOf } from '../../src/backup/format.ts'
import { verifyFile } from '../../src/backup/reading.ts'
import { restoreBackup } from '../../src/backup/restoring.ts'
import { writeBackup } from '../../src/backup/writing.ts'
import { now } from '../../src/clock.ts'
import { nodeFiles } from '../../src/store/files.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { kept, noteOf, notes, SAMPLES } from '../store/samples.ts'

const CORP = 'ww-test'
const KEY = randomBytes(32)
let top: string
let plain: Buffer
let locked: Buffer
const at = (name: string) => join(top, name)

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'zhibu-backup-'))
  const store = await openLowdbStore({ folder: at('db'), corpId: CORP, collections: SAMPLES })
  await store.update('x', async tx => {
    for (let n = 0; n < 40; n++) await tx.insert(notes, noteOf(`n${n}`, { owner: '王五' }))
    await tx.insert(kept, { id: '1', day: '2026-11-24', owner: 'li', text: '' })
  })
  const made = async (name: string, key: Buffer | null) => {
    await store.state(state => writeBackup(state, { path: at(name), corpId: CORP, at: now(), key }))
    return readFile(at(name))
  }
  plain = await made('plain', null)
  locked = await made('locked', KEY)
  await store.close()
})
afterAll(() => rm(top, { recursive: true }))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(top, 'new-'))
})
afterEach(async () => {
  const left = (await readdir(folder).catch(() => [])).filter(name => !['restored', 'backups'].includes(name))
  expect(left).toEqual([])
})

interface Change {
  key?: Buffer | null
  corpId?: string
  into?: string
}
async function restoring(bytes: Uint8Array, { key = null, corpId = CORP, into = folder }: Change = {}) {
  const path = at('file.jsonl.gz')
  await writeFile(path, bytes)
  return restoreBackup({ path, folder: into, corpId, key, collections: SAMPLES })
}

/** A file that is sealed as ours are, whatever is in it. */
function sealed(lines: readonly unknown[], level = 5): Buffer {
  const gzip = gzipSync(lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''), {
    level,
  })
  return Buffer.concat([gzip, sealOf(createHash('sha256').update(gzip).digest('hex'))])
}
const linesOf = (bytes: Buffer): unknown[] =>
  gunzipSync(bytes)
    .toString()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

describe('a restore', () => {
  it('takes the file as it was written, with the key where it has one', async () => {
    expect((await restoring(plain, { into: at('a/restored') })).records).toBe(41)
    expect((await restoring(locked, { key: KEY, into: at('b/restored') })).records).toBe(41)
    // A key that is set does not hinder a file from before it was.
    expect((await restoring(plain, { key: KEY, into: at('c/restored') })).records).toBe(41)
    expect(await readdir(at('a/restored'))).toEqual(
      expect.arrayContaining(['meta.json', 'notes.json', 'kept-2026-11-24.json', 'journal-000000000002.jsonl']),
    )
    expect(await readdir(at('a/restored'))).not.toContain('restoring')
  })

  it('refuses any flipped bit, anywhere', async () => {
    const files = fc.constantFrom({ bytes: () => plain, key: null }, { bytes: () => locked, key: KEY })
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), fc.nat(7), async ({ bytes, key }, place, bit) => {
        const changed = Buffer.from(bytes())
        const byte = place % changed.length
        changed[byte] = (changed[byte] ?? 0) ^ (1 << bit)
        await writeFile(at('flipped'), changed)
        await expect(verifyFile({ path: at('flipped'), key })).rejects.toThrow(/不完整|不是本程序|打不开/)
      }),
      { numRuns: 400 },
    )
  })

  it('refuses any flipped bit of the first and last bytes, where gzip itself looks at nothing', async () => {
    for (const [file, key] of [
      [plain, null],
      [locked, KEY],
    ] as const) {
      const places = [...Array(80).keys(), ...Array.from(Array(SEAL_LENGTH + 12).keys(), n => file.length - 1 - n)]
      for (const place of places) {
        const changed = Buffer.from(file)
        changed[place] = (changed[place] ?? 0) ^ 1
        await writeFile(at('flipped'), changed)
        await expect(verifyFile({ path: at('flipped'), key }), `byte ${place}`).rejects.toThrow()
      }
    }
  })

  it('refuses a file that is cut off at any length, or has something after its end', async () => {
    for (const [file, key] of [
      [plain, null],
      [locked, KEY],
    ] as const) {
      for (let length = 1; length < file.length; length += Math.ceil(Math.random() * 25)) {
        await writeFile(at('cut'), file.subarray(0, length))
        await expect(verifyFile({ path: at('cut'), key }), `${length} bytes`).rejects.toThrow(/。/)
      }
      await writeFile(at('cut'), Buffer.concat([file, Buffer.from('x')]))
      await expect(verifyFile({ path: at('cut'), key })).rejects.toThrow('不完整')
    }
    await expect(restoring(plain.subarray(0, plain.length / 2))).rejects.toThrow('不完整，或者被改动过')
    await expect(restoring(locked.subarray(0, locked.length / 2), { key: KEY })).rejects.toThrow('不完整')
  })

  it('names the setting where the key is missing or another', async () => {
    await expect(restoring(locked)).rejects.toThrow(/是加密的.*BACKUP_KEY/)
    await expect(restoring(locked, { key: randomBytes(32) })).rejects.toThrow(/打不开.*BACKUP_KEY/)
  })

  it('refuses what is no backup, in a sentence that says what it is', async () => {
    await mkdir(at('folder'), { recursive: true })
    const paths: [string, RegExp][] = [
      [at('nowhere'), /没有这个文件/],
      [join(at('plain'), 'x'), /没有这个文件/],
      [at('folder'), /是文件夹/],
      ['/dev/null', /不是本程序的备份/],
    ]
    for (const [path, words] of paths)
      await expect(restoreBackup({ path, folder, corpId: CORP, key: null })).rejects.toThrow(words)
    await expect(restoring(Buffer.alloc(0))).rejects.toThrow('是空的')
    await expect(restoring(Buffer.from('姓名,账号\n'))).rejects.toThrow('不是本程序的备份')
    await expect(restoring(gzipSync('{"zhibu":1}\n'))).rejects.toThrow('不是本程序的备份')
    await expect(restoring(sealed(['hello']))).rejects.toThrow('不完整')
    await expect(restoring(sealed([{ hello: 1 }]))).rejects.toThrow('不是本程序的备份')
  })

  it('refuses one of a newer version, or of another corp', async () => {
    const [head, ...rest] = linesOf(plain)
    const withHead = (change: object) => sealed([{ ...(head as object), ...change }, ...rest])
    await expect(restoring(withHead({ format: 2, corpId: undefined }))).rejects.toThrow('请先升级程序')
    await expect(restoring(withHead({ records: 2 }))).rejects.toThrow('请先升级程序')
    await expect(restoring(sealed([head, ['unheardOf', 1, {}], ...rest]))).rejects.toThrow('请先升级程序')
    await expect(restoring(plain, { corpId: 'ww-other' })).rejects.toThrow(/企业 ww-test 的，这里设置的是 ww-other/)
  })

  it('refuses one that was put together by hand and does not add up', async () => {
    const [head, first, ...rest] = linesOf(plain)
    await expect(restoring(sealed([head, ...rest]))).rejects.toThrow('不完整')
    await expect(restoring(sealed([head, first, first, ...rest]))).rejects.toThrow('不完整')
    await expect(restoring(sealed([head, first]))).rejects.toThrow('不完整')
    await expect(restoring(sealed([head, first, ...rest, rest.at(-1)]))).rejects.toThrow('不完整')
    await expect(restoring(sealed([head, ['notes', 1, null]]))).rejects.toThrow('不完整')
  })

  it('writes no file that a record names', async () => {
    const [head] = linesOf(plain)
    const record = { id: '1', day: '../../escaped', owner: 'li', text: '' }
    await expect(restoring(sealed([head, ['kept', 1, record]]))).rejects.toThrow('不完整')
    expect(await readdir(top)).not.toContain('escaped.json')
  })

  it('gives up on what grows without end', async () => {
    const [head] = linesOf(plain)
    const bomb = sealed([head, ' '.repeat(200 << 20)], 9)
    expect(bomb.length).toBeLessThan(1 << 20)
    const before = process.memoryUsage().rss
    await expect(restoring(bomb)).rejects.toThrow('不完整')
    expect(process.memoryUsage().rss - before).toBeLessThan(400 << 20)
  })

  it('leaves a folder alone that has records, and what else lies in an empty one', async () => {
    const filled = join(folder, 'restored')
    await restoring(plain, { into: filled })
    const before = await readFile(join(filled, 'meta.json'))
    await expect(restoring(plain, { into: filled })).rejects.toThrow(/已经有数据.*mv /)
    expect(await readFile(join(filled, 'meta.json'))).toEqual(before)
    const store = await openLowdbStore({ folder: filled, corpId: CORP, collections: SAMPLES })
    await expect(restoring(plain, { into: filled })).rejects.toThrow('服务正在使用')
    await store.close()
    await rm(filled, { recursive: true })
    await mkdir(join(folder, 'backups'))
    await writeFile(join(folder, 'backups', 'mine'), 'x')
    await restoring(plain)
    expect(await readFile(join(folder, 'backups', 'mine'), 'utf8')).toBe('x')
    await rm(folder, { recursive: true })
  })

  it('finds a record that came back as another', async () => {
    // A disk that gives back something else than it was given.
    const forgetful = {
      ...nodeFiles,
      readFile: async (path: string) => {
        const bytes = await nodeFiles.readFile(path)
        return path.endsWith('kept-2026-11-24.json') ? nodeFiles.readFile(path.replace(folder, at('other'))) : bytes
      },
    }
    const store = await openLowdbStore({ folder: at('other/restoring'), corpId: CORP, collections: SAMPLES })
    await store.update('x', tx => tx.insert(kept, { id: '1', day: '2026-11-24', owner: 'li', text: 'another' }))
    await store.close()
    const options = { path: at('plain'), folder, corpId: CORP, key: null, collections: SAMPLES }
    await expect(restoreBackup({ ...options, files: forgetful })).rejects.toThrow('恢复出来的和备份里的不一样（kept）')
  })
})
