import { describe, expect, it } from 'vitest'
import { hear } from '../../src/bot/hear.ts'
import { readArguments } from '../../src/bot/line.ts'
import { loadCommands } from '../../src/bot/load.ts'
import { SETTING_NAMES } from '../../src/config.ts'
import { errcodeOf } from '../../src/wecom/errcodes.ts'
import { filesUnder, ROOT, read } from './sources.ts'

/** The Chinese handbook: whoever types what it says is understood. */
const DOCUMENTS = ['README.zh-CN.md', ...filesUnder(['docs'], /\.zh-CN\.md$/)]
const registry = await loadCommands(`${ROOT}commands/`)

/** Words of a file or of a rule, not lines that somebody sends. */
const WORDS = new Set(
  `账号 姓名 支部 党小组 身份 党内职务 状态 入党日期 转正日期 缴费类别 月缴党费 流动党员 可免考勤 不计法定人数 表决权 微信 无手机
  管理员 原账号 对 错 解析： 出处： 题目 开 提醒 紧急 答案 及格80 2次 限时20分钟 部分给分 截止后公布 本月 四季度`.split(
    /\s+/,
  ),
)
const TITLES = /^(题型 题目|【答案】|第一部分|单选6|、$)/

const withoutFences = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '')
const spans = DOCUMENTS.flatMap(path =>
  [...withoutFences(read(path)).matchAll(/`([^`\n]+)`/g)].map(([, line = '']) => ({ path, line })),
)
const begins = /^\/?\p{Script=Han}/u
const lines = spans.filter(({ line }) => begins.test(line) && !WORDS.has(line) && !TITLES.test(line))

/** The secretary's page is followed on the sample township. */
const sampleNames = new Set(
  read('data/sample-roster.csv')
    .split('\n')
    .map(row => row.split(',')[1]),
)
const namesPerson = (word: string): boolean => /^(张三|李四|王五|\d{1,2})$/.test(word) || sampleNames.has(word)
const heardAs = (line: string) => hear({ line, via: 'text' }, { registry, awaited: null, stale: null })

describe('the Chinese handbook', () => {
  it.each(lines)('$line ($path) is a line that the bot understands', ({ line }) => {
    const heard = heardAs(line)
    expect(heard.kind).toBe('command')
    if (heard.kind !== 'command') return
    expect(() => readArguments(heard.command.args, heard.rest, { namesPerson })).not.toThrow()
  })

  it('names every command', () => {
    const named = new Set(
      spans.flatMap(({ line }) => {
        const heard = heardAs(line)
        return heard.kind === 'command' ? [heard.command.name] : []
      }),
    )
    expect(registry.commands.map(({ name }) => name).filter(name => !named.has(name))).toEqual([])
  })

  it('explains every setting, and every code of WeCom that somebody has to do something about', () => {
    const installer = read('README.zh-CN.md')
    for (const name of SETTING_NAMES) expect(installer, name).toContain(`\`${name}\``)
    const table = /## 企业微信的错误码\n([\s\S]*?)\n## /.exec(installer)?.[1] ?? ''
    const explained = new Set([...table.matchAll(/^\| ([-\d、]+) \|/gm)].flatMap(([, codes = '']) => codes.split('、')))
    const all = Array.from({ length: 1_000_000 }, (_, code) => code).filter(code => errcodeOf(code).action === 'admin')
    expect(all.length).toBeGreaterThan(30)
    expect(all.map(String).filter(code => !explained.has(code))).toEqual([])
  })

  it('runs what the command line knows', () => {
    const cli = `${read('src/cli.ts')}${filesUnder(['src/doctor'], /\.ts$/).map(read).join('')}`
    const known = (word: string) => cli.includes(word.replace(/^--/, ''))
    const run = DOCUMENTS.flatMap(path => [...read(path).matchAll(/npm run [a-z]+ -- ([^`\n]+)/g)])
    const words = run.flatMap(([, rest = '']) => rest.split(/\s+/)).filter(word => /^(--)?[a-z-]+$/.test(word))
    expect(words.length).toBeGreaterThan(10)
    expect(words.filter(word => !known(word))).toEqual([])
  })

  it('names files that exist, and shows pictures that say in words what they show', () => {
    for (const path of DOCUMENTS) {
      const text = read(path)
      const folder = path.startsWith('docs/') ? 'docs/' : ''
      const linked = [...text.matchAll(/\]\((?!http)([^)#]+)\)|src="([^"]+)"/g)].map(([, one, other]) => one ?? other)
      const files = [...filesUnder(['docs'], /./), 'README.md', 'SECURITY.md', 'CHANGELOG.md', 'README.zh-CN.md']
      expect(linked.map(link => `${folder}${link}`).filter(link => !files.includes(link))).toEqual([])
      const images = text.match(/<img [^>]*>/g) ?? []
      expect(images.filter(image => !/ alt="[^"]{8,}"/.test(image))).toEqual([])
    }
    const named = DOCUMENTS.flatMap(path => [
      ...read(path).matchAll(/`((?:docs|data)\/(?!db)[\w.-]+(?:\/[\w.-]+)?\.\w+)`/g),
    ])
    const there = filesUnder(['docs', 'data'], /./)
    expect(named.map(([, path = '']) => path).filter(path => !there.includes(path))).toEqual([])
  })

  it('keeps its pictures small', () => {
    const pictures = filesUnder(['docs'], /\.png$/)
    expect(pictures.length).toBeGreaterThan(10)
    for (const path of pictures) expect(read(path).length, path).toBeLessThan(150 * 1024)
  })

  it('promises not to rank or shame, in other words', () => {
    const forbidden = ['排' + '名', '通' + '报', '末' + '位', '收到请' + '回复']
    for (const path of DOCUMENTS) expect(forbidden.filter(word => read(path).includes(word))).toEqual([])
  })
})
