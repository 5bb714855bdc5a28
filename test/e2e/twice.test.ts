import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { hear } from '../../src/bot/hear.ts'
import { loadCommands } from '../../src/bot/load.ts'
import { COLLECTIONS, quizzes } from '../../src/store/collections.ts'
import { inBothRenderings, startBot, type TestBot } from '../bot.ts'

/**
 * Every command, each message delivered twice at the same moment (WeCom tries again, and thumbs are slow): the same answers,
 * and the same in the store, as where each came once.
 */
const DAY = '2026-11-25'
const SCRIPT: readonly (readonly [userId: string, line: string] | { clock: string } | { seed: string })[] = [
  ['wangshuji', '帮助'],
  ['wangshuji', '会议 新建 党员大会+党课 明晚7点 村部 学习'],
  ['wangshuji', '发布'],
  ['wangshuji', '会议 新建 支委会 后天9点 村部 研究'],
  ['wangshuji', '作罢'],
  ['zhangsan', '会议'],
  ['zhangsan', '请假 发烧'],
  ['wangshuji', '准假 张三'],
  ['lisi', '请假 外出'],
  ['wangshuji', '不准 李四 要表决'],
  ['lisi', '界面 文字'],
  ['lisi', '建议 早点通知'],
  ['wangshuji', '回复 s-1 好'],
  ['lisi', '退订'],
  ['lisi', '订阅'],
  ['lisi', '我的'],
  ['lisi', '依据 m-1'],
  ['wangshuji', '党员 李四'],
  ['wangshuji', '会议 改期 m-1 明晚8点'],
  ['wangshuji', '发布'],
  ['wangshuji', '会议 签到码 m-1'],
  ['wangshuji', '通知 发 大扫除'],
  ['wangshuji', '发布 d-4 需回执'],
  ['lisi', '收到 n-1'],
  ['lisi', '通知'],
  ['wangshuji', '通知 状态 n-1'],
  ['wangshuji', '催办 n-1'],
  ['wangshuji', '通知 定时 11-28 9:00 停水'],
  ['wangshuji', '发布'],
  ['wangshuji', '通知 改 n-2 11-29 9:00'],
  ['wangshuji', '通知 收回 n-2'],
  ['wangshuji', '群 建'],
  ['wangshuji', '发布'],
  ['wangshuji', '群 解绑'],
  ['wangshuji', '群 机器人 693a91f6-7a0c-4bc4-97a0-0ec2sifa5aaa'],
  ['zhenban', '群发 明天有暴雪'],
  ['zhenban', '发布'],
  ['zhenban', '支部'],
  ['zhenban', '设置 党课次数 6'],
  ['zhenban', '名册 导入'],
  ['zhenban', '名册 同步'],
  ['wangshuji', '待办'],
  ['zhangsan', '党费'],
  ['zhangsan', '已缴'],
  ['zhaozuzhi', '党费 确认'],
  ['zengguofan', '替吴梅吉交 0.5'],
  ['zhaozuzhi', '党费 有误 c-2 没有收到'],
  ['zhaozuzhi', '收缴 李四'],
  ['zhaozuzhi', '收缴 钱宣 孙纪俭'],
  ['zhaozuzhi', '发布'],
  ['zhaozuzhi', '冲销 D2026-1-0002 记错人'],
  ['zhaozuzhi', '党费 标准 曾国凡 0.5'],
  ['zhaozuzhi', '党费 减免 周祖章 免 2026-11 2026-12 镇党委批准'],
  ['zhaozuzhi', '党费 核算 在职 4500'],
  ['zhaozuzhi', '党费 名单'],
  ['zhaozuzhi', '对账 今天 1.50'],
  ['zhaozuzhi', '报表'],
  ['zhaozuzhi', '报表 党费'],
  ['sunjijian', '报表 签到'],
  ['lifushu', '报表 三会一课'],
  ['qianxuan', '学时 张三 4 县里培训'],
  ['qianxuan', '学时 张三 李四 2 镇里轮训'],
  ['qianxuan', '发布'],
  ['qianxuan', '学时 撤 e-1 记错人'],
  ['qianxuan', '报表 学习'],
  ['zhangsan', '错题'],
  ['zhangsan', '验 D2026-1-0001'],
  ['wangshuji', '题库'],
  ['wangshuji', '题库 打印 党章'],
  ['qianxuan', '测验 发布 党章 5 12-30'],
  ['qianxuan', '发布'],
  { seed: 'the same questions each time' },
  ['zhangsan', '答题'],
  ['zhangsan', '答题 q-1 1 A'],
  ['zhangsan', '答题 q-1 提醒'],
  ['qianxuan', '测验 状态 q-1'],
  ['qianxuan', '题目 t-1'],
  ['zhenban', '题目 改 t-1 C 核对过原文'],
  ['zhenban', '题目 撤 t-1 条文修订'],
  ['qianxuan', '测验 结束 q-1'],
  ['wangshuji', '发送记录'],
  { clock: `${DAY}T19:45:00+08:00` },
  ['zengguofan', '签到'],
  ['zhangweia', '签到'],
  ['zhangweia', '撤回'],
  ['wangshuji', '补签 李福书 赵祖志'],
  ['wangshuji', '名单'],
  ['wangshuji', '签到表'],
  ['wangshuji', '表决 一般 修路 1 1 0'],
  ['wangshuji', '会议 结束 m-1'],
  ['wangshuji', '记录 m-1'],
  ['zhangsan', '帮助 打印'],
  ['wangshuji', '会议 照旧 11-27 19:00'],
  ['wangshuji', '发布'],
  ['wangshuji', '会议 取消 m-2 大雪'],
  ['wangshuji', '发布'],
  ['sunjijian', '测验 每日 廉政 5 11-30 12-4'],
  ['sunjijian', '发布'],
  ['sunjijian', '测验 总结'],
  ['wangshuji', '党员 转出 曾国凡 石桥'],
  ['wangshuji', '发布'],
  ['wangshuji', '党员 返回 曾国凡'],
  ['wangshuji', '发布'],
  ['wangshuji', '党员 转正 余备 11-20'],
  ['wangshuji', '发布'],
  ['wangshuji', '党员 职务 曾国凡 组织委员'],
  ['wangshuji', '发布'],
]

