import { describe, expect, it } from 'vitest'
import { filesUnder, importsOf, PROGRAM, read, withoutComments } from './sources.ts'

const SECURITY = read('SECURITY.md')
const PAGES = filesUnder(['src'], /\.js$/)
const SOURCES = [...PROGRAM, ...filesUnder(['src'], /\.m?js$/)]

/** Files in which the pattern stands, comments aside. */
const having = (pattern: RegExp, files: readonly string[] = SOURCES): string[] =>
  files.filter(path => pattern.test(withoutComments(read(path))))

describe('the program', () => {
  it('runs no other program, and no text as code', () => {
    const risky = /^node:(child_process|cluster|vm|repl|inspector)/
    expect(PROGRAM.filter(path => importsOf(path).some(({ to }) => risky.test(to)))).toEqual([])
    expect(having(/\beval\(|\bnew Function\(|set(Timeout|Interval)\(\s*['"`]/)).toEqual([])
  })

  it('makes no pattern of what somebody wrote: each is made of constants', () => {
    const parts = (text: string) =>
      [...text.matchAll(/new RegExp\(\s*(?:`([^`]*)`|(\w+))?/g)].flatMap(([, template, argument]) =>
        template === undefined ? [argument] : [...template.matchAll(/\$\{(.+?)\}/g)].map(([, part]) => part),
      )
    const isConstant = (part = '') => /^[A-Z][A-Z_]*\b|^point\(\d\)$/.test(part)
    const others = SOURCES.filter(path => !parts(withoutComments(read(path))).every(isConstant))
    // The names of an id and of a form's field, which the code passes on.
    expect(others.sort()).toEqual(['src/bot/command.ts', 'src/simulator/multipart.ts'])
  })

  it('takes what must not be guessed from node:crypto', () => {
    // A nonce that WeCom only repeats, a name of a form field, and what a screen calls itself to whom it showed its secret.
    expect(having(/Math\.random\(/).sort()).toEqual([
      'src/simulator/page/bubbles.js',
      'src/web/screen/screen.js',
      'src/wecom/envelope.ts',
    ])
  })

  it('checks certificates, follows no redirects and believes no forwarded header', () => {
    expect(having(/rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|checkServerIdentity/)).toEqual([])
    expect(having(/x-forwarded|x-real-ip|\.proxy = true|proxy: true/i)).toEqual([])
    expect(having(/\baxios\b/)).toEqual(['src/wecom/client.ts'])
    expect(read('src/wecom/client.ts')).toContain('maxRedirects: 0')
  })
})

describe('pages', () => {
  it('set text, never markup', () => {
    expect(PAGES.length).toBeGreaterThan(10)
    // The QR code, which the server draws of letters and digits alone.
    const drawn = 'src/web/screen/screen.js'
    const marked = having(/\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\bsrcdoc\b/, PAGES)
    expect(marked.filter(path => path !== drawn)).toEqual([])
  })
})

describe('SECURITY.md', () => {
  it('names tests that exist', () => {
    const named = [...SECURITY.matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = '']) => path)
    const tests = filesUnder(['test'], /\.test\.ts$/)
    expect(named.length).toBeGreaterThan(60)
    expect(named.filter(path => !tests.includes(path))).toEqual([])
  })

  it('names each item of the standard once, with a test, or a reason', () => {
    const rows = [...SECURITY.matchAll(/^\| ([\d. –]+?) +\| (.+?) *\| ?(.*?) *\|?$/gm)]
    const items = rows.flatMap(([, items = '']) => items.split(' '))
    expect(items.length).toBeGreaterThan(80)
    expect(items.filter(item => !/^\d{1,2}\.\d\.\d{1,2}(–\d{1,2}\.\d\.\d{1,2})?$/.test(item))).toEqual([])
    expect(items.filter((item, at) => items.indexOf(item) !== at)).toEqual([])
  })
})
