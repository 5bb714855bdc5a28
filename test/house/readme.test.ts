import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadCommands } from '../../src/bot/load.ts'
import { SETTING_NAMES } from '../../src/config.ts'
import { filesUnder, ROOT, read } from './sources.ts'

const README = read('README.md')
const CHINESE = read('README.zh-CN.md')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
/** Of what the READMEs name, these come into being later. */
const MADE = ['data/db', 'data/db/holidays.json', 'commands/officers.ts']
const ALL = [...filesUnder(['src', 'commands', 'data', 'docs', 'test'], /./), ...MADE]
const registry = await loadCommands(`${ROOT}commands/`)

describe('the READMEs', () => {
  it('name scripts that exist', () => {
    const named = [...`${README}${CHINESE}`.matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name ?? '')
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter(name => !scripts[name])).toEqual([])
    expect(scripts.start && scripts.test).toBeTruthy()
  })

  it('list every setting', () => {
    for (const name of SETTING_NAMES) expect(README, name).toContain(`\`${name}\``)
  })

  it('list every command by its first name, and no other', () => {
    const table = /## Commands\n([\s\S]*?)\n## /.exec(README)?.[1] ?? ''
    const listed = [...table.matchAll(/^\| `\/([^`\s]+(?: [^`\s]+)?)`/gm)].map(([, alias]) => alias ?? '')
    expect(listed.filter(alias => !registry.aliases.whole(alias))).toEqual([])
    expect(listed.sort()).toEqual(registry.commands.map(({ aliases }) => aliases[0]).sort())
  })

  it('name files and folders that exist', () => {
    const paths = [...README.matchAll(/`((?:src|commands|data|docs|test)\/[\w./-]*)`/g)].map(([, path]) => path ?? '')
    const known = (path: string) => ALL.some(file => file === path || file.startsWith(path))
    expect(paths.filter(path => !known(path))).toEqual([])
  })
  it('show a command that the loader takes as it stands', async () => {
    const [, file = '', source = ''] = /`commands\/([a-z-]+\.ts)`:\n\n```ts\n([\s\S]*?)```/.exec(README) ?? []
    const folder = await mkdtemp(join(tmpdir(), 'zhibu-readme-'))
    const absolute = source
      .replaceAll(`'../src/`, `'${pathToFileURL(ROOT)}src/`)
      .replace(`'zod'`, `'${import.meta.resolve('zod')}'`)
    await writeFile(join(folder, file), absolute)
    const [command] = (await loadCommands(folder)).commands
    await rm(folder, { recursive: true, force: true })
    expect(`${command?.name}.ts`).toBe(file)
    expect(registry.aliases.whole(command?.aliases[0] ?? '')).toBeUndefined()
  })
})
