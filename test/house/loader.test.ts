import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LoadError, loadCommands, loadJobs } from '../../src/bot/load.ts'

/** A bot with a command missing is worse than no bot: whatever is wrong with a file stops the start and names it. */
const ZOD = import.meta.resolve('zod')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-commands-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const GOOD = {
  name: `'wave'`,
  aliases: `['招手', '挥 手']`,
  summary: `'挥挥手'`,
  moment: `'我'`,
  examples: `['/招手']`,
  allow: `'everyone'`,
  args: 'z.object({})',
  run: `async () => ({ text: '好' })`,
}

async function write(file: string, changes: Partial<Record<keyof typeof GOOD | 'once', string | null>> = {}) {
  const fields = Object.entries({ ...GOOD, ...changes }).filter(([, value]) => value !== null)
  const body = fields.map(([key, value]) => `  ${key}: ${value},`).join('\n')
  await writeFile(join(folder, file), `import { z } from '${ZOD}'\nexport default {\n${body}\n}\n`)
}

const refusal = async (): Promise<string> => {
  const error = await loadCommands(folder).then(
    () => new Error('it was loaded'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(LoadError)
  return (error as LoadError).message
}

describe('the loader', () => {
  it('takes what is right', async () => {
    await write('wave.ts')
    await write('bow.ts', { name: `'bow'`, aliases: `['鞠躬']` })
    const registry = await loadCommands(folder)
    expect(registry.commands.map(command => command.name)).toEqual(['bow', 'wave'])
    expect(registry.aliases.whole('挥手')?.name).toBe('wave')
    expect(() => registry.get('fly')).toThrow(LoadError)
  })

  it.each([
    ['name', `'Wave'`],
    ['name', null],
    ['aliases', '[]'],
    ['aliases', `'招手'`],
    ['summary', `''`],
    ['moment', `'饭后'`],
    ['examples', '[]'],
    ['allow', null],
    ['allow', '[]'],
    ['allow', `['king']`],
    ['allow', `'nobody'`],
    ['args', '{}'],
    ['run', `'fast'`],
    ['once', `'yes'`],
  ] as const)('refuses a file whose %s is %s', async (key, value) => {
    await write('wave.ts', { [key]: value })
    expect(await refusal()).toContain(join(folder, 'wave.ts'))
    expect(await refusal()).toContain(key)
  })

  it('refuses a file without a default export, and one that cannot be read as a program', async () => {
    await writeFile(join(folder, 'wave.ts'), 'export const wave = 1\n')
    expect(await refusal()).toContain(`${join(folder, 'wave.ts')}: default export`)
    await rm(join(folder, 'wave.ts'))
    await writeFile(join(folder, 'bow.ts'), 'export default {{\n')
    expect(await refusal()).toContain(`${join(folder, 'bow.ts')}: cannot be loaded`)
  })

  it('refuses a name that is not the file name', async () => {
    await write('hello.ts')
    expect(await refusal()).toBe(`${join(folder, 'hello.ts')}: its name is 'wave', it must be 'hello'`)
  })

  it('refuses an alias taken twice, whatever its case and spaces, and names both files', async () => {
    await write('bow.ts', { name: `'bow'`, aliases: `['Wave Hand']` })
    await write('wave.ts', { aliases: `['招手', 'waveHAND']` })
    expect(await refusal()).toBe(`${join(folder, 'wave.ts')}: alias 'waveHAND' is taken by ${join(folder, 'bow.ts')}`)
  })

  it('refuses an alias of more than two words', async () => {
    await write('wave.ts', { aliases: `['招 一 招']` })
    expect(await refusal()).toBe(`${join(folder, 'wave.ts')}: alias '招 一 招' has more than two words`)
  })
})

describe('the loader of jobs', () => {
  const JOB = {
    name: `'wave'`,
    summary: `'waves'`,
    cron: `'0 19 * * *'`,
    catchUpMinutes: '60',
    run: `async () => 'waved'`,
  }

  async function writeJob(changes: Partial<Record<keyof typeof JOB, string>> = {}) {
    const fields = Object.entries({ ...JOB, ...changes }).map(([key, value]) => `  ${key}: ${value},`)
    await writeFile(join(folder, 'wave.ts'), `export default {\n${fields.join('\n')}\n}\n`)
  }

  it('takes what is right', async () => {
    await writeJob()
    expect(await loadJobs(folder)).toMatchObject([{ name: 'wave', cron: '0 19 * * *' }])
  })

  it.each([
    ['name', `'bow'`],
    ['summary', `''`],
    ['cron', `'0 19 * *'`],
    ['cron', `'0 0 19 * * *'`],
    ['cron', `'61 19 * * *'`],
    ['catchUpMinutes', '-1'],
    ['run', `'waved'`],
  ])('refuses %s: %s, and names the file', async (key, value) => {
    await writeJob({ [key]: value })
    const error = await loadJobs(folder).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(LoadError)
    expect((error as LoadError).message).toContain('wave.ts')
    expect((error as LoadError).message).toContain(key)
  })
})
