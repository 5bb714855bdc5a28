import { describe, expect, it } from 'vitest'
import { type Import, importsOf, PROGRAM, read, withoutComments } from './sources.ts'

/**
 * Who may import whom. Each row: the files it is about, and what they may import of ours besides their own folder.
 * `types:` in front: for types alone; `lists:` for types and the lists in capitals that they are made of. A file that no row is
 * about fails.
 */
const WIRING = [
  'src/main.ts',
  'src/cli.ts',
  'src/service.ts',
  'src/simulated.ts',
  'src/papers.ts',
  'src/say.ts',
  'src/vitals.ts',
  'src/control-file.ts',
  'src/backup-commands.ts',
  'src/control-client.ts',
  'src/demonstration.ts',
  'src/demonstration-dues.ts',
]
const SHARED = ['src/errors.ts', 'src/clock.ts']

const TABLE: readonly (readonly [folder: string, may: readonly string[]])[] = [
  [
    'commands/',
    [
      ...SHARED,
      'src/bot/command.ts',
      'src/bot/message.ts',
      'src/domain/',
      'src/meeting/',
      'src/branch/',
      'src/notice/',
      'src/dues/',
      'src/study/',
      'src/person/',
      'src/office/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'src/export/',
    ],
  ],
  [
    'jobs/',
    [
      ...SHARED,
      'src/bot/job.ts',
      'src/bot/message.ts',
      'src/domain/',
      'src/meeting/',
      'src/branch/',
      'src/notice/',
      'src/dues/',
      'src/study/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'src/export/',
    ],
  ],
  [
    'src/meeting/',
    [
      ...SHARED,
      'src/log.ts',
      'src/bot/command.ts',
      'types:src/bot/message.ts',
      'src/domain/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'types:src/export/',
    ],
  ],
  [
    'src/branch/',
    [
      ...SHARED,
      'src/bot/command.ts',
      'types:src/bot/message.ts',
      'src/domain/',
      'src/meeting/',
      'src/notice/',
      'src/dues/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'types:src/export/',
    ],
  ],
  [
    'src/person/',
    [
      ...SHARED,
      'src/bot/command.ts',
      'types:src/bot/message.ts',
      'src/domain/',
      'src/meeting/',
      'src/dues/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
    ],
  ],
  [
    'src/dues/',
    [
      ...SHARED,
      'src/bot/command.ts',
      'types:src/bot/message.ts',
      'src/domain/',
      'src/meeting/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'types:src/export/',
    ],
  ],
  [
    'src/office/',
    [
      ...SHARED,
      'types:src/bot/command.ts',
      'types:src/bot/message.ts',
      'src/domain/',
      'src/meeting/paper.ts',
      'src/meeting/persons.ts',
      'src/meeting/words.ts',
      'src/branch/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'types:src/export/',
    ],
  ],
  [
    'src/study/',
    [
      ...SHARED,
      'src/bot/command.ts',
      'types:src/bot/job.ts',
      'types:src/bot/message.ts',
      'src/domain/',
      'src/meeting/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'types:src/export/',
    ],
  ],
  [
    'src/notice/',
    [
      ...SHARED,
      'src/bot/command.ts',
      'types:src/bot/message.ts',
      'src/domain/',
      'src/meeting/',
      'src/store/collections.ts',
      'types:src/store/records.ts',
    ],
  ],
  [
    'src/domain/',
    [...SHARED, 'data/', 'lists:src/store/collections.ts', 'types:src/store/records.ts', 'types:src/bot/message.ts'],
  ],
  [
    'src/bot/',
    [
      ...SHARED,
      'src/log.ts',
      'src/recent.ts',
      'src/domain/roster.ts',
      'src/domain/quiet.ts',
      'src/domain/parameters.ts',
      'src/domain/people.ts',
      'src/domain/meeting.ts',
      'src/domain/group.ts',
      'src/store/',
    ],
  ],
  [
    'src/import/',
    [
      ...SHARED,
      'src/log.ts',
      'src/domain/',
      'src/branch/registering.ts',
      'src/branch/sync.ts',
      'types:src/bot/message.ts',
      'src/store/collections.ts',
      'types:src/store/records.ts',
    ],
  ],
  ['src/store/', [...SHARED, 'src/log.ts', 'types:src/bot/message.ts']],
  ['src/backup/', [...SHARED, 'src/log.ts', 'src/store/']],
  ['src/wecom/', [...SHARED, 'src/log.ts', 'src/recent.ts', 'types:src/bot/message.ts']],
  ['src/export/', [...SHARED, 'src/log.ts', 'types:src/bot/message.ts']],
  ['src/http/', [...SHARED, 'src/log.ts', 'src/wecom/callback.ts']],
  [
    'src/web/',
    [
      ...SHARED,
      'src/log.ts',
      'src/store/collections.ts',
      'types:src/store/records.ts',
      'src/domain/',
      'src/meeting/close-due.ts',
      'src/meeting/roll.ts',
      'src/meeting/words.ts',
    ],
  ],
  ['src/simulator/', ['src/clock.ts', 'src/wecom/crypto.ts', 'src/wecom/xml.ts']],
  [
    'src/doctor/',
    [
      ...SHARED,
      'package.json',
      'src/backup/keeping.ts',
      'src/config.ts',
      'src/control-file.ts',
      'src/control-client.ts',
      'src/domain/',
      'src/holiday-files.ts',
      'src/store/',
      'src/wecom/',
    ],
  ],
  ['src/clock.ts', []],
  ['src/errors.ts', []],
  ['src/recent.ts', []],
  ['src/config.ts', ['src/clock.ts']],
  ['src/holiday-files.ts', ['src/domain/holidays.ts']],
  ['src/log.ts', ['src/clock.ts']],
]