/** What is kept for the delivery itself, or by the minute that it is. */
const LEFT_OUT = new Set(['answers', 'slots', 'counters'])

const drawBy = (bot: TestBot, seed: string) =>
  bot.service.store.update('township', async tx => {
    for (const quiz of await tx.all(quizzes)) await tx.put(quizzes, { ...quiz, seed })
  })

async function through(bot: TestBot): Promise<string[]> {
  const answers: string[] = []
  for (const step of SCRIPT) {
    if ('clock' in step) await bot.at(step.clock)
    else if ('seed' in step) await drawBy(bot, step.seed)
    else {
      const [userId, line] = step
      const { reply, again } = await bot.simulator.say(userId, line)
      await bot.idle()
      if (again) expect(again.reply, line).toBe(reply)
      answers.push(
        `${line}: ${(reply ?? '')
          .replace(/签到码 \d{4}/, '签到码')
          .replace(/http:\S+/, 'http:')
          .replace(/校验码 \S{9}/, '校验码')}`,
      )
    }
  }
  return answers
}

const counts = (bot: TestBot): Promise<Record<string, number>> =>
  bot.service.store.read(async tx => {
    const found: Record<string, number> = {}
    for (const collection of COLLECTIONS)
      if (!LEFT_OUT.has(collection.name)) found[collection.name] = (await tx.all(collection)).length
    return found
  })

inBothRenderings('every message delivered twice at once', client => {
  it('is answered alike, and done once', async () => {
    const once = await startBot({ client })
    const wanted = await through(once)
    expect(wanted.join('\n')).not.toMatch(/系统出错|没看懂|没有这条命令|您是要发/)
    const kept = await counts(once)
    await once.close()
    const twice = await startBot({ client })
    twice.simulator.faults.deliverTwice(true)
    expect(await through(twice)).toEqual(wanted)
    expect(await counts(twice)).toEqual(kept)
    expect(kept).toMatchObject({
      meetings: 2,
      notices: 3,
      ballots: 1,
      suggestions: 1,
      receipts: 1,
      dues: 8,
      duesBooks: 1,
      studyEntries: 2,
    })
  })
})

it('goes through every command there is', async () => {
  const registry = await loadCommands(fileURLToPath(new URL('../../commands/', import.meta.url)))
  const heard = SCRIPT.flatMap(step => {
    if ('clock' in step || 'seed' in step) return []
    const one = hear({ line: step[1], via: 'text' }, { registry, awaited: null, stale: null })
    return one.kind === 'command' ? [one.command.name] : []
  })
  expect(registry.commands.map(({ name }) => name).filter(name => !heard.includes(name))).toEqual([])
})
