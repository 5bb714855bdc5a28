import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCommands } from '../../src/bot/load.ts'
import { importRoster } from '../../src/import/roster.ts'
import { TOWNSHIP as ROSTER, startBot, type TestBot } from '../bot.ts'

/**
 * Every command × role × own or other branch, said over the wire to a whole bot. A command that nobody has decided here
 * fails the test: what is not decided is not allowed.
 */
const ROLES = {
  stranger: 'fremder',
  leaver: 'likai',
  activist: 'jiji',
  probationary: 'yubei',
  member: 'zhangsan',
  leader: 'zuzhang',
  organizer: 'zhaozuzhi',
  publicity: 'qianxuan',
  discipline: 'sunjijian',
  deputy: 'lifushu',
  secretary: 'wangshuji',
  admin: 'zhenban',
  adminOffRoster: 'office1',
} as const
type RoleName = keyof typeof ROLES

/** 'runs': taken up (whatever it then finds); 'role': needs another role; 'hidden': as if it were not there. */
type Outcome = 'runs' | 'role' | 'hidden' | 'stranger'

const OUTSIDE: Partial<Record<RoleName, Outcome>> = {
  stranger: 'stranger',
  leaver: 'stranger',
  adminOffRoster: 'stranger',
}
const MEMBERS = ['activist', 'probationary', 'member'] as const
const FIVE = ['organizer', 'publicity', 'discipline', 'deputy', 'secretary'] as const

const fill = (names: readonly RoleName[], outcome: Outcome) => Object.fromEntries(names.map(name => [name, outcome]))

/** Everybody on the roster for himself; ids of another branch do not exist, except for the township. */
const EVERYONE = {
  own: { ...OUTSIDE, ...fill([...MEMBERS, 'leader', ...FIVE, 'admin'], 'runs') },
  other: { ...OUTSIDE, ...fill([...MEMBERS, 'leader', ...FIVE], 'hidden'), admin: 'runs' },
} as const
const OFFICERS = {
  own: { ...OUTSIDE, ...fill([...MEMBERS, 'leader'], 'role'), ...fill([...FIVE, 'admin'], 'runs') },
  other: { ...OUTSIDE, ...fill([...MEMBERS, 'leader'], 'role'), ...fill(FIVE, 'hidden'), admin: 'runs' },
} as const
/** The leader has these for his own group: what is the whole branch's is not his. */
const CONVENERS = {
  own: { ...OFFICERS.own, leader: 'role' },
  other: { ...OFFICERS.other, leader: 'hidden' },
} as const
/** The branch's group is for its heads; an empty post's lines fall to the deputy, so no other post has them. */
const HEADS = {
  own: { ...OFFICERS.own, ...fill(['organizer', 'publicity', 'discipline'], 'role') },
  other: { ...OFFICERS.other, ...fill(['organizer', 'publicity', 'discipline'], 'role') },
} as const
/** Whoever gives out posts answers for the whole branch, or for more. */
const SECRETARIES = {
  own: { ...HEADS.own, deputy: 'role' },
  other: { ...HEADS.other, deputy: 'role' },
} as const
/** Open to an administrator who is not on the roster, too. */
const TOWNSHIP = {
  own: {
    ...OUTSIDE,
    ...fill([...MEMBERS, 'leader', ...FIVE], 'role'),
    ...fill(['admin', 'adminOffRoster'], 'runs'),
  },
} as const
/** He settles the drafts of what he may say, and no branch's. */
const SETTLING = {
  own: { ...CONVENERS.own, leader: 'hidden', adminOffRoster: 'hidden' },
  other: { ...CONVENERS.other, adminOffRoster: 'hidden' },
} as const
/** He looks after the township's notices, and no branch's. */
const LOOKING_AFTER = {
  own: { ...OFFICERS.own, adminOffRoster: 'hidden' },
  other: { ...OFFICERS.other, adminOffRoster: 'hidden' },
} as const
/** Dues: who pays; who takes them (the post is held, so neither deputy nor secretary); who may also see. */
const PAYERS = {
  own: { ...EVERYONE.own, activist: 'role' },
  other: { ...EVERYONE.other, activist: 'role' },
} as const
const NO_COLLECTOR = ['activist', 'probationary', 'member', 'leader', 'publicity', 'discipline', 'deputy'] as const
const COLLECTORS = {
  own: { ...OUTSIDE, ...fill([...NO_COLLECTOR, 'secretary'], 'role'), ...fill(['organizer', 'admin'], 'runs') },
  other: {
    ...OUTSIDE,
    ...fill(NO_COLLECTOR, 'role'),
    ...fill(['organizer', 'secretary'], 'hidden'),
    admin: 'runs',
  },
} as const
const SEEING = {
  own: { ...COLLECTORS.own, secretary: 'runs' },
  other: COLLECTORS.other,
} as const
/** A receipt is seen by whose it is, and by who sees the dues of the branch. */
const HOLDERS = {
  own: {
    ...OUTSIDE,
    ...fill([...MEMBERS, 'leader', 'publicity', 'discipline', 'deputy'], 'hidden'),
    ...fill(['organizer', 'secretary', 'admin'], 'runs'),
  },
  other: { ...OUTSIDE, ...fill([...MEMBERS, 'leader', ...FIVE], 'hidden'), admin: 'runs' },
} as const
/** Study: who answers for it (the post is held), as with the heads of a branch, and who learns. */
const TEACHING = {
  own: { ...OFFICERS.own, ...fill(['organizer', 'discipline'], 'role') },
  other: { ...OFFICERS.other, ...fill(['organizer', 'discipline'], 'role') },
} as const
/** Banks are the township's, whose office may be off the roster. */
const QUESTIONS = {
  own: { ...OUTSIDE, ...fill([...MEMBERS, 'leader', ...FIVE], 'role'), admin: 'runs', adminOffRoster: 'runs' },
} as const
const HELP = { own: { ...EVERYONE.own, adminOffRoster: 'runs' }, other: undefined } as const

