import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dayOf, moveClock, now } from '../../src/clock.ts'
import { surveySettings } from '../../src/config.ts'
import { judgeLocal, judgePublic, judgeScheme } from '../../src/doctor/callback.ts'
import { good, isFine, type Section, spellSections, warn } from '../../src/doctor/findings.ts'
import {
  checkBackups,
  checkFolder,
  checkHolidays,
  checkNode,
  judgeBackups,
  judgeChecked,
  judgeDisk,
} from '../../src/doctor/machine.ts'
import { explainRefusal } from '../../src/doctor/refusals.ts'
import { countRoster, judgeRange } from '../../src/doctor/roster.ts'
import { judgeHeard, judgeMode, judgeService, spellAge } from '../../src/doctor/running.ts'
import { checkSettings } from '../../src/doctor/settings.ts'
import { countRefusals, judgeAgent, judgeClock } from '../../src/doctor/wecom.ts'
import { WecomError, WecomUnreachableError } from '../../src/errors.ts'
import { adviceFor } from '../../src/wecom/errcodes.ts'

describe('settings', () => {
  const look = (env: Record<string, string>, fromFile: string[] = []) =>
    spellSections([checkSettings(surveySettings(fromFile, env), fromFile)], false)

  it('are told with their source, and secrets by their length alone', () => {
    const secrets = {
      WECOM_CORP_ID: 'ww1234567890abcdef',
      WECOM_SECRET: 'a-secret-of-ours',
      WECOM_TOKEN: 'callbackToken',
      WECOM_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      CONTROL_TOKEN: 'c'.repeat(40),
      HTTPS_PROXY: 'http://me:hush-hush@proxy.example:8080',
      ADMIN_USERIDS: 'luohong',
    }
    const text = look({ ...secrets, WECOM_AGENT_ID: '1000002', PORT: '4100' }, ['PORT', 'WECOM_SECRET'])
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
    expect(text).toMatch(/^ {2}PORT +\.env {2}4100$/m)
    expect(text).toMatch(/^ {2}WECOM_SECRET +\.env {2}（16 个字符）$/m)
    expect(text).toMatch(/^ {2}WECOM_AGENT_ID +环境变量 {2}1000002$/m)
    expect(text).toMatch(/^ {2}HOST +默认$/m)
    expect(text).toContain('✓ 设置都合要求')
  })

  it('that are wrong are all named, with where to find them, and never by value', () => {
    const text = look({ PORT: 'hush1', WECOM_TOKEN: 'hush-2', CLIENT_DEFAULT: 'hush3', HTTPS_PROXY: 'socks5://hush4' })
    expect(text).not.toContain('hush')
    for (const name of ['PORT', 'WECOM_TOKEN', 'CLIENT_DEFAULT', 'HTTPS_PROXY']) expect(text).toContain(`✗ ${name} 要`)
    for (const name of ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_AES_KEY'])
      expect(text).toContain(`✗ ${name} 没有填`)
    expect(text).toContain('→ 管理后台 → 我的企业 → 企业信息')
  })

  it('that nobody knows are named: a slip is as good as nothing', () => {
    expect(look({}, ['WECOM_CORPID', 'TZ', 'NODE_OPTIONS'])).toContain('! .env 里有 1 个不认识的名字：WECOM_CORPID')
  })

  it('that are only white space are not set', () => {
    expect(look({ BASE_URL: '  ' })).toMatch(/^ {2}BASE_URL +默认$/m)
  })
})

describe('backups', () => {
  const made = (day: string) => `${day}-024003-nightly.jsonl.gz`

  it('are fresh, overdue or not there', () => {
    const two = [made('2026-11-25'), made('2026-11-26')]
    expect(judgeBackups(two, '2026-11-26')).toMatchObject({
      level: 'good',
      fact: '最近一次备份是 2026-11-26，一共 2 份',
    })
    expect(judgeBackups(two, '2026-11-29').level).toBe('good')
    expect(judgeBackups(two, '2026-11-30')).toMatchObject({ level: 'bad', fact: expect.stringContaining('已经 4 天') })
    expect(judgeBackups([], '2026-11-26')).toMatchObject({
      level: 'warn',
      next: [expect.stringContaining('npm run backup')],
    })
  })

  it('that did not come back say why, and what to do of it', () => {
    const bad = (why: 'key' | 'damaged') => ({ bad: { file: made('2026-11-22'), day: '2026-11-22', why } })
    const said = (why: 'key' | 'damaged') => judgeChecked(bad(why), [made('2026-11-22')], '2026-11-26')
    expect(said('key')).toMatchObject([{ level: 'bad', next: [expect.stringContaining('BACKUP_KEY')] }])
    expect(said('damaged')).toMatchObject([{ level: 'bad', next: [expect.stringContaining('磁盘')] }])
  })

  it('that nobody tried to restore for two weeks are told', () => {
    const files = [made('2026-11-12'), made('2026-11-25')]
    const good = (day: string) => ({ good: { file: made(day), day } })
    expect(judgeChecked({}, files, '2026-11-24')).toEqual([])
    expect(judgeChecked({}, files, '2026-11-25')).toMatchObject([{ level: 'warn', fact: '备份还没有试着恢复过' }])
    expect(judgeChecked(good('2026-11-20'), files, '2026-11-25')).toEqual([])
    expect(judgeChecked(good('2026-11-10'), files, '2026-11-25')).toMatchObject([
      { level: 'warn', fact: '备份从 2026-11-10 起没有试着恢复过' },
    ])
  })

  it('are looked for where the service puts them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhibu-doctor-'))
    expect(await checkBackups(folder)).toMatchObject([{ level: 'warn' }])
    await mkdir(join(folder, 'backups'))
    await writeFile(join(folder, 'backups', made(dayOf(now()))), '')
    await writeFile(join(folder, 'backups', 'zettel.txt'), '')
    const fresh = { level: 'good', fact: expect.stringContaining('一共 1 份') }
    expect(await checkBackups(folder)).toMatchObject([fresh])
    const broken = { file: made('2026-11-22'), day: '2026-11-22' }
    await writeFile(join(folder, 'backups', 'checked.json'), JSON.stringify({ bad: broken }))
    expect(await checkBackups(folder)).toMatchObject([
      { level: 'bad', fact: '2026-11-22 检查备份，恢复不回原样', detail: broken.file },
      fresh,
    ])
    await writeFile(join(folder, 'backups', 'checked.json'), JSON.stringify({ begun: broken }))
    expect(await checkBackups(folder)).toMatchObject([{ level: 'warn', fact: '2026-11-22 检查备份，没有做完' }, fresh])
    await mkdir(join(folder, 'checking'))
    expect(await checkBackups(folder)).toMatchObject([fresh])
    await rm(join(folder, 'backups'), { recursive: true })
    // Root may read everything; what is no folder nobody can list.
    await writeFile(join(folder, 'backups'), '')
    expect(await checkBackups(folder)).toMatchObject([{ level: 'bad', fact: '备份的文件夹读不了' }])
    await rm(folder, { recursive: true })
  })
})

