import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { read } from '../house/sources.ts'

const UNIT = 'docs/deploy/zhibu.service'
const lines = read(UNIT)
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
const valuesOf = (name: string) =>
  lines.filter(line => line.startsWith(`${name}=`)).map(line => line.slice(name.length + 1))
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts

describe('the systemd unit', () => {
  it('starts what `npm start` starts, without npm', () => {
    expect(valuesOf('ExecStart')).toEqual([`/usr/bin/${scripts.start}`])
  })

  it('gives the program longer to end than it takes, and starts it again whatever happens', () => {
    const [, ownMs = ''] = /^const END_MS = (\d+)$/m.exec(read('src/main.ts')) ?? []
    expect(Number(valuesOf('TimeoutStopSec')[0]) * 1000).toBeGreaterThan(Number(ownMs))
    expect(valuesOf('Restart')).toEqual(['always'])
    expect(valuesOf('StartLimitIntervalSec')).toEqual(['0'])
  })

  it('lets it write its records and nothing else, as nobody in particular', () => {
    expect(valuesOf('User')).toEqual(['zhibu'])
    expect(valuesOf('ProtectSystem')).toEqual(['strict'])
    expect(valuesOf('ReadWritePaths')).toEqual([`${valuesOf('WorkingDirectory')[0]}/data`])
    expect(valuesOf('CapabilityBoundingSet')).toEqual([''])
    expect(valuesOf('NoNewPrivileges')).toEqual(['yes'])
    // V8 makes its code at run time.
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([])
  })

  it('is a file of sections and settings', () => {
    const odd = lines.filter(line => !/^\[(Unit|Service|Install)\]$|^[A-Z][A-Za-z]+=/.test(line))
    expect(odd).toEqual([])
  })

  const path = fileURLToPath(new URL(`../../${UNIT}`, import.meta.url))
  const verify = () => spawnSync('systemd-analyze', ['verify', path])
  it.skipIf(verify().error)('is taken by systemd itself', () => {
    // Of a machine without this node or this user only that is said.
    const said = verify().stderr.toString().split('\n')
    expect(said.filter(line => /zhibu\.service/.test(line) && !/is not executable|No such file/.test(line))).toEqual([])
  })
})
