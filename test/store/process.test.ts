import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { kept, noteOf, notes, SAMPLES } from './samples.ts'

const STORM = fileURLToPath(new URL('./storm.ts', import.meta.url))

let folder: string
const open = () => openLowdbStore({ folder, corpId: 'ww-test', collections: SAMPLES })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-store-'))
})

afterEach(() => rm(folder, { recursive: true }))

/** Lets a storm run until it has acknowledged so many, kills it with -9 and gives back all that it acknowledged. */
async function stormUntil(count: number, before?: (child: ChildProcess) => Promise<void>): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', STORM, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const acknowledged: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'open') await before?.(child)
    else acknowledged.push(Number(line))
    if (acknowledged.length === count) child.kill('SIGKILL')
  }
  await exited
  return acknowledged
}

describe('a process killed with -9 in a storm of updates', () => {
  it('loses nothing acknowledged and leaves nothing half-done, again and again', async () => {
    const acknowledged: number[] = []
    for (let round = 0; round < 8; round++) {
      acknowledged.push(...(await stormUntil(1 + Math.floor(Math.random() * 3000))))
      // Every other storm begins on what a kill left, not on what a clean end left.
      if (round % 2 === 0) continue
      const store = await open()
      await store.read(async tx => {
        const numbers = (await tx.find(notes, 'tag', 'all')).map(r => Number(r.id.slice(1)))
        const total = (await tx.get(notes, 'total'))?.size ?? 0
        expect(numbers).toEqual(Array.from({ length: total }, (_, n) => n + 1))
        expect((await tx.all(kept)).map(r => r.id)).toEqual(numbers.map(n => `e${n}`))
        expect(Math.max(...acknowledged)).toBeLessThanOrEqual(total)
      })
      await store.close()
    }
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
  })
})

describe('a data folder', () => {
  it('serves one process: a second is refused in a clear sentence, until the first is killed', async () => {
    await stormUntil(50, async () => {
      await expect(open()).rejects.toThrow(`数据文件夹 ${folder} 正被另一个进程用着`)
    })
    await (await open()).close()
  })

  it('serves one store in a process, until that is closed', async () => {
    const store = await open()
    await expect(open()).rejects.toThrow('正被另一个进程用着')
    await store.close()
    await (await open()).close()
  })

  it('is let go where the start is refused', async () => {
    await (await open()).close()
    const other = () => openLowdbStore({ folder, corpId: 'ww-other', collections: SAMPLES })
    await expect(other()).rejects.toThrow('里的数据是企业')
    await (await open()).close()
  })

  it('is for its owner alone: files 0600, folder 0700', async () => {
    const store = await open()
    await store.update('x', tx => tx.insert(notes, noteOf('a')))
    await store.close()
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  })
})

describe('a checkpoint of 200,000 records', () => {
  it('lets updates through and never holds the loop for long', async () => {
    const store = await open()
    for (let from = 0; from < 200_000; from += 20_000) {
      await store.update(
        'township',
        async tx => {
          for (let n = from; n < from + 20_000; n++) await tx.insert(notes, noteOf(`n${n}`, { owner: `o${n % 999}` }))
        },
        { long: 'import' },
      )
    }
    let running = true
    let longest = 0
    let turns = 0
    let updates = 0
    let last = performance.now()
    const watch = () => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      turns++
      if (running) setImmediate(watch)
    }
    const storm = async () => {
      for (; running; updates++) await store.update('x', tx => tx.nextId('m'))
    }
    watch()
    const done = store.checkpoint()
    const stormed = storm()
    expect(await done).toBe(true)
    running = false
    await stormed
    await store.close()
    process.stdout.write(`longest turn ${longest.toFixed(1)} ms, ${turns} turns, ${updates} updates meanwhile\n`)
    // Measured 10 to 20 ms; the bound is for a busy machine. Serialising in one piece holds it for more than 150 ms.
    expect(longest).toBeLessThan(120)
    expect(turns).toBeGreaterThan(50)
    expect(updates).toBeGreaterThan(20)
  })
})