describe('this machine', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zhibu-doctor-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it.each([
    ['v18.20.0', 'bad'],
    ['v20.11.1', 'bad'],
    ['v20.12.0', 'warn'],
    ['v22.1.0', 'good'],
    ['v24.0.0', 'good'],
    ['v99.0.0', 'good'],
  ])('Node %s is %s in 2026', (version, level) => {
    moveClock(new Date('2026-11-26T10:00:00+08:00'))
    expect(checkNode(version).level).toBe(level)
  })

  it('Node is told when its support is over', () => {
    moveClock(new Date('2027-04-30T10:00:00+08:00'))
    expect(checkNode('v22.1.0').level).toBe('good')
    moveClock(new Date('2027-05-01T10:00:00+08:00'))
    expect(checkNode('v22.1.0')).toMatchObject({ level: 'warn', fact: expect.stringContaining('2027-04-30') })
  })

  it('writes into the data folder to see that it may, and leaves nothing there', async () => {
    expect((await checkFolder(folder)).level).toBe('good')
    expect(await readdir(folder)).toEqual([])
    await chmod(folder, 0o755)
    expect(await checkFolder(folder)).toMatchObject({ level: 'warn', next: [expect.stringContaining('chmod 700')] })
    expect((await checkFolder(join(folder, 'none'))).level).toBe('warn')
    await writeFile(join(folder, 'file'), '')
    expect((await checkFolder(join(folder, 'file'))).level).toBe('bad')
  })

  // Root may write anywhere; a folder of /proc refuses even him.
  it.runIf(process.platform === 'linux')('says what to do where it may not', async () => {
    expect(await checkFolder('/proc/self')).toMatchObject({ level: 'bad', next: [expect.stringContaining('chown')] })
  })

  it.each([
    [100e6, 'bad', '100.0 MB'],
    [500e6, 'warn', '500.0 MB'],
    [2.2e9, 'good', '2.2 GB'],
  ])('%i bytes free are %s', (bytes, level, said) => {
    const room = { freeBytes: bytes, totalBytes: 100 * 2 ** 30 }
    expect(judgeDisk(room)).toMatchObject({ level, fact: expect.stringContaining(said) })
  })

  it('misses the holidays of the next year in December', async () => {
    moveClock(new Date('2026-11-26T10:00:00+08:00'))
    expect(await checkHolidays(null)).toMatchObject([{ level: 'good' }])
    moveClock(new Date('2097-12-01T10:00:00+08:00'))
    expect(await checkHolidays('./data/db')).toMatchObject([
      {
        level: 'warn',
        fact: expect.stringContaining('2097、2098'),
        next: [expect.stringContaining('data/db/holidays.json')],
      },
    ])
  })

  it("names the file of holidays, the year and what is wrong, and takes the township's own years", async () => {
    moveClock(new Date('2097-12-01T10:00:00+08:00'))
    const year = (day: string) => ({ holidays: [day], workdays: [] })
    const own = join(folder, 'holidays.json')
    await writeFile(own, JSON.stringify({ '2097': year('2097-01-01'), '2098': year('2098-02-30') }))
    expect(await checkHolidays(folder)).toMatchObject([
      { level: 'bad', fact: expect.stringContaining('2098：2098-02-30 不是日期'), detail: own },
      { level: 'warn', fact: expect.stringMatching(/没有 2098 年/) },
    ])
    await writeFile(own, JSON.stringify({ '2097': year('2097-01-01'), '2098': year('2098-01-01') }))
    expect(await checkHolidays(folder)).toMatchObject([{ level: 'good' }])
  })
})

