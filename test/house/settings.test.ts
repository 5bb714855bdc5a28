import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig, SETTING_NAMES } from '../../src/config.ts'
import { read } from './sources.ts'

const EXAMPLE = parseEnv(read('.env.example')) as Record<string, string>

const problems = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const WECOM = {
  WECOM_CORP_ID: 'ww1234567890abcdef',
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'a-secret',
  WECOM_TOKEN: 'callbackToken',
  WECOM_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

/** A value that is wrong for the setting, and that nobody may find in what is printed. */
const WRONG: Readonly<Record<string, string>> = {
  PORT: '70000secret',
  BASE_URL: 'secret.example',
  STORE_URL: 'secret-folder',
  WECOM_AGENT_ID: 'secret7',
  WECOM_TOKEN: 'secret-token',
  WECOM_AES_KEY: 'secretkey',
  WECOM_API_BASE: 'secret.example',
  CLIENT_DEFAULT: 'secret',
  CONTROL_TOKEN: 'secret',
  HTTPS_PROXY: 'socks5://secret',
  BACKUP_KEY: 'c2VjcmV0',
  CLOCK: 'secret',
  LOG_LEVEL: 'secret',
}

describe('.env.example', () => {
  it('has a line for each setting, and no other', () => {
    expect(Object.keys(EXAMPLE).sort()).toEqual([...SETTING_NAMES].sort())
  })

  it('says something about each', () => {
    const lines = read('.env.example').split('\n')
    const bare = lines.filter((line, at) => /^[A-Z]/.test(line) && !/^(#|WECOM_)/.test(lines[at - 1] ?? ''))
    expect(bare).toEqual([])
  })

  it('works as it is, and changes nothing', () => {
    expect(readConfig(EXAMPLE)).toEqual(readConfig({}))
  })
})

describe('settings', () => {
  it('may be left out altogether: the simulator', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      folder: './data/db',
      wecom: null,
      clientDefault: 'cards',
      controlToken: null,
      clockMovable: true,
    })
  })

  it('that are wrong are reported all at once, by name, and never by value', () => {
    const found = problems({ ...WECOM, ...WRONG })
    for (const name of Object.keys(WRONG))
      expect(found.filter(problem => problem.startsWith(`${name} `))).toHaveLength(1)
    expect(found.join('\n')).not.toContain('secret')
    expect(new ConfigError(found).message).not.toContain('secret')
  })

  it.each(Object.keys(WRONG))('%s alone is reported too', name => {
    expect(problems({ ...WECOM, [name]: WRONG[name] ?? '' }).map(problem => problem.split(' ')[0])).toContain(name)
  })

  it('have an address for links that ends without a slash, and none of their own where none is set', () => {
    expect(readConfig({}).baseUrl).toBeNull()
    expect(readConfig({ BASE_URL: ' https://zhibu.example.gov.cn/bot// ' }).baseUrl).toBe(
      'https://zhibu.example.gov.cn/bot',
    )
  })

  it('of WeCom are all needed, or none', () => {
    expect(problems({ WECOM_SECRET: 'hush' })).toEqual([
      expect.stringMatching(/^WECOM_CORP_ID 没有填/),
      expect.stringMatching(/^WECOM_AGENT_ID 没有填/),
      expect.stringMatching(/^WECOM_TOKEN 没有填/),
      expect.stringMatching(/^WECOM_AES_KEY 没有填/),
    ])
    expect(readConfig(WECOM)).toMatchObject({ host: '0.0.0.0', clientDefault: 'text', clockMovable: false })
    expect(readConfig(WECOM).wecom?.agentId).toBe(1_000_002)
  })

  it('that are missing and settings that are wrong are told together', () => {
    const found = problems({ WECOM_SECRET: 'hush', PORT: 'x', CLIENT_DEFAULT: 'x' })
    expect(found.map(problem => problem.split(' ')[0]).sort()).toEqual([
      'CLIENT_DEFAULT',
      'PORT',
      'WECOM_AES_KEY',
      'WECOM_AGENT_ID',
      'WECOM_CORP_ID',
      'WECOM_TOKEN',
    ])
  })

  it('lose the white space around them, as a copied value has it', () => {
    const padded = Object.fromEntries(Object.entries(WECOM).map(([name, value]) => [name, ` ${value}\t`]))
    expect(readConfig(padded).wecom).toEqual(readConfig(WECOM).wecom)
    expect(readConfig({ ADMIN_USERIDS: ' ZhenBan，office2 , ' }).adminUserIds).toEqual(['zhenban', 'office2'])
  })

  it.each([
    ['HTTPS_PROXY', 'http://proxy:port'],
    ['HTTPS_PROXY', 'http://u:p%@proxy:80'],
    ['HTTPS_PROXY', 'http://[hush'],
    ['WECOM_API_BASE', 'http://['],
    ['WECOM_API_BASE', 'https://wecom.example:99999'],
    ['BASE_URL', 'https://[hush'],
    ['BASE_URL', 'https://某某镇.example'],
    ['WECOM_CORP_ID', '企业ID'],
    ['WECOM_SECRET', 'Secret（点查看）'],
    ['WECOM_AGENT_ID', '99999999999999999999'],
    ['WECOM_AGENT_ID', String(2 ** 31 + 1)],
    ['CLOCK', '1999-12-31T00:00:00+08:00'],
    ['CLOCK', '9999-01-02T00:00:00+08:00'],
  ])('refuse what only looks right: %s=%s', (name, value) => {
    const found = problems({ ...WECOM, WECOM_API_BASE: 'http://127.0.0.1:8080', [name]: value })
    expect(found.map(problem => problem.split(' ')[0])).toEqual([name])
    expect(found[0]).not.toContain(value)
  })

  it('take a proxy with a user and an encoded password', () => {
    expect(readConfig({ HTTPS_PROXY: 'http://u:p%25@proxy.example:8080' }).proxy).toContain('p%25')
    expect(readConfig({ ...WECOM, WECOM_AGENT_ID: String(2 ** 31) }).wecom?.agentId).toBe(2 ** 31)
  })

  it('tell a clock that is not allowed together with what else is wrong', () => {
    const found = problems({ WECOM_SECRET: 'hush', PORT: 'x', CLOCK: '2026-11-26T18:45:00+08:00' })
    expect(found.map(problem => problem.split(' ')[0])).toEqual(
      expect.arrayContaining(['PORT', 'CLOCK', 'WECOM_TOKEN']),
    )
  })

  it('let the clock be moved with the simulator or a loopback WeCom only', () => {
    const CLOCK = '2026-11-26T18:45:00+08:00'
    expect(problems({ ...WECOM, CLOCK })).toEqual([expect.stringMatching(/^CLOCK /)])
    expect(problems({ ...WECOM, CLOCK, WECOM_API_BASE: 'https://127.example.com' })).toHaveLength(1)
    for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080']) {
      expect(problems({ ...WECOM, CLOCK, WECOM_API_BASE: `http://${host}` })).toEqual([])
    }
  })
})