interface Decision {
  own: { line: string; outcomes: Partial<Record<RoleName, Outcome>> }
  /** Absent: the line cannot name anything of another branch. */
  other?: { line: string; outcomes: Partial<Record<RoleName, Outcome>> }
}

const decide = (
  table: { own: Partial<Record<RoleName, Outcome>>; other?: Partial<Record<RoleName, Outcome>> | undefined },
  own: string,
  other?: string,
): Decision => ({
  own: { line: own, outcomes: table.own },
  ...(other && table.other && { other: { line: other, outcomes: table.other } }),
})

/**
 * m-1, n-1, n-3 (scheduled), d-3, s-1, c-1 (of 梁边), D2026-1-0001 (of 刘东) and e-1 belong to 水泉, m-2, n-2, n-4, d-4, s-2, c-2
 * (of 乔二), D2026-2-0001 (of 乔一) and e-2 to 石桥. The leader's reach is 一组.
 * m-1, q-1, n-1, n-3 (scheduled), d-3, s-1, c-1 (of 梁边) and D2026-1-0001 (of 刘东) belong to 水泉, m-2, q-2, n-2, n-4, d-4, s-2, c-2 (of
 * 乔二) and D2026-2-0001 (of 乔一) to 石桥. The leader's reach is 一组.
 */
