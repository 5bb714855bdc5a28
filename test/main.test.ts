import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { loadCommands } from '../src/bot/load.ts'
import { moveClock } from '../src/clock.ts'
import { makeSampleTownship } from '../src/demonstration.ts'
import { SIMULATED_CORP } from '../src/simulated.ts'
import { ROOT } from './house/sources.ts'
import { environment, freePort } from './smoke/process.ts'

/** The process itself, as an operator meets it: how it starts, refuses, serves and ends. */
const READY_MS = 30_000
const END_MS = 10_000
/** At night what is told to others waits. */
const BY_DAY = '2026-11-24T10:00:00+08:00'

interface Ended {
  code: number | null
  signal: string | null
}

let folder: string
let port: number
/** A data folder with the sample township: to make it takes longer than to start. */
let sample: string
const processes = new Set<ChildProcess>()

beforeAll(async () => {
  sample = await mkdtemp(join(tmpdir(), 'zhibu-main-sample-'))
  moveClock(new Date(BY_DAY))
  const registry = await loadCommands(`${ROOT}commands/`)
  const roster = pathToFileURL(`${ROOT}data/sample-roster.csv`)
  await makeSampleTownship({ folder: sample, corpId: SIMULATED_CORP, roster, registry })
})
afterAll(() => rm(sample, { recursive: true }))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-main-'))
  port = await freePort()
})
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL')
  processes.clear()
  await rm(folder, { recursive: true, force: true })
})

const settings = (more: Record<string, string> = {}) => ({
  PORT: String(port),
  STORE_URL: `file:${folder}/db`,
  CLOCK: BY_DAY,
  ...more,
})

const TENANT = {
  // Only a simulated WeCom lets the clock be set.
  CLOCK: '',
  WECOM_CORP_ID: 'ww1234567890abcdef',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'a-secret',
  WECOM_TOKEN: 'callbackToken',
  WECOM_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

class Run {
  output = ''
  readonly ended: Promise<Ended>
  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
    }
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  }

  static of(args: readonly string[], env: Record<string, string>, cwd = ROOT): Run {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      cwd,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    processes.add(child)
    return new Run(child)
  }

  /** Starts the service and waits until it takes requests. Where it would begin with the sample township, that is there already. */
  static async service(env: Record<string, string> = settings(), args: readonly string[] = []): Promise<Run> {
    if (!env.WECOM_CORP_ID && !existsSync(join(folder, 'db'))) await cp(sample, join(folder, 'db'), { recursive: true })
    return Run.fresh(env, args)
  }

  static async fresh(env: Record<string, string> = settings(), args: readonly string[] = [], cwd = ROOT): Promise<Run> {
    const run = Run.of(['src/main.ts', ...args], env, cwd)
    const limit = Date.now() + READY_MS
    while (!run.output.includes('"event":"ready"')) {
      if (run.child.exitCode !== null || Date.now() > limit) throw new Error(`not ready:\n${run.output}`)
      await delay(20)
    }
    return run
  }

  async says(text: string): Promise<void> {
    const limit = Date.now() + READY_MS
    while (!this.output.includes(text) && Date.now() < limit) await delay(20)
  }

  async signal(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }
}

const cliWith = async (env: Record<string, string>, ...args: string[]) => {
  const run = Run.of(['src/cli.ts', ...args], env)
  return { ...(await run.ended), output: run.output }
}
const cli = (...args: string[]) => cliWith(settings(), ...args)

const url = (path: string) => `http://127.0.0.1:${port}${path}`
const token = async (): Promise<string> => JSON.parse(await readFile(join(folder, 'db/control.json'), 'utf8')).token

const control = async (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
  const response = await fetch(url(`/control/${path}`), {
    method: 'POST',
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json', ...headers },
    body,
  })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}

