import { execFile } from 'node:child_process'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { restoreBackup } from '../../src/backup/restoring.ts'
import { now } from '../../src/clock.ts'
import { environment } from '../smoke/process.ts'
import { CORP_ID, Peer, readTownship } from './peer.ts'

let peer: Peer | undefined
afterEach(async () => {
  await peer?.close()
  peer = undefined
})

const KEY = Buffer.alloc(32, 7)

it('backed up while it runs, killed, restored and started it answers a repeat as before and knows nothing later', async () => {
  peer = await Peer.start(await readTownship(), '2026-11-24T10:00:00+08:00', { BACKUP_KEY: KEY.toString('base64') })
  const { simulator, folder } = peer
  const said = (line: string, msgId: string) => simulator.say('zhangsan', line, { msgId })
  const { reply } = await said('建议 多开会', '9000000000000000001')
  expect(reply).toContain('s-1')
  const made = await peer.control('backup', {})
  expect(made).toMatchObject({ ok: true, text: [expect.stringMatching(/^备份好了：.*\.aes，\d+ 条记录/)] })
  expect((await said('建议 少开会', '9000000000000000002')).reply).toContain('s-2')

  const [name = ''] = await readdir(join(folder, 'backups'))
  const path = join(folder, 'backups', name)
  const restore = () => restoreBackup({ path, folder, corpId: CORP_ID, key: KEY })
  await expect(restore()).rejects.toThrow('服务正在使用')
  await peer.kill()
  await expect(restore()).rejects.toThrow('已经有数据')
  const copy = `${folder}.copy`
  await rename(path, copy)
  await rm(folder, { recursive: true })
  expect((await restoreBackup({ path: copy, folder, corpId: CORP_ID, key: KEY })).records).toBeGreaterThan(200)
  await rm(copy)

  await peer.startBot(now().toISOString())
  expect((await said('建议 多开会', '9000000000000000001')).reply).toBe(reply)
  expect((await said('建议 再说', '9000000000000000003')).reply).toContain('s-2')
})

it('refuses a folder that cannot be written, in words, and bodies that are none', async () => {
  peer = await Peer.start(await readTownship(), '2026-11-24T10:00:00+08:00')
  expect(await peer.control('backup', { to: join(peer.folder, 'nowhere') })).toMatchObject({
    error: expect.stringContaining('没有这个文件夹'),
  })
  expect(await peer.control('backup', { to: 7 })).toMatchObject({ error: expect.stringContaining('to') })
})

it('on the command line says what came back, and what to do where it cannot', async () => {
  const run = promisify(execFile)
  const cli = async (args: readonly string[], env: Record<string, string>) => {
    const at = { cwd: new URL('../..', import.meta.url), env: environment({ PORT: '1', ...env }) }
    return run(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], at).then(
      ({ stdout }) => stdout,
      ({ code, stderr }) => `${code}: ${stderr}`,
    )
  }
  peer = await Peer.start(await readTownship(), '2026-11-24T10:00:00+08:00')
  await peer.terminate()
  const { folder } = peer
  const corp = {
    WECOM_CORP_ID: CORP_ID,
    WECOM_AGENT_ID: '1',
    WECOM_SECRET: 's',
    WECOM_TOKEN: 't',
    WECOM_AES_KEY: 'a'.repeat(43),
    WECOM_API_BASE: 'http://127.0.0.1:9',
    CLOCK: '2026-11-24T10:30:00+08:00',
  }
  const env = { ...corp, STORE_URL: `file:${folder}` }
  expect(await cli(['backup', '--to', folder], env)).toMatch(/备份好了：.*没有加密/s)
  const name = (await readdir(folder)).find(file => file.includes('by-hand')) ?? ''
  const file = join(folder, name)
  expect(await cli(['backup'], { STORE_URL: `file:${folder}/nowhere` })).toMatch(/^1: .*没有数据，不用备份/)
  expect(await cli(['restore', file], env)).toMatch(/^1: .*已经有数据/)
  expect(await cli(['restore', file], { STORE_URL: `file:${folder}/new` })).toMatch(/^1: .*WECOM_CORP_ID/)
  expect(await cli(['restore', file], { ...corp, STORE_URL: `file:${folder}/new` })).toMatch(
    /^恢复好了：2026-11-24 10:30 的备份，\d+ 条记录.*现在可以启动服务/,
  )
}, 120_000)