const DECISIONS: Record<string, Decision> = {
  help: decide(HELP, '帮助'),
  'help-print': decide(EVERYONE, '帮助 打印', '帮助 打印 @石桥'),
  me: decide(EVERYONE, '我的'),
  client: decide(EVERYONE, '界面'),
  suggest: decide(EVERYONE, '建议 会前多说一遍'),
  undo: decide(EVERYONE, '撤回'),
  notices: decide(EVERYONE, '通知 n-1', '通知 n-2'),
  ack: decide(EVERYONE, '收到 n-1', '收到 n-2'),
  unsubscribe: decide(EVERYONE, '退订'),
  subscribe: decide(EVERYONE, '订阅'),
  'notice-send': decide(OFFICERS, '通知 发 @水泉 村部大扫除', '通知 发 @石桥 村部大扫除'),
  'notice-schedule': decide(OFFICERS, '通知 定时 @水泉 11-29 9:00 停水', '通知 定时 @石桥 11-29 9:00 停水'),
  'notice-change': decide(OFFICERS, '通知 改 n-3 11-28 9:00', '通知 改 n-4 11-28 9:00'),
  'notice-status': decide(LOOKING_AFTER, '通知 状态 n-1', '通知 状态 n-2'),
  'notice-urge': decide(LOOKING_AFTER, '催办 n-1', '催办 n-2'),
  'notice-recall': decide(LOOKING_AFTER, '通知 收回 n-1', '通知 收回 n-2'),
  broadcast: decide(TOWNSHIP, '群发 明天有暴雪'),
  meetings: decide(EVERYONE, '会议 m-1', '会议 m-2'),
  'check-in': decide(EVERYONE, '签到 m-1', '签到 m-2'),
  leave: decide(EVERYONE, '请假 m-1 发烧', '请假 m-2 发烧'),
  'meeting-new': decide(
    { own: { ...CONVENERS.own, admin: 'runs' }, other: CONVENERS.other },
    '会议 新建 @水泉 主题党日 11-29 9:00 村部 活动',
    '会议 新建 @石桥 主题党日 11-29 9:00 村部 活动',
  ),
  'meeting-move': decide(CONVENERS, '会议 改期 m-1 11-30 19:00', '会议 改期 m-2 11-30 19:00'),
  'meeting-cancel': decide(CONVENERS, '会议 取消 m-1 大雪', '会议 取消 m-2 大雪'),
  'meeting-code': decide(CONVENERS, '会议 签到码 m-1', '会议 签到码 m-2'),
  'meeting-close': decide(CONVENERS, '会议 结束 m-1', '会议 结束 m-2'),
  roll: decide(CONVENERS, '名单 m-1', '名单 m-2'),
  backfill: decide(CONVENERS, '补签 m-1 全到', '补签 m-2 全到'),
  sheet: decide(CONVENERS, '签到表 m-1', '签到表 m-2'),
  record: decide(CONVENERS, '记录 m-1', '记录 m-2'),
  ballot: decide(OFFICERS, '表决 一般 修路 1 0 0 m-1', '表决 一般 修路 1 0 0 m-2'),
  'leave-grant': decide(OFFICERS, '准假 李四 m-1', '准假 乔二 m-2'),
  'leave-refuse': decide(OFFICERS, '不准 李四 m-1 人手不够', '不准 乔二 m-2 人手不够'),
  publish: decide(SETTLING, '发布 d-3', '发布 d-4'),
  drop: decide(SETTLING, '作罢 d-3', '作罢 d-4'),
  'meeting-again': decide(
    { own: { ...OFFICERS.own, leader: 'runs' }, other: { ...OFFICERS.other, leader: 'hidden' } },
    '会议 照旧 @水泉 12-3',
    '会议 照旧 @石桥 12-3',
  ),
  todo: decide(OFFICERS, '待办 @水泉', '待办 @石桥'),
  why: decide(EVERYONE, '依据 m-1', '依据 m-2'),
  branches: decide(TOWNSHIP, '支部'),
  settings: decide(TOWNSHIP, '设置 党课次数 6'),
  'roster-import': decide(TOWNSHIP, '名册 导入'),
  'roster-sync': decide(TOWNSHIP, '名册 同步'),
  'sent-log': decide(LOOKING_AFTER, '发送记录 m-1', '发送记录 m-2'),
  'answer-suggestion': decide(OFFICERS, '回复 s-1 谢谢', '回复 s-2 谢谢'),
  'group-make': decide(HEADS, '群 建 @水泉', '群 建 @石桥'),
  'group-bot': decide(HEADS, '群 机器人 @水泉 693a91f6-7a0c-4bc4-97a0', '群 机器人 @石桥 693a91f6-7a0c-4bc4-97a0'),
  'group-unbind': decide(HEADS, '群 解绑 @水泉', '群 解绑 @石桥'),
  person: decide(OFFICERS, '党员 李四', '党员 乔二'),
  'person-leave': decide(OFFICERS, '党员 转出 李四 县直机关党支部', '党员 转出 乔二 县直机关党支部'),
  'person-return': decide(OFFICERS, '党员 返回 李开', '党员 返回 乔二'),
  'person-confirm': decide(OFFICERS, '党员 转正 余备 昨天', '党员 转正 乔二 昨天'),
  'person-posts': decide(SECRETARIES, '党员 职务 张三 组织委员', '党员 职务 乔二 组织委员'),
  dues: decide(PAYERS, '党费'),
  'dues-paid': decide(PAYERS, '已缴 替李四 1', '已缴 替乔二 0.5'),
  'dues-confirm': decide(COLLECTORS, '党费 确认 c-1', '党费 确认 c-2'),
  'dues-reject': decide(COLLECTORS, '党费 有误 c-1 没有收到', '党费 有误 c-2 没有收到'),
  'dues-list': decide(SEEING, '党费 名单 @水泉', '党费 名单 @石桥'),
  'dues-standard': decide(COLLECTORS, '党费 标准 曾国凡 0.5', '党费 标准 乔三 0.5'),
  'dues-relief': decide(
    COLLECTORS,
    '党费 减免 周祖章 免 2026-11 2026-12 镇党委批准',
    '党费 减免 乔三 免 2026-11 2026-12 镇党委批准',
  ),
  'dues-assess': decide(SEEING, '党费 核算 在职 4500'),
  review: decide(EVERYONE, '错题'),
  'study-hours': decide(TEACHING, '学时 李四', '学时 乔二'),
  'study-withdraw': decide(TEACHING, '学时 撤 e-1', '学时 撤 e-2'),
  'report-study': decide(TEACHING, '报表 学习 @水泉', '报表 学习 @石桥'),
  report: decide({ own: OFFICERS.own }, '报表'),
  'report-dues': decide(SEEING, '报表 @水泉 党费', '报表 @石桥 党费'),
  'report-attendance': decide(OFFICERS, '报表 签到 @水泉', '报表 签到 @石桥'),
  'report-meetings': decide(OFFICERS, '报表 三会一课 @水泉', '报表 三会一课 @石桥'),
  collect: decide(COLLECTORS, '收缴 李四', '收缴 乔二'),
  reverse: decide(COLLECTORS, '冲销 D2026-1-0001 记错', '冲销 D2026-2-0001 记错'),
  reconcile: decide(SEEING, '对账 @水泉 今天 0', '对账 @石桥 今天 0'),
  banks: decide({ own: OFFICERS.own }, '题库'),
  'bank-print': decide({ own: OFFICERS.own }, '题库 打印 党章'),
  'quiz-answer': decide(EVERYONE, '答题 q-1', '答题 q-2'),
  'quiz-publish': decide(OFFICERS, '测验 发布 @水泉 党章 5 12-30', '测验 发布 @石桥 党章 5 12-30'),
  'quiz-status': decide(OFFICERS, '测验 状态 q-1', '测验 状态 q-2'),
  'quiz-end': decide(OFFICERS, '测验 结束 q-1', '测验 结束 q-2'),
  question: decide({ own: OFFICERS.own }, '题目 t-1'),
  'question-withdraw': decide(QUESTIONS, '题目 撤 t-1 条文修订'),
  'question-correct': decide(QUESTIONS, '题目 改 t-2 AB 核对过原文'),
  verify: decide(HOLDERS, '验 D2026-1-0001', '验 D2026-2-0001'),
  'quiz-daily': decide(OFFICERS, '测验 每日 @水泉 廉政 5 11-30 12-4', '测验 每日 @石桥 廉政 5 11-30 12-4'),
  'quiz-summary': decide(OFFICERS, '测验 总结 @水泉', '测验 总结 @石桥'),
}
/** The office that is both admin and member of 石桥 is expected nowhere in 水泉; the others say why. */
const EXCEPTIONS: Record<string, Outcome> = {
  'check-in own admin': 'hidden',
  'leave own admin': 'hidden',
  'check-in other admin': 'runs',
  'leave other admin': 'runs',
  'ack own admin': 'hidden',
  // A quiz is taken where one's own relation is.
  'quiz-answer own admin': 'hidden',
  // He brings nobody's dues of a branch that he is not in.
  'dues-paid own admin': 'hidden',
  // By then it is settled, which he may know.
  'dues-confirm own secretary': 'runs',
  'dues-reject own secretary': 'runs',
}