describe('the start', () => {
  it('needs no setting, and says where the chat page is', async () => {
    const run = await Run.fresh()
    expect(run.output).toContain(`http://localhost:${port}/simulator`)
    expect(await (await fetch(url('/simulator'))).text()).toContain('<html')
    expect(await fetch(url('/'), { redirect: 'manual' })).toMatchObject({ status: 302 })
    expect((await stat(join(folder, 'db'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, 'db/control.json'))).mode & 0o777).toBe(0o600)
    for (const file of await readdir(join(folder, 'db'))) {
      expect((await stat(join(folder, 'db', file))).mode & 0o077, file).toBe(0)
    }
  })

  it('in simulator mode is by day, and says so where the host’s clock is at night', async () => {
    const isNight = (at: number) => {
      const hour = new Date(at + 8 * 3_600_000).getUTCHours()
      return hour >= 21 || hour < 8
    }
    const before = Date.now()
    const run = await Run.fresh(settings({ CLOCK: '' }))
    const state = z.object({ now: z.string() }).parse(await (await fetch(url('/simulator/api/state'))).json())
    await run.says('Open the chat page')
    const says = run.output.includes('It is night in Beijing')
    // At the very minute in which night begins or ends, either is right.
    if (isNight(before) === isNight(Date.now())) expect(says).toBe(isNight(before))
    expect(Math.abs(Date.parse(state.now) - Date.now()) > 30 * 60_000).toBe(says)
    if (says) expect(run.output).toMatch(/its clock starts at .* 09:00/)
  })

  it('works from a folder whose name has spaces and Chinese in it', async () => {
    const checkout = join(folder, '党建 办公室')
    for (const part of [
      'src',
      'commands',
      'jobs',
      'data/sample-roster.csv',
      'data/holidays.json',
      'data/banks',
      'data/dues-rates.json',
      'data/meeting-plan.json',
      'package.json',
    ])
      await cp(join(ROOT, part), join(checkout, part), { recursive: true })
    await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'))
    await Run.fresh(settings({ STORE_URL: 'file:数据 一' }), [], checkout)
    expect(await readdir(join(checkout, '数据 一'))).toContain('control.json')
  })

  it('with wrong settings names them all, prints no value and ends with 1', async () => {
    const run = Run.of(
      ['src/main.ts'],
      settings({ PORT: '99x', WECOM_SECRET: 'hush-hush', CONTROL_TOKEN: 'too-short' }),
    )
    expect(await run.ended).toEqual({ code: 1, signal: null })
    for (const name of ['PORT', 'CONTROL_TOKEN', 'WECOM_CORP_ID', 'WECOM_TOKEN']) expect(run.output).toContain(name)
    expect(run.output).not.toMatch(/99x|hush|too-short|at .*\.ts/)
  })

  it('reads .env with the mark that Notepad puts in front, and says what is wrong with another', async () => {
    const cwd = join(folder, 'cwd')
    await mkdir(cwd)
    await symlink(join(ROOT, 'node_modules'), join(cwd, 'node_modules'))
    const { PORT, ...rest } = settings()
    await writeFile(join(cwd, '.env'), `\ufeffPORT=${PORT}x\r\nLOG_LEVEL=info\r\n`)
    const run = Run.of([join(ROOT, 'src/main.ts')], rest, cwd)
    expect(await run.ended).toMatchObject({ code: 1 })
    expect(run.output).toContain('  PORT 要写端口号')
    await writeFile(join(cwd, '.env'), Buffer.from([0x23, 0xd6, 0xa7, 0xb2, 0xbf]))
    const gbk = Run.of([join(ROOT, 'src/main.ts')], rest, cwd)
    expect(await gbk.ended).toMatchObject({ code: 1 })
    expect(gbk.output).toContain('不是 UTF-8')
    await rm(join(cwd, '.env'))
    await mkdir(join(cwd, '.env'))
    const unreadable = Run.of([join(ROOT, 'src/main.ts')], rest, cwd)
    expect(await unreadable.ended).toMatchObject({ code: 1 })
    expect(unreadable.output).toContain('.env 读不了（EISDIR）')
  })

  it('is refused where another process has the folder, in a sentence', async () => {
    await Run.service()
    const second = Run.of(['src/main.ts'], settings({ PORT: String(await freePort()) }))
    expect(await second.ended).toEqual({ code: 1, signal: null })
    expect(second.output).toContain('正被另一个进程用着')
    expect(second.output).not.toMatch(/^\s+at /m)
    expect((await fetch(url('/healthz'))).status).toBe(200)
  })

  it('is refused where the port is taken, in a sentence', async () => {
    await Run.service()
    const second = Run.of(['src/main.ts'], settings({ STORE_URL: `file:${folder}/other` }))
    expect(await second.ended).toEqual({ code: 1, signal: null })
    expect(second.output).toContain(String(port))
    expect(second.output).toContain('请停掉占着它的程序，或者在 PORT 里换一个端口')
    expect(second.output).not.toMatch(/^\s+at /m)
  })

  it.each(['nowhere.invalid', '192.0.2.1'])('is refused where HOST is %s, and names the setting', async HOST => {
    const run = Run.of(['src/main.ts'], settings({ HOST }))
    expect(await run.ended).toEqual({ code: 1, signal: null })
    expect(run.output).toMatch(/^听不了这个端口（.*HOST/m)
    expect(run.output).not.toMatch(/incident|^\s+at /m)
  })

  it('at another address is called there: by the simulator and by the command line', async () => {
    const run = await Run.service(settings({ HOST: '127.0.0.2' }))
    // The line for people comes behind the one that says ready.
    await expect.poll(() => run.output).toContain(`http://127.0.0.2:${port}/simulator`)
    const said = await cli('say', 'wangjianguo', '会议 新建 党课 后天19:00 村部 学习')
    expect(said).toMatchObject({ code: 0, output: expect.stringContaining('预览 d-1') })
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ userId: 'wangjianguo', text: '会议' })
    const spoken = await fetch(`http://127.0.0.2:${port}/simulator/api/say`, { method: 'POST', headers, body })
    expect(await spoken.json()).toMatchObject({ status: 200 })
  })

  it('goes on where nobody reads its log any more', async () => {
    const run = await Run.service(settings({ LOG_LEVEL: 'debug' }))
    run.child.stdout?.destroy()
    run.child.stderr?.destroy()
    for (let n = 0; n < 3; n += 1) {
      await fetch(url('/wecom/app?msg_signature=0&timestamp=0&nonce=0'), { method: 'POST', body: '<xml/>' })
      await delay(50)
    }
    expect((await fetch(url('/healthz'))).status).toBe(200)
  })
})

