import { read } from '../house/sources.ts'

export interface Instruction {
  /** 'COPY' */
  name: string
  /** The rest of the line, continued lines joined: '--from=packages /app/node_modules node_modules/'. */
  rest: string
}

export const instructions: readonly Instruction[] = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter(line => line.trim() !== '')
  .map(line => {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (!name) throw new Error(`no instruction: ${line}`)
    return { name, rest: rest.trim() }
  })

/** Those of the stage that becomes the image. */
export const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))

export const the = (name: string): string => {
  const found = lastStage.filter(instruction => instruction.name === name)
  if (found.length !== 1) throw new Error(`${name}: ${found.length} times`)
  return found[0]?.rest ?? ''
}

/** ['node', '--import', …] of `CMD ["node", …]`, of `--interval=… CMD ["node", …]` too. */
export const words = (rest: string): string[] => JSON.parse(rest.slice(rest.indexOf('['))) as string[]

export const environment: Readonly<Record<string, string>> = Object.fromEntries(
  the('ENV')
    .split(/\s+/)
    .map(pair => pair.split('=') as [string, string]),
)

/** What comes from the folder of the program: 'src/', 'package.json'. */
export const copied: readonly string[] = lastStage
  .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
  .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))

interface Pattern {
  lets: boolean
  matches: RegExp
}

const patterns: readonly Pattern[] = read('.dockerignore')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(line => ({ lets: line.startsWith('!'), matches: asPath(line.replace(/^!/, '')) }))

/** Docker's rules: a pattern is about a path and all below it, `**` stands for any number of folders, the last that matches wins. */
function asPath(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]]/g, '\\$&')
    .replaceAll('**/', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '(.*/)?')
  return new RegExp(`^${source}(/.*)?$`)
}

/** Whether the file may reach the image at all. */
export const isSent = (path: string): boolean => patterns.findLast(({ matches }) => matches.test(path))?.lets ?? true
