import { describe, expect, it } from 'vitest'
import { filesUnder, PROGRAM, read } from './sources.ts'

/** What holds for files whatever stands in them. */
const MOST_LINES = 300
const MOST_COMMAND_LINES = 100

const lines = (path: string): number => read(path).trimEnd().split('\n').length
const longer = (paths: readonly string[], most: number) =>
  paths.filter(path => lines(path) > most).map(path => `${path}: ${lines(path)}`)

describe('files', () => {
  it(`of the program have at most ${MOST_LINES} lines`, () => {
    const program = [...PROGRAM, ...filesUnder(['src'], /\.(js|css|html)$/)]
    expect(longer(program, MOST_LINES)).toEqual([])
  })

  it(`of commands and jobs have at most ${MOST_COMMAND_LINES} lines`, () => {
    expect(longer(filesUnder(['commands', 'jobs'], /\.ts$/), MOST_COMMAND_LINES)).toEqual([])
  })

  it('have ASCII names in kebab-case', () => {
    const wrong = filesUnder(['src', 'commands', 'jobs', 'test', 'data'], /./).filter(
      path => !path.split('/').every(part => /^[a-z\d]+(-[a-z\d]+)*(\.[a-z\d]+)*$/.test(part)),
    )
    expect(wrong).toEqual([])
  })

  it('are not named after nothing', () => {
    const names = /\/(utils?|helpers?|manager|common|misc)[./]/
    expect(filesUnder(['src', 'commands', 'jobs', 'test'], names)).toEqual([])
  })

  it('hold nothing that was put off', () => {
    const later = new RegExp(['TO', 'DO\\b|FIX', 'ME\\b|X', 'XX\\b'].join(''))
    const files = filesUnder(['src', 'commands', 'jobs', 'test', 'docs'], /\.(ts|js|css|html|md|csv)$/)
    expect([...files, 'README.md', 'README.zh-CN.md'].filter(path => later.test(read(path)))).toEqual([])
  })

  it('of commands and jobs export one default, and no other file does', () => {
    const isEntry = (path: string) => /^(commands|jobs)\//.test(path)
    const hasDefault = (path: string) => /^export default /m.test(read(path))
    expect(PROGRAM.filter(path => isEntry(path) !== hasDefault(path))).toEqual([])
  })
})

describe('what the product says', () => {
  // Built from pieces, so that this file is not what it looks for.
  const FORBIDDEN = [
    ['排', '名'],
    ['通', '报'],
    ['末', '位'],
    ['收到请', '回复'],
    ['未', '达标'],
    ['接', '龙'],
  ].map(pieces => pieces.join(''))

  it('never ranks, shames or asks for an answer in chorus', () => {
    const files = filesUnder(['src', 'commands', 'jobs', 'data'], /\.(ts|js|css|html|csv|json|jsonl)$/)
    const said = files.flatMap(path =>
      FORBIDDEN.filter(word => read(path).includes(word)).map(word => `${path}: ${word}`),
    )
    expect(said).toEqual([])
  })

  it('promises in the READMEs not to, in other words', () => {
    const readmes = ['README.md', 'README.zh-CN.md'].map(read)
    for (const readme of readmes) {
      expect(FORBIDDEN.slice(0, 4).filter(word => readme.includes(word))).toEqual([])
    }
  })
})