describe('the end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('comes with %s, within ten seconds, with code 0', async signal => {
    const run = await Run.service()
    // An open page holds a connection, and must not hold up the end.
    const stream = await fetch(url('/simulator/api/stream'))
    const began = Date.now()
    expect(await run.signal(signal)).toEqual({ code: 0, signal: null })
    expect(Date.now() - began).toBeLessThan(END_MS)
    await stream.body?.cancel().catch(() => undefined)
    expect(await readdir(join(folder, 'db'))).not.toContain('control.json')
  })

  it('by kill -9 does not keep it from starting again at once, with everything it acknowledged', async () => {
    const first = await Run.service()
    const { answer } = await control(
      'say',
      JSON.stringify({ userId: 'wangjianguo', line: '会议 新建 党课 后天19:00 村部 学习' }),
    )
    expect(answer.reply).toContain('预览')
    const gone = first.ended
    first.child.kill('SIGKILL')
    expect(await gone).toEqual({ code: null, signal: 'SIGKILL' })
    await Run.service()
    const again = await control('say', JSON.stringify({ userId: 'wangjianguo', line: '发布' }))
    expect(again.answer.reply).toContain('已发布 m-1')
  })
})

describe('a bug that nobody caught', () => {
  it.each(["throw(Error('hu'.concat('sh')))", "Promise.reject(Error('hu'.concat('sh')))"])(
    '%s ends it with code 1, an incident, and no words of it',
    async bug => {
      const hook = `--import=data:text/javascript,process.once('SIGUSR2',()=>{${bug}})`
      const run = await Run.service(settings({ NODE_OPTIONS: hook }))
      expect(await run.signal('SIGUSR2')).toEqual({ code: 1, signal: null })
      expect(run.output).toMatch(/"event":"un(caughtException|handledRejection)".*"incident":"E\d{6}"/)
      expect(run.output).not.toContain('hush')
    },
  )
})