describe("WeCom's refusals", () => {
  const refused = (code: number, seenIp?: string) =>
    explainRefusal('看应用', new WecomError('agent/get', code, adviceFor(code), undefined, seenIp), false)
  const silent = (cause: string, proxied = false) =>
    explainRefusal('登录企业微信', new WecomUnreachableError('gettoken', false, { cause }), proxied)

  it('60020 is read out with the address, the page and the order', () => {
    const { fact, next, detail } = refused(60020, '203.0.113.9')
    expect(fact).toContain('60020')
    expect(detail).toContain('203.0.113.9')
    const steps = next.join('\n')
    expect(steps).toMatch(/本程序先运行 → 回调保存成功 → 再填 IP[\s\S]*设置API接收[\s\S]*企业可信IP.*203\.0\.113\.9/)
    expect(refused(60020).next.join()).toContain('服务器的公网 IP')
  })

  it.each([40001, 40013, 41002, 41004, 40056, 40091, 50003, 60011, 48002, 45009, 301002])(
    '%i says where to click',
    code => {
      const { level, fact, next } = refused(code)
      expect(level).toBe('bad')
      expect(fact).toContain(String(code))
      expect(next.length).toBeGreaterThan(0)
    },
  )

  it('a code that is not known has the advice of the table', () => {
    expect(refused(999999).fact).toContain('open.work.weixin.qq.com')
  })

  it.each([
    ['ENOTFOUND', '域名解析不了'],
    ['ECONNREFUSED', '连接被拒绝'],
    ['ERR_CANCELED', '几秒内没有回应'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', '证书不被信任'],
    ['HTTP 407', '代理要用户名和密码'],
    ['not JSON', '答的不是企业微信'],
    ['ECONNRESET', '连接断了'],
  ])('silence by %s: %s', (cause, said) => expect(silent(cause).fact).toContain(said))

  it('a proxy that is in use is named', () => {
    expect(silent('ECONNREFUSED', true).next[0]).toContain('正在用 HTTPS_PROXY')
    expect(silent('ECONNREFUSED').next[0]).not.toContain('正在用')
  })

  it('a bug is none of them', () => {
    expect(() => explainRefusal('x', new TypeError('bug'), false)).toThrow('bug')
  })
})

describe('what WeCom and the service tell', () => {
  it.each([
    [0, 'good'],
    [29_000, 'good'],
    [-45_000, 'warn'],
    [299_000, 'warn'],
    [301_000, 'bad'],
    [-86_400_000, 'bad'],
  ])('a clock %i ms away is %s', (difference, level) => expect(judgeClock(difference).level).toBe(level))

  it('which way the clock goes wrong', () => {
    expect(judgeClock(400_000).fact).toContain('慢 400 秒')
    expect(judgeClock(-400_000).fact).toContain('快 400 秒')
  })

  it('an app that is off, or for nobody, is red', () => {
    const agent = { name: '支部', closed: false, userIds: ['a'], departments: [1], tags: [] }
    expect(judgeAgent(agent)).toMatchObject({ level: 'good', detail: '支部' })
    expect(judgeAgent({ ...agent, closed: true }).level).toBe('bad')
    expect(judgeAgent({ ...agent, userIds: [], departments: [] }).level).toBe('bad')
  })

  it("WeCom's refusals since the start are told where somebody has to act, the most frequent first", () => {
    const calls = [
      { api: 'message/send', code: '0', count: 900 },
      { api: 'message/send', code: '42001', count: 2 },
      { api: 'message/send', code: '-1', count: 5 },
      { api: 'message/send', code: 'unreachable', count: 5 },
      { api: 'message/send', code: '81013', count: 1 },
      { api: 'appchat/send', code: '48002', count: 2 },
      { api: 'appchat/create', code: '48002', count: 1 },
    ]
    expect(countRefusals(calls)).toMatchObject([
      { level: 'warn', fact: '启动以来企业微信答过错误码：48002 3 次，81013 1 次' },
    ])
    expect(countRefusals(calls.slice(0, 4))).toEqual([])
  })

  it('who is outside the range is counted; what cannot be seen is no fault', () => {
    expect(judgeRange({ missing: 0, of: 30, unseen: 3 }).level).toBe('good')
    expect(judgeRange({ missing: 2, of: 30, unseen: 0 })).toMatchObject({
      level: 'bad',
      fact: expect.stringContaining('2 人'),
    })
    expect(judgeRange({ missing: 2, of: 30, unseen: 1 }).level).toBe('warn')
  })

  const township = {
    userIds: ['a'],
    withoutPhone: 0,
    withoutAccount: 0,
    branches: 1,
    chats: [],
    robots: 0,
    unreached: {},
  }
  it('a roster that is empty or has people without an account asks for one', () => {
    expect(countRoster(township).map(({ level }) => level)).toEqual(['good'])
    expect(countRoster({ ...township, userIds: [] })[0]?.next[0]).toContain('npm run roster')
    expect(countRoster({ ...township, withoutAccount: 2 })[1]?.fact).toContain('2 人没有企业微信账号')
  })

  it('a callback address is proved by what arrives', () => {
    type Seen = Parameters<typeof judgeHeard>[0]
    const heard = (more: Partial<Seen>) =>
      judgeHeard({ secondsSinceCallback: 7200, refused: { signature: 0 }, ...more })
    expect(heard({})).toMatchObject([{ level: 'good', fact: expect.stringContaining('2 小时前') }])
    expect(heard({ secondsSinceCallback: null })[0]?.level).toBe('warn')
    expect(heard({ secondsSinceCallback: 200_000 })[0]?.fact).toContain('2 天没有收到')
    expect(heard({ refused: { signature: 3, stale: 1 } })[1]?.fact).toContain('4 条')
  })

  it('a service that does not run is red with a tenant alone', () => {
    expect(judgeService({ is: 'none' }, false).level).toBe('bad')
    expect(judgeService({ is: 'none' }, true).level).toBe('warn')
    expect(judgeService({ is: 'other' }, true).fact).toContain('端口被别的程序占着')
  })

  it('a service with other settings than the doctor is told as that', () => {
    expect(judgeMode('wecom', true)).toMatchObject([{ level: 'bad', next: [expect.stringContaining('.env')] }])
    expect(judgeMode('simulator', false)).toMatchObject([{ level: 'bad', next: [expect.stringContaining('重启')] }])
    for (const [mode, simulated] of [
      ['wecom', false],
      ['simulator', true],
      [undefined, true],
    ] as const)
      expect(judgeMode(mode, simulated)).toEqual([])
  })

  it('the echo on this machine tells which setting differs', () => {
    expect(judgeLocal({ is: 'right', ms: 3 }).level).toBe('good')
    expect(judgeLocal({ is: 'wrong', status: 401 }).fact).toContain('Token')
    expect(judgeLocal({ is: 'wrong', status: 400 }).fact).toContain('EncodingAESKey')
    expect(judgeLocal({ is: 'wrong', status: 403 }).fact).toContain('钟差得太多')
    expect(judgeLocal({ is: 'wrong', status: 200 }).fact).toContain('不是本程序')
    expect(judgeLocal({ is: 'silent', code: 'TimeoutError' }).level).toBe('bad')
  })

  it('the echo by the public address tells what stands in between', () => {
    const address = 'https://zhibu.example'
    const judged = (echo: Parameters<typeof judgePublic>[0], heard = false) => judgePublic(echo, address, heard)
    expect(judged({ is: 'right', ms: 999 }).level).toBe('good')
    expect(judged({ is: 'right', ms: 1200 })).toMatchObject({
      level: 'warn',
      fact: expect.stringContaining('1200 毫秒'),
    })
    expect(judged({ is: 'wrong', status: 302 }).fact).toContain('被转到了别的网址')
    expect(judged({ is: 'wrong', status: 200 }).next.join()).toContain('反向代理')
    expect(judged({ is: 'silent', code: 'CERT_HAS_EXPIRED' }, true)).toMatchObject({ level: 'bad' })
    expect(judged({ is: 'silent', code: 'ENOTFOUND' }, true).fact).toContain('域名')
    expect(judged({ is: 'silent', code: 'ECONNREFUSED' }).level).toBe('bad')
    expect(judged({ is: 'silent', code: 'ECONNREFUSED' }, true).level).toBe('warn')
  })

  it('a public address without TLS is no secret', () => {
    expect(judgeScheme('http://zhibu.example')).toMatchObject([{ level: 'warn' }])
    for (const address of [
      'https://zhibu.example',
      'http://127.0.0.1:3000',
      'http://localhost:3000',
      'http://[::1]:3000',
    ])
      expect(judgeScheme(address)).toEqual([])
  })

  it.each([
    [5, '5 秒'],
    [65, '1 分钟'],
    [7199, '1 小时'],
    [172_800, '2 天'],
  ])('%i seconds are %s', (seconds, said) => expect(spellAge(seconds)).toBe(said))
})

describe('the page', () => {
  const page: Section[] = [{ title: '程序', lines: [], findings: [good('在运行'), warn('有点慢', '等一等', '三秒')] }]

  it('has colours on a screen alone, and steps below their fact', () => {
    expect(spellSections(page, false)).toBe('程序\n  ✓ 在运行\n  ! 有点慢：三秒\n      → 等一等')
    expect(spellSections([...page, { title: '空的', lines: [], findings: [] }], false)).not.toContain('空的')
    expect(spellSections(page, true)).toContain('\u001b[32m✓\u001b[0m 在运行')
  })

  it('fails by what is red alone', () => expect(isFine(page)).toBe(true))
})
