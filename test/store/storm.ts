import { setLogLevel } from '../../src/log.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { kept, noteOf, notes, SAMPLES } from './samples.ts'

/**
 * A process to be killed: `node --import tsx test/store/storm.ts FOLDER`. Prints each number when it is acknowledged. Its
 * journal is so short that it is nearly always writing a checkpoint.
 */
setLogLevel('silent')

const folder = process.argv[2] ?? ''
const store = await openLowdbStore({ folder, corpId: 'ww-test', collections: SAMPLES, checkpointBytes: 20_000 })

async function addOne(): Promise<number> {
  return store.update('township', async tx => {
    const total = await tx.get(notes, 'total')
    const n = (total?.size ?? 0) + 1
    if (total) await tx.put(notes, { ...total, size: n })
    else await tx.insert(notes, noteOf('total', { size: n }))
    await tx.insert(notes, noteOf(`n${n}`, { tags: ['all'] }))
    await tx.insert(kept, { id: `e${n}`, day: `2099-01-0${1 + (n % 9)}`, owner: 'li', text: '' })
    return n
  })
}

async function worker(): Promise<void> {
  for (;;) process.stdout.write(`${await addOne()}\n`)
}

process.stdout.write('open\n')
await Promise.all(Array.from({ length: 16 }, worker))
