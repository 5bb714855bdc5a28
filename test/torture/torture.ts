import { parseArgs } from 'node:util'
import { COLLECTIONS } from '../../src/store/collections.ts'
import { openLowdbStore } from '../../src/store/lowdb.ts'
import { CORP_ID } from '../process/peer.ts'
import { judge, type Verdict } from './history.ts'
import { rage, type Storm } from './storm.ts'
import { worldOf } from './world.ts'

/**
 * `npm run torture -- --minutes N --seed S [--json]`: storms of writes and broadcasts over the real wire under random `kill -9`,
 * held against what is kept at the end. Exit code 1 where anything acknowledged is lost, invented, doubled or untold,
 * or an answer owned to a fault of the bot.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } },
})
const minutes = Number(values.minutes ?? '10')
const seed = Number(values.seed ?? String(Math.floor(performance.timeOrigin) % 1_000_000))
if (!(minutes > 0) || !Number.isInteger(seed)) {
  process.stderr.write('npm run torture -- --minutes 10 --seed 42\n')
  process.exit(2)
}

process.stderr.write(`seed ${seed}, ${minutes} minutes\n`)
const until = performance.now() + minutes * 60_000
const { storm, peer } = await rage({
  seed,
  goesOn: () => performance.now() < until,
  report: ({ days, kills, history }) => process.stderr.write(`day ${days}: ${history.length} said, ${kills} kills\n`),
})
await peer.terminate()
const store = await openLowdbStore({ folder: peer.folder, corpId: CORP_ID, collections: COLLECTIONS })
const verdict = judge(storm.history, await worldOf(store, storm.told))
await store.close()
await peer.close()
process.stdout.write(
  values.json ? `${JSON.stringify({ seed, ...figures(storm, verdict), verdict })}\n` : say(storm, verdict),
)
process.exit(isWhole(verdict) && storm.incidents.length === 0 ? 0 : 1)

function figures({ days, kills, history, incidents }: Storm, { acknowledged }: Verdict) {
  return { days, kills, said: history.length, acknowledged, incidents }
}

function isWhole({ lost, invented, doubled, untold }: Verdict): boolean {
  return lost.length + invented.length + doubled.length + untold.length === 0
}

function say(storm: Storm, verdict: Verdict): string {
  const { days, kills, acknowledged } = figures(storm, verdict)
  const found = { ...verdict, incidents: storm.incidents }
  const lines = (['lost', 'invented', 'doubled', 'untold', 'incidents'] as const).flatMap(kind => [
    `${kind} ${found[kind].length}`,
    ...found[kind].slice(0, 20).map(each => `  ${each}`),
  ])
  const head = `${acknowledged} acknowledged on ${days} days over ${kills} kills, seed ${seed}`
  return `${[head, ...lines].join('\n')}\n`
}
