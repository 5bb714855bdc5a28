import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository as text: what the house tests read. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export interface Import {
  /** The file that imports: 'src/bot/load.ts'. */
  from: string
  /** A file of ours ('src/domain/roster.ts'), or a package ('zod', 'node:fs'). */
  to: string
  ours: boolean
  /** 'types': nothing of it is left when the program runs. 'lists': besides types, constants in capitals alone. */
  takes: 'types' | 'lists' | 'anything'
}

/** Files under the folders, as paths from the root, sorted. A folder that is not there yet has none. */
export function filesUnder(folders: readonly string[], ending: RegExp): string[] {
  return folders
    .filter(folder => existsSync(join(ROOT, folder)))
    .flatMap(folder => walk(folder))
    .filter(path => ending.test(path))
}

function walk(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter(entry => entry.name !== 'db')
  return entries
    .map(entry => ({ path: posix.join(folder, entry.name), entry }))
    .flatMap(({ path, entry }) => (entry.isDirectory() ? walk(path) : [path]))
    .sort()
}

/** The program itself. */
export const PROGRAM = filesUnder(['src', 'commands', 'jobs'], /\.ts$/)

const STATEMENT = /^(?:import|export)\s(?<names>[^'";]*?)from\s+'(?<from>[^']+)'/gm
const BARE = /^import\s+'(?<from>[^']+)'/gm
const DYNAMIC = /\bimport\('(?<from>[^']+)'\)/g

export function importsOf(path: string, text = read(path)): Import[] {
  return [STATEMENT, BARE, DYNAMIC]
    .flatMap(pattern => [...text.matchAll(pattern)])
    .map(({ groups }) => {
      const named = groups?.from ?? ''
      const ours = named.startsWith('.')
      const to = ours ? posix.join(dirname(path), named) : named
      return { from: path, to, ours, takes: takenBy(groups?.names?.trim() ?? '*') }
    })
}

/** `names`: what stands between `import` and `from`. */
function takenBy(names: string): Import['takes'] {
  if (names.startsWith('type ')) return 'types'
  const list = /^\{(.*)\}$/s.exec(names)?.[1]
  if (list === undefined) return 'anything'
  const values = list.split(',').flatMap(name => (name.trim() && !name.trim().startsWith('type ') ? [name.trim()] : []))
  if (values.length === 0) return 'types'
  return values.every(name => /^[A-Z][A-Z_]*$/.test(name)) ? 'lists' : 'anything'
}

/** The text without comments, so that a rule about code is not broken by a sentence about it. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