describe('--fresh', () => {
  it('begins the simulated township again', async () => {
    const first = await Run.service()
    const line = '会议 新建 党课 后天19:00 村部 学习'
    await control('say', JSON.stringify({ userId: 'wangjianguo', line }))
    await first.signal('SIGTERM')
    const kept = await Run.service()
    const second = await control('say', JSON.stringify({ userId: 'wangjianguo', line }))
    expect(second.answer.reply).toContain('d-2')
    await kept.signal('SIGTERM')
    await Run.service(settings(), ['--fresh'])
    const begun = await control('say', JSON.stringify({ userId: 'wangjianguo', line }))
    expect(begun.answer.reply).toContain('d-1')
  })

  it('takes only what is the store’s, and a damaged store too', async () => {
    await (await Run.service()).signal('SIGTERM')
    await writeFile(join(folder, 'db/notes.txt'), 'mine')
    await writeFile(join(folder, 'db/people.json'), 'damaged')
    const refused = Run.of(['src/main.ts'], settings())
    expect((await refused.ended).code).toBe(1)
    await Run.service(settings(), ['--fresh'])
    expect(await readdir(join(folder, 'db'))).toContain('notes.txt')
    const { answer } = await control('say', JSON.stringify({ userId: 'wangjianguo', line: '会议' }))
    expect(answer).toMatchObject({ ok: true, reply: expect.stringContaining('会议') })
  })

  it('is refused while the bot runs, and with a real tenant', async () => {
    const run = await Run.service()
    const beside = Run.of(['src/main.ts', '--fresh'], settings({ PORT: String(await freePort()) }))
    expect((await beside.ended).code).toBe(1)
    expect(beside.output).toContain('正被另一个进程用着')
    await run.signal('SIGTERM')
    const tenant = Run.of(['src/main.ts', '--fresh'], settings(TENANT))
    expect((await tenant.ended).code).toBe(1)
    expect(tenant.output).toContain('--fresh 会删掉全部数据')
    expect(await readdir(join(folder, 'db'))).toContain('meta.json')
  })
})

describe('routes', () => {
  it('tell that it lives and is ready', async () => {
    await Run.service()
    expect(await (await fetch(url('/healthz'))).json()).toMatchObject({ ok: true })
    const ready = await fetch(url('/readyz'))
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({ ready: true, store: true, token: null })
  })

  it('for control refuse without the token, and what they cannot read', async () => {
    await Run.service()
    const line = JSON.stringify({ userId: 'wangjianguo', line: '会议' })
    const refused = [
      await control('say', line, { authorization: '' }),
      await control('say', line, { authorization: 'Bearer wrong' }),
      await control('say', 'not json'),
      await control('say', JSON.stringify({ userId: 'wangjianguo' })),
      await control('say', JSON.stringify({ userId: 'wangjianguo', line: 'x'.repeat(80_000) })),
      await control('roster', new Uint8Array(10 * 1024 * 1024 + 1), { 'content-type': 'text/csv' }),
      await control('clock', JSON.stringify({ now: 'soon' })),
      await control('clock', JSON.stringify({ now: '1999-01-01T00:00:00Z' })),
      await control('clock', JSON.stringify({ now: '9999-12-31T00:00:00Z' })),
    ]
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 400, 400, 413, 413, 400, 400, 400])
    for (const { answer } of refused) expect(answer).toEqual({ error: expect.any(String) })
    expect((await control('say', line)).answer).toMatchObject({ ok: true, reply: expect.any(String) })
  })

  it('for WeCom refuse what is not signed, not XML, or too large', async () => {
    await Run.service()
    const signed = '/wecom/app?msg_signature=0&timestamp=0&nonce=0'
    const post = async (path: string, body: string) => (await fetch(url(path), { method: 'POST', body })).status
    const statuses = [
      (await fetch(url(`${signed}&echostr=x`))).status,
      await post(signed, '<xml><Encrypt>x</Encrypt></xml>'),
      await post('/wecom/app', 'nonsense'),
      await post(signed, 'x'.repeat(1024 * 1024 + 1)),
    ]
    for (const status of statuses) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }
    expect(statuses[3]).toBe(413)
    expect((await fetch(url('/healthz'))).status).toBe(200)
  })
})