/** One owner per outside library: in one place it can be looked after, tested against its limits, and exchanged. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  koa: ['src/http/', 'src/web/', 'src/simulator/', 'types:src/service.ts'],
  '@koa/router': ['src/http/', 'src/web/', 'src/simulator/'],
  axios: ['src/wecom/client.ts'],
  saxes: ['src/wecom/xml.ts'],
  lowdb: ['src/store/lowdb.ts'],
  'node-cron': ['src/bot/scheduler.ts'],
  dayjs: ['src/clock.ts'],
  'csv-parse': ['src/import/sheet.ts', 'src/simulator/directory.ts'],
  // Read where files come in, written where they go out.
  hucre: ['src/export/', 'src/import/'],
  docx: ['src/export/docx.ts', 'src/export/docx-parts.ts', 'src/export/docx-form.ts', 'src/export/docx-poster.ts'],
  mammoth: ['src/import/docx.ts'],
  'chinese-days': ['src/domain/holidays.ts'],
  'pinyin-pro': ['src/domain/spelling.ts'],
  'fastest-levenshtein': ['src/bot/manual.ts'],
  nzh: ['src/domain/money.ts'],
  'ts-fsrs': ['src/study/review.ts'],
  uqr: ['src/web/'],
  zod: ['src/', 'commands/', 'jobs/'],
}

const program = PROGRAM.flatMap(path => importsOf(path))
const ours = program.filter(one => one.ours)
const packages = program.filter(one => !one.ours && !one.to.startsWith('node:'))
const said = ({ from, to, takes }: Import) => `${from} imports ${takes} of ${to}`

function covers(rule: string, path: string, takes: Import['takes']): boolean {
  const [, limit, where = rule] = /^(types|lists):(.+)$/.exec(rule) ?? []
  if (limit === 'types' && takes !== 'types') return false
  if (limit === 'lists' && takes === 'anything') return false
  return where.endsWith('/') ? path.startsWith(where) : path === where
}

describe('who may import whom', () => {
  it('reads every form of import', () => {
    const text = `import { a } from './a.ts'\nimport type { B } from '../b.ts'\nimport {\n  C,\n  type D,\n} from 'c'\nimport './e.ts'\nexport { type F } from './f.ts'\nconst g = await import('g')\n`
    const found = importsOf('src/bot/x.ts', text).map(one => [one.to, one.takes])
    expect(found).toHaveLength(6)
    expect(found).toEqual(
      expect.arrayContaining([
        ['src/bot/a.ts', 'anything'],
        ['src/b.ts', 'types'],
        ['c', 'lists'],
        ['src/bot/e.ts', 'anything'],
        ['src/bot/f.ts', 'types'],
        ['g', 'anything'],
      ]),
    )
  })

  it('is as the table says', () => {
    const wrong = ours.filter(one => {
      if (WIRING.includes(one.from)) return false
      const row = TABLE.find(([folder]) => covers(folder, one.from, 'anything'))
      if (!row) return true
      const own = row[0].startsWith('src/') && row[0].endsWith('/') ? [row[0]] : []
      return ![...row[1], ...own].some(rule => covers(rule, one.to, one.takes))
    })
    expect(wrong.map(said)).toEqual([])
  })

  it('leaves the two entries alone: nobody imports main.ts or cli.ts', () => {
    expect(ours.filter(one => /^src\/(main|cli)\.ts$/.test(one.to)).map(said)).toEqual([])
  })

  it('keeps commands and jobs apart from each other', () => {
    expect(ours.filter(one => /^(commands|jobs)\//.test(one.to)).map(said)).toEqual([])
  })

  it('gives every outside library one owner', () => {
    const wrong = packages.filter(one => {
      const name = one.to
        .split('/')
        .slice(0, one.to.startsWith('@') ? 2 : 1)
        .join('/')
      return !OWNERS[name]?.some(rule => covers(rule, one.from, one.takes))
    })
    expect(wrong.map(said)).toEqual([])
  })

  it('imports what package.json names, and all of that', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const used = new Set(
      packages.map(one =>
        one.to
          .split('/')
          .slice(0, one.to.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    )
    // tsx is how the program is run: package.json's scripts name it.
    expect(Object.keys(dependencies).filter(name => name !== 'tsx')).toEqual([...used].sort())
  })
})

describe('one reader', () => {
  const users = (pattern: RegExp, except: string) =>
    PROGRAM.filter(path => path !== except && pattern.test(withoutComments(read(path))))

  it('of the environment: config.ts', () => {
    expect(users(/process\.env|loadEnvFile\(['"]/, 'src/config.ts')).toEqual([])
  })

  it('of the clock: clock.ts', () => {
    expect(users(/\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)/, 'src/clock.ts')).toEqual([])
  })

  it('of any type: nobody', () => {
    expect(users(/:\s*any\b|\bas any\b|<any>/, '')).toEqual([])
  })
})
