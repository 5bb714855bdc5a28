import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { run, startBot, startEcho } from './children.ts'
import { type Figures, measure } from './measure.ts'
import { measureNights } from './nights.ts'
import { measurePapers } from './paper.ts'
import { report } from './report.ts'
import { startWecom } from './stand-in.ts'
import { rosterCsv } from './township.ts'

/**
 * `npm run bench`: check-ins per second over the whole path (encrypted callback, rules, durable commit, encrypted reply)
 * as a ratio to a bare koa that only decrypts and encrypts (echo.ts), measured in turns in the same run.
 * `--json` for machines; `--quick` for fewer rounds; `--profile FOLDER` leaves a CPU profile of each bot there.
 */
const HISTORY = 400_000
const FIRST_DAY = '2026-11-24'
const CLOCK = `${FIRST_DAY}T08:00:00+08:00`

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, profile: { type: 'string' } },
})
const rounds = options.quick ? { warmUp: 2, counted: 4, months: 3 } : { warmUp: 4, counted: 20, months: 11 }

const folder = mkdtempSync(join(tmpdir(), 'zhibu-bench-'))
// Also where it is interrupted; the children are killed by then.
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
// First: the others leave the machine warm and the memory full.
const papers = await measurePapers()
const figures = { ...(await compare()), papers, nights: await measureNights(join(folder, 'old')) }
process.stdout.write(options.json ? `${JSON.stringify(figures, null, 2)}\n` : report(figures))
process.exit(0)

async function compare(): Promise<Omit<Figures, 'papers' | 'nights'>> {
  const wecom = await startWecom()
  const folders = { young: join(folder, 'young'), old: join(folder, 'old') }
  await run('test/bench/history.ts', [folders.old, String(HISTORY), FIRST_DAY])
  const shared = { apiPort: wecom.port, clock: CLOCK, profile: options.profile && resolve(options.profile) }
  const old = await startBot({ ...shared, folder: folders.old })
  const young = await startBot({ ...shared, folder: folders.young })
  const echo = await startEcho()
  await young.control('roster', rosterCsv())
  const figures = await measure({ echo, young, old }, { ...rounds, firstDay: FIRST_DAY, history: HISTORY })
  await Promise.all([old.end(), young.end(), echo.end()])
  return figures
}