describe('the command line', () => {
  const ROSTER = '账号,姓名,支部,身份\nnewcomer,新来,水泉村党支部,正式党员\n'

  it('speaks and imports through the running service', async () => {
    await Run.service()
    const said = await cli('say', 'wangjianguo', '会议 新建 党课 后天19:00 村部 学习')
    expect(said).toMatchObject({ code: 0, output: expect.stringContaining('预览 d-1') })
    const published = await cli('say', 'wangjianguo', '发布')
    expect(published.output).toContain('已发布 m-1')
    expect(published.output).toMatch(/-> .*liuyang/)

    await writeFile(join(folder, 'roster.csv'), ROSTER)
    const dry = await cli('roster', 'import', join(folder, 'roster.csv'), '--dry-run')
    expect(dry).toMatchObject({ code: 0, output: expect.stringContaining('新来') })
    expect((await cli('say', 'newcomer', '会议')).output).toContain('不在名册')
    expect((await cli('roster', 'import', join(folder, 'roster.csv'))).code).toBe(0)
    expect((await cli('say', 'newcomer', '会议')).output).toContain('m-1')
  })

  it('imports a bank through the running service and on the store alone, by its content', async () => {
    const run = await Run.service()
    const file = join(folder, '村情.csv')
    await writeFile(file, '题目,选项A,选项B,答案\n村部在哪里？,东头,西头,B\n村里有山？,有,没有,C\n')
    const wrong = await cli('bank', 'import', file)
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('第 3 行“答案”：答案里的 C 不在选项里') })
    const dry = await cli('bank', 'import', file, '--skip-bad', '--dry-run')
    expect(dry).toMatchObject({
      code: 0,
      output: expect.stringContaining('还没有导入。会往题库“村情”（新建）加 1 道题'),
    })
    const done = await cli('bank', 'import', file, '--skip-bad', '--name', '村里的事')
    expect(done).toMatchObject({ code: 0, output: expect.stringContaining('已导入题库“村里的事”（新建）') })
    expect((await control('bank?name=x&skipBad=maybe', '1、甲？\n答案：对')).status).toBe(400)
    expect((await control('bank', '1、甲？\n答案：对')).answer).toEqual({ error: expect.stringContaining('?name=') })
    expect(await control('bank?name=x', '1、甲？\n答案：', { 'content-type': 'text/plain' })).toMatchObject({
      status: 422,
      answer: { ok: false, wrong: [{ column: '答案' }] },
    })
    expect((await control('bank?name=x', '1、甲？\n答案：对')).answer).toMatchObject({ ok: true, counts: { added: 1 } })
    await run.signal('SIGTERM')
    const again = await cli('bank', 'import', file, '--skip-bad')
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('没有新题，什么也没有改') })
  })

  it('does the same on the store where no service runs, also after one was killed', async () => {
    const run = await Run.service()
    await run.signal('SIGKILL')
    await writeFile(join(folder, 'roster.csv'), ROSTER)
    expect((await cli('roster', 'import', join(folder, 'roster.csv'))).code).toBe(0)
    const said = await cli('say', 'newcomer', '会议')
    expect(said).toMatchObject({ code: 0, output: expect.stringContaining('没有要您参加的会议') })
  })

  it('with a tenant and without a control token names the way through the running service', async () => {
    const tenant = settings({ ...TENANT, WECOM_API_BASE: 'http://127.0.0.1:9' })
    await Run.service(tenant)
    const said = await cliWith(tenant, 'say', 'wangjianguo', '会议')
    expect(said.code).toBe(1)
    expect(said.output).toMatch(/正被另一个进程用着[\s\S]*CONTROL_TOKEN/)
    expect(said.output).not.toMatch(/^\s+at /m)
  })

  it('says what is wrong with a file, by row, and ends with 1', async () => {
    await Run.service()
    await writeFile(join(folder, 'roster.csv'), '账号,姓名,支部,身份\nx1,某人,水泉村党支部,皇帝\n')
    const report = await cli('roster', 'import', join(folder, 'roster.csv'))
    expect(report.code).toBe(1)
    expect(report.output).toMatch(/2.*身份/)
  })

  it('explains itself, and refuses in a sentence', async () => {
    expect(await cli()).toMatchObject({ code: 2, output: expect.stringContaining('npm run say') })
    expect(await cli('say', 'x')).toMatchObject({ code: 2 })
    expect(await cli('clock', '2026-11-26T18:45:00+08:00')).toMatchObject({
      code: 1,
      output: '服务没有在运行。请先 npm start，再运行一次。\n',
    })
    expect(await cli('roster', 'import', 'x.csv', '--dryrun')).toMatchObject({
      code: 2,
      output: expect.stringContaining('npm run roster'),
    })
    const missing = await cli('roster', 'import', join(folder, 'nowhere.csv'))
    expect(missing.code).toBe(1)
    expect(missing.output).not.toMatch(/^\s+at /m)
  })

  it('lists the jobs, and runs one through the running service and on the store alone', async () => {
    const listed = await cli('job')
    expect(listed).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^meeting-close {2}\(\* \* \* \* \*\) {2}asks/m),
    })
    const run = await Run.service()
    await cli('say', 'wangjianguo', '会议 新建 党课 后天19:00 村部 学习')
    await cli('say', 'wangjianguo', '发布')
    const late = ['--at', '2026-11-27T09:00:00+08:00']
    const dry = await cli('job', 'meeting-close', ...late, '--dry-run')
    expect(dry).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^closed 1 of 1[\s\S]*-> .*wangjianguo.*\n.*自动结束/m),
    })
    await run.signal('SIGTERM')
    const ahead = await cli('job', 'meeting-close', ...late)
    expect(ahead, 'a minute that has not come closes nothing').toMatchObject({
      code: 0,
      output: 'closed 0 of 1 open meetings\n',
    })
    expect(await cli('job', 'nonsense')).toMatchObject({
      code: 1,
      output: '没有这个名字的任务。有哪些，请看：npm run job\n',
    })
    expect(await cli('job', 'meeting-close', '--at', 'tomorrow')).toMatchObject({
      code: 1,
      output: expect.stringContaining('--at'),
    })
  })

  it('runs jobs for scripts: what was sent, 404 for what there is not, 400 for no instant', async () => {
    await Run.service()
    const run = (name: string, body: object = {}) => control(`jobs/${name}`, JSON.stringify(body))
    const closed = await run('meeting-close', { at: '2026-11-27T09:00:00+08:00' })
    expect(closed).toEqual({ status: 200, answer: { ok: true, report: 'closed 0 of 0 open meetings', sent: [] } })
    expect((await run('meeting-close')).status).toBe(200)
    expect(await run('nonsense')).toEqual({ status: 404, answer: { error: 'there is no job of this name' } })
    expect((await run('meeting-close', { at: 'tomorrow' })).status).toBe(400)
    expect((await run('meeting-close', { dryRun: 'yes' })).status).toBe(400)
  })
})

