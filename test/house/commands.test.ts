import { describe, expect, it } from 'vitest'
import { hear } from '../../src/bot/hear.ts'
import { readArguments } from '../../src/bot/line.ts'
import { loadCommands } from '../../src/bot/load.ts'
import { APP_MENU } from '../../src/wecom/menu.ts'
import { filesUnder, ROOT } from './sources.ts'

/** What every command has in common, whatever commands there are. */
const registry = await loadCommands(`${ROOT}commands/`)
const examples = registry.commands.flatMap(command => command.examples.map(example => ({ command, example })))
const nobody = { registry, awaited: null, stale: null }

/** Names and row numbers as they stand in examples; the rest of a line names nobody. */
const namesPerson = (word: string): boolean => /^(张三|李四|王五|赵六|张伟|\d{1,2}|[a-z]{2,3})$/.test(word)

describe('commands', () => {
  it('are all the files of commands/', () => {
    const files = filesUnder(['commands'], /\.ts$/)
    expect(registry.commands.map(({ name }) => `commands/${name}.ts`).sort()).toEqual(files)
  })

  it.each(examples)('$example is heard as $command.name and understood', ({ command, example }) => {
    const heard = hear({ line: example, via: 'text' }, nobody)
    expect(heard).toMatchObject({ kind: 'command', command: { name: command.name } })
    if (heard.kind !== 'command') return
    expect(() => readArguments(command.args, heard.rest, { namesPerson })).not.toThrow()
  })

  it.each(examples)('$example means the same without the slash', ({ command, example }) => {
    expect(hear({ line: example.replace(/^\//, ''), via: 'text' }, nobody)).toMatchObject({
      kind: 'command',
      command: { name: command.name },
    })
  })

  it.each(registry.commands)(
    '$name has examples that begin with a slash and use its first name or another',
    command => {
      for (const example of command.examples) expect(example).toMatch(/^\/[^\s/]/)
      expect(command.summary.length).toBeLessThanOrEqual(24)
      expect(command.summary).not.toMatch(/[。！]$/)
    },
  )

  it('answer every alias, in one word, in two, with the slash and with the wide slash', () => {
    for (const command of registry.commands) {
      for (const alias of command.aliases) {
        for (const line of [alias, `/${alias}`, `／${alias}`, alias.replace(' ', ''), alias.toUpperCase()]) {
          const heard = hear({ line, via: 'text' }, nobody)
          expect(heard, line).toMatchObject({ kind: 'command', command: { name: command.name } })
        }
      }
    }
  })

  it('are what the entries of the app’s menu say', () => {
    const keys = APP_MENU.button.flatMap(entry =>
      'sub_button' in entry ? entry.sub_button.map(sub => sub.key) : [entry.key],
    )
    const heard = keys.map(line => hear({ line, via: 'click' }, nobody))
    expect(heard.map(one => (one.kind === 'command' ? one.command.name : one.kind))).toEqual([
      'check-in',
      'check-in',
      'me',
      'help',
    ])
  })
})