const registry = await loadCommands(fileURLToPath(new URL('../../commands/', import.meta.url)))
let bot: TestBot
let records: string

beforeAll(async () => {
  records = await mkdtemp(join(tmpdir(), 'zhibu-permissions-'))
  await (await twoBranches()).keepRecords(records)
})
afterAll(() => rm(records, { recursive: true }))

const env = { ADMIN_USERIDS: 'office1' }

/** Who comes later in the list meets what earlier ones did ('已由…'): taken up all the same. */
const township = () => startBot({ env, records })

/** Two branches with a meeting each that is under way, a draft each, a notice each that was sent and one that waits. */
async function twoBranches(): Promise<TestBot> {
  const started = await startBot({ env })
  for (const userId of ['wangshuji', 'qiaoshuji']) {
    await started.says(userId, '会议 新建 党课 今天10:20 村部 学习')
    await started.says(userId, '1')
  }
  for (const userId of ['wangshuji', 'qiaoshuji'])
    await started.says(userId, '会议 新建 党员大会 11-28 19:00 村部 大会')
  for (const userId of ['zhangsan', 'qiaoyi']) await started.says(userId, '建议 早点开会')
  for (const [command, first] of [
    ['通知 发 村部开会', 5],
    ['通知 定时 11-27 9:00 停水', 7],
  ] as const) {
    for (const [at, userId] of ['wangshuji', 'qiaoshuji'].entries()) {
      await started.says(userId, command)
      await started.says(userId, `发布 d-${first + at} 需回执`)
    }
  }
  for (const userId of ['liangbian', 'qiaoer']) await started.says(userId, '已缴')
  for (const [at, userId] of ['wangshuji', 'qiaoshuji'].entries()) {
    await started.says(userId, '测验 发布 党章 5 12-30')
    await started.says(userId, `发布 d-${9 + at}`)
  }
  await started.says('zhaozuzhi', '收缴 刘东')
  await started.says('qiaoshuji', '收缴 乔一')
  await started.says('wangshuji', '学时 周祖章 2 党章')
  await started.says('qiaoshuji', '学时 乔三 2 党章')
  return started
}

