import { existsSync } from 'node:fs'
import { chown, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resetClock } from '../../src/clock.ts'
import { readConfig, surveySettings } from '../../src/config.ts'
import { examine } from '../../src/doctor/examine.ts'
import { isFine, spellSections } from '../../src/doctor/findings.ts'
import { spellReport } from '../../src/doctor/report.ts'
import { CONTROL_TOKEN, Peer, readTownship } from '../process/peer.ts'
import { freePort } from '../smoke/process.ts'

/** The doctor beside a bot that runs as its own process against a simulated WeCom. */
const START = '2026-11-24T10:00:00+08:00'
const WITHIN_MS = 60_000

let peer: Peer
let township: string

beforeAll(async () => {
  township = await readTownship()
  peer = await Peer.start(township, START)
}, WITHIN_MS)
afterAll(async () => {
  await peer.close()
  resetClock()
})

async function looks(changed: Record<string, string> = {}) {
  const settings = { ...peer.settings(), ...changed }
  const survey = surveySettings([], settings)
  const examined = await examine(readConfig(settings), survey, [])
  const text = spellSections(examined.sections, false)
  return { fine: isFine(examined.sections), text, report: spellReport(examined, survey) }
}
const reds = (text: string) => text.split('\n').filter(line => line.includes('✗'))
const ownAddress = () => `http://127.0.0.1:${peer.settings().PORT}`

