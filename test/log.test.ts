import { afterEach, expect, it, vi } from 'vitest'
import { moveClock } from '../src/clock.ts'
import { log, logIncident, setLogLevel } from '../src/log.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function written(write: () => void): string {
  let text = ''
  setLogLevel('info')
  vi.spyOn(process.stdout, 'write').mockImplementation(piece => {
    text += String(piece)
    return true
  })
  write()
  return text
}

it('a log line is JSON with its instant in UTC, and cannot be made two', () => {
  moveClock(new Date('2026-11-26T19:00:00+08:00'))
  const text = written(() => log.info('asked', { path: '/x\n{"level":"error","event":"made up"}\u001b[31m' }))
  expect(text.split('\n')).toHaveLength(2)
  expect(text).not.toContain('\u001b')
  expect(JSON.parse(text)).toMatchObject({ level: 'info', event: 'asked', path: expect.stringContaining('made up') })
  expect(JSON.parse(text).at).toMatch(/^2026-11-26T11:00:00\.\d{3}Z$/)
})

it('a bug is logged by a number and its place in the program; what it says may be a member’s words', () => {
  let incident = ''
  const text = written(() => {
    incident = logIncident('failed', new Error('张三 13800000000'))
  })
  expect(incident).toMatch(/^E\d{6}$/)
  expect(JSON.parse(text)).toMatchObject({ level: 'error', incident, kind: 'Error' })
  expect(JSON.parse(text).stack).toContain('log.test.ts')
  expect(text).not.toMatch(/张三|138/)
})