describe('the doctor', () => {
  /** WeCom as far as the menu goes. */
  async function wecomThat(answer: object) {
    const asked: { path: string; body: string }[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const path = request.url ?? ''
      if (!path.includes('gettoken')) asked.push({ path, body })
      const token = { errcode: 0, errmsg: 'ok', access_token: 'T1', expires_in: 7200 }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(path.includes('gettoken') ? token : answer))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port: at } = server.address() as AddressInfo
    const env = settings({ ...TENANT, WECOM_API_BASE: `http://127.0.0.1:${at}`, CONTROL_TOKEN: 'c'.repeat(40) })
    return { asked, env, close: () => server.close() }
  }

  it('in simulator mode looks at what there is, and ends with 0, with a service or without', async () => {
    const alone = await cli('doctor')
    expect(alone).toMatchObject({ code: 0, output: expect.stringContaining('模拟器模式') })
    expect(alone.output).toContain('! 本程序没有在运行')
    await Run.service()
    const beside = await cli('doctor')
    expect(beside).toMatchObject({ code: 0, output: expect.stringContaining('✓ 名册：3 个支部') })
    expect(beside.output).not.toContain('\u001b')
  })

  it('names settings that are wrong, all of them, looks on, and ends with 1', async () => {
    const wrong = settings({ PORT: '99x', WECOM_SECRET: 'hush-hush', CONTROL_TOKEN: 'too-short' })
    for (const flags of [[], ['--report'], ['--menu']]) {
      const { code, output } = await cliWith(wrong, 'doctor', ...flags)
      expect(code).toBe(1)
      for (const name of ['PORT', 'CONTROL_TOKEN']) expect(output).toContain(`✗ ${name} 要`)
      expect(output).toContain('✗ WECOM_CORP_ID 没有填')
      expect(output).not.toMatch(/99x|hush|too-short|^\s+at /m)
    }
  })

  it('for a container says by its code alone whether the service is ready', async () => {
    expect(await cli('doctor', '--health')).toEqual({ code: 1, signal: null, output: '' })
    await Run.service()
    expect(await cli('doctor', '--health')).toEqual({ code: 0, signal: null, output: '' })
  })

  it('has no menu to make where no simulator runs', async () => {
    expect(await cli('doctor', '--menu')).toMatchObject({ code: 1, output: expect.stringContaining('先 npm start') })
  })

  it('creates the menu through the running service, and where none runs by itself', async () => {
    const wecom = await wecomThat({ errcode: 0, errmsg: 'ok' })
    const run = await Run.service(wecom.env)
    const through = await cliWith(wecom.env, 'doctor', '--menu')
    expect(through).toMatchObject({ code: 0, output: expect.stringContaining('应用菜单建好了') })
    await run.signal('SIGTERM')
    expect(await cliWith(wecom.env, 'doctor', '--menu')).toEqual(through)
    expect(wecom.asked.map(({ path }) => path)).toEqual(
      Array(2).fill('/cgi-bin/menu/create?agentid=1000002&access_token=T1'),
    )
    const { button } = JSON.parse(wecom.asked[0]?.body ?? '') as { button: { name: string }[] }
    expect(button.map(({ name }) => name)).toEqual(['签到', '我的', '帮助'])
    wecom.close()
  })

  it('reads the refused address out, with the page and the order', async () => {
    const wecom = await wecomThat({
      errcode: 60020,
      errmsg: 'not allow to access from your ip, from ip: 1.2.3.4, more',
    })
    const { code, output } = await cliWith(wecom.env, 'doctor')
    expect(code).toBe(1)
    expect(output).toContain('✗ 企业微信不认这台服务器的 IP（错误码 60020），收得到、发不出：企业微信看到的是 1.2.3.4')
    expect(output).toMatch(/→ 次序：.*\n.*\n.*设置API接收.*\n.*企业可信IP”：填上 1\.2\.3\.4/)
    const report = await cliWith(wecom.env, 'doctor', '--report')
    expect(report.output).toContain('错误码 60020')
    expect(report.output).not.toMatch(/1\.2\.3\.4|ww1234567890abcdef|a-secret/)
    wecom.close()
  })

  it('says what to do where WeCom refuses the menu', async () => {
    const wecom = await wecomThat({
      errcode: 60020,
      errmsg: 'not allow to access from your ip, from ip: 1.2.3.4, more',
    })
    await Run.service(wecom.env)
    const { code, output } = await cliWith(wecom.env, 'doctor', '--menu')
    expect(code).toBe(1)
    expect(output).toMatch(/60020.*1\.2\.3\.4.*可信IP/)
    expect(output).not.toMatch(/^\s+at /m)
    wecom.close()
  })
})