describe('the doctor beside a running service', { timeout: WITHIN_MS }, () => {
  it('finds nothing to mend where all is right', async () => {
    await peer.simulator.say('wangshuji', '帮助')
    const { fine, text } = await looks({ BASE_URL: ownAddress() })
    expect(reds(text)).toEqual([])
    expect(fine).toBe(true)
    for (const said of [
      '✓ 设置都合要求',
      '✓ 本程序在运行',
      '✓ 本机上的 /wecom/app 应答正确',
      `✓ 对外地址的 /wecom/app 应答正确`,
      '✓ 企业微信的消息进得来，最近一条在',
      '✓ 连得上企业微信，企业ID 和 Secret 是对的',
      '✓ 企业微信认这台服务器的 IP',
      '✓ 应用在用，可见范围：部门 1 个、成员 22 人、标签 0 个',
      '✓ 钟是准的',
      '人都在应用的可见范围',
    ])
      expect(text).toContain(said)
  })

  it('says nothing of the people but how many, and of secrets but how long', async () => {
    const { text, report } = await looks({ BASE_URL: ownAddress() })
    const settings = peer.settings()
    const rows = township
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(row => row.split(','))
    const heads = township.split('\n')[0]?.split(',') ?? []
    const [userId, name] = ['账号', '姓名'].map(head => heads.indexOf(head))
    const people = rows.flatMap(row => [row[userId ?? -1] ?? '', row[name ?? -1] ?? ''])
    expect(people.length).toBeGreaterThan(20)
    const secrets = ['WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_AES_KEY', 'CONTROL_TOKEN', 'WECOM_CORP_ID']
    for (const hidden of [...people, ...secrets.map(secret => settings[secret] ?? '')]) {
      expect(text.includes(hidden), hidden).toBe(false)
      expect(report.includes(hidden), hidden).toBe(false)
    }
    expect(report).not.toContain('水泉')
    expect(report).not.toContain('127.0.0.1')
    expect(report).not.toContain(peer.folder)
    expect(text).toContain(`WECOM_SECRET    环境变量  （${settings.WECOM_SECRET?.length} 个字符）`)
    expect(report).toMatch(/党员说的话：answered \d/)
    expect(report).toMatch(/记录：people \d+，branches 2/)
  })

  it('names settings that the running service does not have yet', async () => {
    const token = await looks({ WECOM_TOKEN: 'another' })
    expect(reds(token.text)).toEqual([expect.stringContaining('（401）：在运行的程序用的 Token')])
    expect(token.text).toContain('→ 改过 .env 的，重启本程序再查')
    const key = await looks({ WECOM_AES_KEY: 'B'.repeat(43) })
    expect(reds(key.text)).toEqual([expect.stringContaining('（400）')])
  })

  it('says where to click where the secret is wrong, or the corp', async () => {
    const secret = await looks({ WECOM_SECRET: 'another' })
    expect(reds(secret.text)).toEqual([expect.stringContaining('登录企业微信：企业微信答错误码 40001')])
    expect(secret.text).toContain('→ 管理后台 → 应用管理 → 自建 → 本应用：把 Secret 重新抄进 WECOM_SECRET')
    expect(secret.text).toContain('! 企业微信没有答，可见范围和支部群没有查')
  })

  it('where WeCom is out of reach says so once, in a sentence', async () => {
    const started = performance.now()
    const { text, fine } = await looks({ WECOM_API_BASE: 'http://127.0.0.1:9' })
    expect(fine).toBe(false)
    expect(reds(text)).toEqual([expect.stringContaining('连不上企业微信，连接被拒绝（ECONNREFUSED）')])
    expect(text).not.toMatch(/^\s+at /m)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('tells a public address that leads elsewhere', async () => {
    const moved = await looks({ BASE_URL: `${ownAddress()}/elsewhere` })
    expect(reds(moved.text)).toEqual([expect.stringContaining('对外地址的 /wecom/app 应答不对（404）')])
    const dead = await looks({ BASE_URL: `http://127.0.0.1:${await freePort()}` })
    // WeCom's messages arrive: so it is the way back that fails, and nothing is wrong.
    expect(reds(dead.text)).toEqual([])
    expect(dead.text).toContain('! 从本机绕回对外地址不通（ECONNREFUSED）')
  })

  it('counts who is outside the range, and misses a group, by its branch', async () => {
    await peer.simulator.say('wangshuji', '群 建')
    await peer.simulator.say('wangshuji', '发布')
    // WeCom has the group before the bot has written down that it has.
    await expect.poll(async () => (await looks()).text, { timeout: 15_000 }).toContain('✓ 支部群 1 个都在')
    // After its first post, which would find out by itself.
    await expect.poll(() => peer.simulator.groups[0]?.posts.length, { timeout: 15_000 }).toBe(1)
    peer.simulator.dissolveGroup(peer.simulator.groups[0]?.id ?? '')
    peer.simulator.deletePerson('zhangsan')
    const { text, report } = await looks()
    expect(reds(text)).toEqual([
      expect.stringContaining('名册上 1 人不在应用的可见范围'),
      expect.stringMatching(/1 个支部群里有 1 个已经不在了：水泉/),
    ])
    expect(text).not.toMatch(/zhangsan|张三/)
    expect(report).toContain('✗ 1 个支部群里有 1 个已经不在了\n')
  })

  it('goes on where groups are refused', async () => {
    peer.simulator.faults.refuseGroups = true
    const { text } = await looks()
    peer.simulator.faults.refuseGroups = false
    expect(text).toContain('✗ 看支部群（1 个）：企业微信答错误码 48002')
  })
})

it('that finds no settings where the service has some says that it looks in the wrong place', async () => {
  const { PORT = '' } = peer.settings()
  const examined = await examine(readConfig({ PORT, STORE_URL: `file:${peer.folder}/none` }), [], [])
  expect(reds(spellSections(examined.sections, false))).toEqual([
    expect.stringContaining('在运行的程序接着企业微信，这里却没有 WECOM_ 的设置'),
  ])
})

describe('metrics with a tenant', () => {
  it('are for whoever has the control token', async () => {
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${ownAddress()}/metrics`, { headers })
      return { status: response.status, text: await response.text() }
    }
    expect((await ask({})).status).toBe(401)
    expect(await ask({ authorization: 'Bearer wrong' })).toMatchObject({
      status: 401,
      text: expect.not.stringContaining('zhibu_'),
    })
    const known = await ask({ authorization: `Bearer ${CONTROL_TOKEN}` })
    expect(known).toMatchObject({ status: 200, text: expect.stringContaining('zhibu_clock_difference_seconds ') })
  })
})

describe('the doctor alone', { timeout: WITHIN_MS }, () => {
  it('without a control token tells what it could not look at', async () => {
    // As a service that announced nothing: another data folder, the same port.
    const { text, fine } = await looks({ STORE_URL: 'file:/tmp/zhibu-nowhere', CONTROL_TOKEN: '' })
    expect(text).toContain('✓ 本程序在运行')
    expect(text).toContain('! 没有设 CONTROL_TOKEN')
    expect(text).toContain('! 还没有数据文件夹')
    expect(fine).toBe(true)
  })

  it('reads the store itself where no service runs, and says that none does', async () => {
    expect(await peer.terminate()).toBe(0)
    const { text } = await looks()
    expect(reds(text)[0]).toContain('本程序没有在运行')
    expect(text).toContain('启动：node --import tsx src/main.ts')
    expect(text).toMatch(/✓ 名册：2 个支部，收得到消息的 \d+ 人/)
    expect(text).toContain('名册上 1 人不在应用的可见范围')
  })

  it.runIf(process.getuid?.() === 0)(
    'leaves the store of another user alone, lest he could not read it any more',
    async () => {
      const { uid, gid } = await stat(peer.folder)
      await chown(peer.folder, 65_534, gid)
      const { text } = await looks()
      await chown(peer.folder, uid, gid)
      expect(text).toMatch(/✗ 数据打不开.*/)
      expect(text).toContain("sudo -u '#65534'")
    },
  )

  it('of another corp says whose data it is and how to move it away', async () => {
    const { fine, text } = await looks({ WECOM_CORP_ID: 'ww0000000000000000' })
    expect(fine).toBe(false)
    expect(text).toMatch(
      /✗ 数据打不开[\s\S]*里的数据是企业 \S+ 的，现在设置的是 ww0000000000000000[\s\S]*：mv (\S+) \1\.\d{4}-\d{2}-\d{2}-\d{4}/,
    )
  })

  it('begins no store by looking', async () => {
    const nowhere = join(peer.folder, 'nowhere')
    await looks({ STORE_URL: `file:${nowhere}` })
    expect(existsSync(nowhere)).toBe(false)
  })

  it('does not wait for a WeCom that takes calls and never answers', async () => {
    peer.hang()
    const started = performance.now()
    const { text } = await looks()
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(text).toContain('✗ 登录企业微信：连不上企业微信，几秒内没有回应（ERR_CANCELED）')
  })
})