function outcomeOf(reply: string): Outcome | string {
  if (reply === '' || /系统出错|没看懂|没有这条命令|您是要发/.test(reply)) return `broken: ${reply}`
  if (reply.includes('不在名册')) return 'stranger'
  if (/要由.*来[发办]|只召集/.test(reply)) return 'role'
  if (/没有这个编号|没有这个人|没有找到|不归您管|请写明不准谁/.test(reply)) return 'hidden'
  return 'runs'
}

describe.each(registry.commands.map(command => command.name))('%s', name => {
  it('is open to whom it was decided to be, in his own branch and in another', async () => {
    const decision = DECISIONS[name]
    expect(decision, `nobody decided who may use ${name}`).toBeDefined()
    if (!decision) return
    const wrong: string[] = []
    bot = await township()
    for (const side of ['own', 'other'] as const) {
      const { line, outcomes } = decision[side] ?? { line: '', outcomes: {} }
      if (line === '') continue
      for (const [role, userId] of Object.entries(ROLES)) {
        const reply = await bot.says(userId, line)
        const wanted = EXCEPTIONS[`${name} ${side} ${role}`] ?? outcomes[role as RoleName]
        const got = outcomeOf(reply)
        if (wanted !== got) wrong.push(`${role} (${side}): wanted ${wanted}, got ${got}: ${reply.slice(0, 60)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

/** m-1 is the meeting of 一组, called by its leader. */
describe('a group’s meeting', () => {
  const LINES = {
    'meeting-code': '会议 签到码 m-1',
    roll: '名单 m-1',
    'meeting-move': '会议 改期 m-1 11-30 19:00',
    'meeting-cancel': '会议 取消 m-1 大雪',
    backfill: '补签 m-1 全到',
    sheet: '签到表 m-1',
    record: '记录 m-1',
    'meeting-close': '会议 结束 m-1',
  } as const
  const WANTED: Record<string, Outcome> = {
    zuzhang: 'runs',
    wangshuji: 'runs',
    zhaozuzhi: 'runs',
    zhenban: 'runs',
    zengguofan: 'hidden',
    liangbian: 'role',
    qiaoshuji: 'hidden',
    zhangsan: 'role',
  }

  it('is its leader’s and the officers’, and no other group’s, whoever leads that', async () => {
    bot = await startBot()
    const roster = (await readFile(ROSTER, 'utf8')).replace('曾国凡,水泉村党支部,二组,正式党员,', '$&党小组长')
    await importRoster(bot.service.store, Buffer.from(roster), { dryRun: false, by: 'test' })
    await bot.says('zuzhang', '会议 新建 党小组会 今天10:20 组长家 学习')
    await bot.says('zuzhang', '发布')
    const wrong: string[] = []
    for (const [name, line] of Object.entries(LINES)) {
      for (const [userId, wanted] of Object.entries(WANTED)) {
        const reply = await bot.says(userId, line)
        if (outcomeOf(reply) !== wanted) wrong.push(`${name} by ${userId}: wanted ${wanted}: ${reply.slice(0, 60)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

it('第一书记 has the secretary’s lines where he was sent, and none where his own relation is', async () => {
  bot = await township()
  expect(outcomeOf(await bot.says('liangbian', '会议 签到码 m-2'))).toBe('runs')
  expect(outcomeOf(await bot.says('liangbian', '会议 签到码 m-1'))).toBe('role')
  expect(outcomeOf(await bot.says('liangbian', '名单 m-2'))).toBe('runs')
  expect(outcomeOf(await bot.says('liangbian', '签到 m-2'))).toBe('hidden')
})

describe('a notice of the township', () => {
  const WANTED: Record<string, Record<string, Outcome>> = {
    '通知 状态 n-5': { office1: 'runs', zhenban: 'runs', wangshuji: 'runs', zhangsan: 'role' },
    '发送记录 n-5': { office1: 'runs', zhenban: 'runs', wangshuji: 'runs', zhangsan: 'role' },
    '催办 n-5': { wangshuji: 'role', office1: 'runs', zhenban: 'runs', zhangsan: 'role' },
    '通知 收回 n-5': { wangshuji: 'role', zhenban: 'runs', office1: 'runs', zhangsan: 'role' },
  }

  it('is looked after by the township, on the roster or not; the branches see their part', async () => {
    bot = await township()
    expect(await bot.says('office1', '群发 明天有暴雪')).toContain('预览 d-11')
    expect(await bot.says('office1', '发布 d-11 需回执')).toContain('已发布 n-5')
    const wrong: string[] = []
    for (const [line, outcomes] of Object.entries(WANTED)) {
      for (const [userId, wanted] of Object.entries(outcomes)) {
        const reply = await bot.says(userId, line)
        if (outcomeOf(reply) !== wanted) wrong.push(`${line} by ${userId}: wanted ${wanted}: ${reply.slice(0, 60)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

/** The preview of each line, made by who may say it: nobody else settles it. */
describe('another’s preview', () => {
  const PREVIEWS = [
    {
      by: 'wangshuji',
      line: '群 建',
      wanted: { qianxuan: 'role', sunjijian: 'role', zuzhang: 'hidden', lifushu: 'runs' },
    },
    { by: 'wangshuji', line: '通知 发 停水', wanted: { zuzhang: 'hidden', qiaoshuji: 'hidden', qianxuan: 'runs' } },
    {
      by: 'wangshuji',
      line: '会议 改期 m-1 11-30 19:00',
      wanted: { zuzhang: 'hidden', office1: 'hidden', zhenban: 'runs' },
    },
    { by: 'zhenban', line: '群发 停水', wanted: { wangshuji: 'hidden', zuzhang: 'hidden', office1: 'runs' } },
  ] as const

  it.each(PREVIEWS)('$line is settled by who may say it', async ({ by, line, wanted }) => {
    bot = await township()
    const wrong: string[] = []
    for (const verb of ['作罢', '发布']) {
      const id = /预览 (d-\d+)/.exec(await bot.says(by, line))?.[1]
      for (const [userId, outcome] of Object.entries(wanted)) {
        const reply = await bot.says(userId, `${verb} ${id}`)
        if (outcomeOf(reply) !== outcome) wrong.push(`${verb} by ${userId}: wanted ${outcome}: ${reply.slice(0, 60)}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('is dropped by who made it, whatever post he has lost since', async () => {
    bot = await township()
    const id = /预览 (d-\d+)/.exec(await bot.says('lifushu', '群 建'))?.[1]
    const roster = (await readFile(ROSTER, 'utf8')).replace(/(lifushu,.*),副书记,/, '$1,宣传委员,')
    await importRoster(bot.service.store, Buffer.from(roster), { dryRun: false, by: 'test' })
    expect(await bot.says('lifushu', `发布 ${id}`)).toContain('要由')
    expect(await bot.says('lifushu', `作罢 ${id}`)).toContain('已作罢')
  })
})
