import { expect, it } from 'vitest'
import { inBothRenderings, startBot } from '../bot.ts'
import { callLesson, linkFor, scans, shownBy } from '../web/stage.ts'

inBothRenderings('the QR code of the venue screen', client => {
  const evening = async (option?: '发布' | '现场码') => {
    const bot = await startBot({ client })
    const link = await callLesson(bot, option)
    await bot.at('2026-11-24T18:45:10+08:00')
    return { bot, link }
  }

  it('is a check-in where no code is wanted, and proof enough where one is', async () => {
    for (const option of ['发布', '现场码'] as const) {
      const { bot, link } = await evening(option)
      const line = await shownBy(link)
      expect(line).toMatch(/^\/签到 m-1\.[0-9A-Z]{6}$/)
      const answer = await scans(bot, 'zhangsan', line)
      expect(answer).toContain('签到成功，第 1 位')
      expect(answer).toContain('党课 · 学习党章第三章')
      await bot.at('2026-11-24T18:45:20+08:00')
      expect(await scans(bot, 'zhangsan', line)).toContain('已签到')
      await bot.close()
    }
  })

  it('counts while it is on its way, and is dead a minute after it was shown', async () => {
    const { bot, link } = await evening()
    const line = await shownBy(link)
    await bot.at('2026-11-24T18:45:59+08:00')
    expect(await shownBy(link)).not.toBe(line)
    expect(await scans(bot, 'zhangsan', line)).toContain('签到成功')
    await bot.at('2026-11-24T18:46:00+08:00')
    const refused = await scans(bot, 'lisi', line)
    expect(refused).toBe('这个二维码已过期。请对着会场屏幕再扫一次，或发“签到”加屏幕上的四位数字。')
    expect(await scans(bot, 'lisi', await shownBy(link))).toContain('签到成功，第 2 位')
  })

  it('typed is no proof, whatever the code of the moment', async () => {
    const { bot, link } = await evening('现场码')
    const line = await shownBy(link)
    for (const said of [line, line.slice(1), `／签到　${line.split(' ')[1]}`, line.toLowerCase()])
      expect(await bot.says('zhangsan', said)).toContain('打出来不算签到')
    expect(await bot.says('wangshuji', '名单')).toMatch(/张三/)
    expect(await scans(bot, 'zhangsan', line)).toContain('签到成功')
  })

  it('is not held against who scanned an old one, and helps who typed five wrong codes', async () => {
    const { bot, link } = await evening('现场码')
    const code = /签到码 (\d{4})/.exec(await bot.says('wangshuji', '签到码'))?.[1] ?? ''
    for (let tries = 0; tries < 6; tries += 1)
      expect(await scans(bot, 'zhangsan', '/签到 m-1.AAAAAA')).toContain('已过期')
    expect(await bot.says('zhangsan', code)).toContain('签到成功')
    for (let tries = 0; tries < 5; tries += 1) await bot.says('lisi', code === '1111' ? '2222' : '1111')
    expect(await bot.says('lisi', code)).toContain('请书记补签')
    expect(await scans(bot, 'lisi', await shownBy(link))).toContain('签到成功')
  })

  it('tells nobody of a meeting that is not his', async () => {
    const { bot, link } = await evening()
    expect(await scans(bot, 'qiaoyi', await shownBy(link))).toBe('这个会没有请您参加，不用签到。弄错了请找支部书记。')
    for (const line of ['/签到 m-1.AAAAAA', '/签到 m-99.AAAAAA'])
      expect(await scans(bot, 'qiaoyi', line)).toContain('已过期')
    expect(await scans(bot, 'fremder', await shownBy(link))).toContain('不在名册')
  })

  it('is a check-in in the window alone', async () => {
    const { bot, link } = await evening()
    await bot.at('2026-11-24T20:59:50+08:00')
    const line = await shownBy(link)
    await bot.at('2026-11-24T21:01:00+08:00')
    expect(await shownBy(link)).toBe('')
    await bot.at('2026-11-24T20:59:55+08:00')
    await bot.says('wangshuji', '会议 结束')
    expect(await scans(bot, 'zhangsan', line)).toContain('签到已结束')
  })

  it('has its address from 会议 签到码, the same after a move, a restart and for each officer', async () => {
    const { bot, link } = await evening()
    expect(link).toMatch(/^http:\/\/localhost:\d+\/screen\/1-[0-9a-z]{16}$/)
    const secret = link.split('/').at(-1)
    expect(await bot.says('zhaozuzhi', '签到码 1 开')).toContain(`/screen/${secret}\n`)
    await bot.says('wangshuji', '会议 改期 1 明晚8点')
    await bot.chooses('wangshuji', '发布')
    await bot.restart()
    expect((await linkFor(bot)).split('/').at(-1)).toBe(secret)
    expect(await bot.says('zhangsan', '会议 签到码')).not.toContain('/screen/')
  })

  it('has the address that BASE_URL says', async () => {
    const bot = await startBot({ client, env: { BASE_URL: 'https://zhibu.example.gov.cn/bot/' } })
    await bot.says('wangshuji', '会议 新建 党课 今晚7点 村部 学习')
    await bot.chooses('wangshuji', '发布')
    expect(await bot.says('wangshuji', '签到码')).toMatch(
      /^https:\/\/zhibu\.example\.gov\.cn\/bot\/screen\/1-[0-9a-z]{16}$/mu,
    )
  })
})
