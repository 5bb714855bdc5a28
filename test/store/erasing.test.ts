import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseFolder } from '../../src/store/erasing.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'

const CORP = 'wwsimulator00000001'
const STRANGERS = ['.git', 'package.json', 'backup.json', 'people-old.json', 'notes.txt', 'journal.jsonl', 'x.tmp']
let folder: string
const open = (corpId = CORP) => openLowdbStore({ folder, corpId })
const erase = (corpId = CORP) => eraseFolder(folder, corpId)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-erase-'))
})

afterEach(() => rm(folder, { recursive: true }))

async function fill(): Promise<void> {
  const store = await open()
  await store.update('township', tx => tx.audit({ by: 'p-1', branchId: null, what: 'test', about: 'x' }))
  await store.update('township', tx => tx.send({ text: '好' }, ['p-1']))
  await store.close()
  for (const name of [...STRANGERS, 'control.json', 'counters.json.tmp']) await writeFile(join(folder, name), 'x')
}

describe('a data folder that is begun again', () => {
  it('loses what the service made, and nothing else', async () => {
    await fill()
    expect((await readdir(folder)).filter(name => /^(meta|journal-|audits-|outbox-)/.test(name))).toHaveLength(4)
    await erase()
    expect((await readdir(folder)).sort()).toEqual([...STRANGERS].sort())
    await (await open()).close()
  })

  it.each(['meta.json', 'counters.json'])('may have a damaged %s', async name => {
    await fill()
    await writeFile(join(folder, name), 'x')
    await expect(open()).rejects.toThrow('里的数据坏了')
    await erase()
    await (await open()).close()
  })

  it('may have lost its manifest', async () => {
    await fill()
    await rm(join(folder, 'meta.json'))
    await erase()
    await (await open()).close()
  })

  it('is refused where it is another corp’s, and keeps all', async () => {
    await fill()
    const before = await readdir(folder)
    await expect(erase('ww-other')).rejects.toThrow(`里的数据是企业 ${CORP} 的`)
    expect(await readdir(folder)).toEqual(before)
  })

  it('is refused while a process has it', async () => {
    const store = await open()
    await expect(erase()).rejects.toThrow('正被另一个进程用着')
    await store.close()
    await erase()
  })

  it('is left alone where it is none, or not there', async () => {
    await writeFile(join(folder, 'settings.json'), '{}')
    await erase()
    expect(await readdir(folder)).toEqual(['settings.json'])
    await writeFile(join(folder, 'meta.json'), '{"name":"of another program"}')
    await expect(erase()).rejects.toThrow('is not of this program')
    expect(await readdir(folder)).toEqual(['meta.json', 'settings.json'])
    await eraseFolder(join(folder, 'nowhere'), CORP)
  })
})
