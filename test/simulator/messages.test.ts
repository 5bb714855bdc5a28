import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addMinutes, moveClock, now, resetClock } from '../../src/clock.ts'
import { HINT } from '../../src/simulator/simulator.ts'
import { AGENT, card, startEchoBot, text } from './echo-bot.ts'

describe("WeCom's API in the simulator", () => {
  let peer: Awaited<ReturnType<typeof startEchoBot>>
  let count = 0
  const taskId = () => {
    count += 1
    return `t-${count}`
  }
  const code = async (body: unknown) => (await peer.api('message/send', body)).errcode
  const newest = (userId: string) => peer.simulator.inbox(userId).at(-1)
  beforeAll(async () => {
    peer = await startEchoBot()
  })
  afterEach(() => {
    // The next test starts with a clear minute for everybody.
    moveClock(addMinutes(now(), 61))
  })
  afterAll(async () => {
    resetClock()
    await peer.stop()
  })

  it('gives one token until it expires, to who has the secret', async () => {
    const corp = 'ww0123456789abcdef'
    expect(await peer.token()).toBe(await peer.token())
    expect((await peer.post(`gettoken?corpid=${corp}&corpsecret=wrong`, undefined)).errcode).toBe(40001)
    expect((await peer.post('gettoken?corpid=other&corpsecret=wrong', undefined)).errcode).toBe(40013)
    const first = await peer.token()
    moveClock(addMinutes(now(), 121))
    expect((await peer.post(`getcallbackip?access_token=${first}`, undefined)).errcode).toBe(42001)
    expect(await peer.token()).not.toBe(first)
  })

  it('refuses calls without a good token', async () => {
    const token = await peer.token()
    expect((await peer.post('getcallbackip', undefined)).errcode).toBe(41001)
    expect((await peer.post('getcallbackip?access_token=made-up', undefined)).errcode).toBe(40014)
    peer.simulator.faults.expireToken()
    expect((await peer.post(`getcallbackip?access_token=${token}`, undefined)).errcode).toBe(42001)
    peer.simulator.faults.expireToken(40014)
    expect(await peer.api('getcallbackip')).toMatchObject({ errcode: 0, ip_list: ['127.0.0.1'] })
    expect(await peer.api('agent/get')).toMatchObject({ errcode: 0, agentid: AGENT })
    expect((await peer.api('user/list_id')).errcode).toBe(48002)
  })

  it('puts a text on the phones it names and lists whom it could not reach, in lower case', async () => {
    peer.simulator.faults.unlicensed.add('lisi')
    const answer = await peer.api('message/send', text('Zhangsan|lisi|Nobody|laogen', '明晚7点党课'))
    peer.simulator.faults.unlicensed.clear()
    expect(answer).toMatchObject({ errcode: 0, invaliduser: 'nobody|laogen', unlicenseduser: 'lisi' })
    expect(newest('zhangsan')).toMatchObject({ from: 'push', kind: 'text', text: '明晚7点党课', cut: false })
    expect(peer.simulator.inbox('lisi')).toEqual([])
  })

  it('refuses bad receivers, bad agents, bad kinds and empty texts with the codes of WeCom', async () => {
    const thousandAndOne = Array.from({ length: 1001 }, (_, i) => `u${i}`).join('|')
    expect(await code(text('nobody', 'x'))).toBe(81013)
    expect(await code(text('', 'x'))).toBe(82001)
    expect(await code(text(thousandAndOne, 'x'))).toBe(40032)
    expect(await code(text('zhangsan', 'x', { agentid: String(AGENT) }))).toBe(40056)
    expect(await code(text('zhangsan', 'x', { agentid: 7 }))).toBe(301002)
    expect(await code(text('zhangsan', ''))).toBe(44004)
    expect(await code(text('zhangsan', 'x', { msgtype: 'poem' }))).toBe(40008)
    expect(await code('not json')).toBe(40035)
  })

  it('cuts a text at 2048 bytes and splits no character', async () => {
    await peer.api('message/send', text('zhangsan', '党'.repeat(700)))
    expect(newest('zhangsan')).toMatchObject({ text: '党'.repeat(682), cut: true })
  })

  it('refuses faulty cards with the code of the field', async () => {
    const faults: [number, object][] = [
      [42031, { card_type: 'poem' }],
      [42014, { task_id: '任务' }],
      [42014, { task_id: undefined }],
      [42033, { main_title: { title: '' } }],
      [42027, { horizontal_content_list: [{ value: '甲' }] }],
      [42035, { horizontal_content_list: Array.from({ length: 7 }, () => ({ keyname: '甲' })) }],
      [42038, { button_list: [{ key: '/发布' }] }],
      [42039, { button_list: [{ text: '发布' }] }],
      [
        42051,
        {
          button_list: [
            { text: '发布', key: 'a' },
            { text: '作罢', key: 'a' },
          ],
        },
      ],
      [42037, { button_list: Array.from({ length: 7 }, (_, i) => ({ text: '甲', key: String(i) })) }],
      [42043, { card_type: 'vote_interaction', submit_button: { key: 'k' } }],
      [42047, { card_type: 'multiple_interaction', submit_button: { key: 'k' } }],
      [42045, { card_type: 'text_notice' }],
    ]
    for (const [expected, fields] of faults) expect(await code(card('zhangsan', taskId(), fields))).toBe(expected)
    const used = taskId()
    expect(await code(card('zhangsan', used))).toBe(0)
    expect(await code(card('zhangsan', used))).toBe(42014)
    peer.simulator.faults.refuseCards = true
    expect(await code(card('zhangsan', taskId()))).toBe(43012)
    peer.simulator.faults.refuseCards = false
  })

  it('updates a card once for each response code, within 72 hours, for those who have it', async () => {
    const answer = await peer.api('message/send', card('zhangsan|lisi', taskId()))
    const update = {
      userids: ['zhangsan'],
      agentid: AGENT,
      response_code: answer.response_code,
      button: { replace_name: '已发布' },
    }
    expect((await peer.api('message/update_template_card', { ...update, userids: ['wangjianguo'] })).errcode).toBe(
      82102,
    )
    expect((await peer.api('message/update_template_card', update)).errcode).toBe(0)
    expect((await peer.api('message/update_template_card', update)).errcode).toBe(60140)
    expect(newest('zhangsan')?.card?.greyed).toBe('已发布')
    peer.simulator.setLook('lisi', 'wecom')
    expect(newest('lisi')?.card?.greyed).toBeNull()
    peer.simulator.setLook('lisi', 'wechat')
    const late = await peer.api('message/send', card('zhangsan', taskId()))
    moveClock(addMinutes(now(), 72 * 60 + 1))
    const tooLate = { ...update, response_code: late.response_code }
    expect((await peer.api('message/update_template_card', tooLate)).errcode).toBe(60140)
  })

  it('drops the second of two identical requests that ask for the check, and says ok', async () => {
    const body = text('zhangsan', '提醒：明晚7点党课', { enable_duplicate_check: 1 })
    const before = peer.simulator.inbox('zhangsan').length
    expect(await code(body)).toBe(0)
    expect(await code(body)).toBe(0)
    expect(peer.simulator.inbox('zhangsan')).toHaveLength(before + 1)
    moveClock(addMinutes(now(), 31))
    await code(body)
    expect(peer.simulator.inbox('zhangsan')).toHaveLength(before + 2)
  })

  it('shows a WeChat reader a hint instead of cards and markdown', async () => {
    await peer.api('message/send', card('lisi', taskId()))
    await peer.api('message/send', {
      touser: 'lisi',
      msgtype: 'markdown',
      agentid: AGENT,
      markdown: { content: '**党课**' },
    })
    await peer.api('message/send', text('lisi', '党课'))
    expect(
      peer.simulator
        .inbox('lisi')
        .slice(-3)
        .map(item => item.text),
    ).toEqual([HINT, HINT, '党课'])
    await expect(peer.simulator.press('lisi', { label: '发布' })).rejects.toThrow('没有这个可按的按钮')
  })

  it('drops in silence what goes to one person beyond 30 a minute', async () => {
    const before = peer.simulator.inbox('wangjianguo').length
    for (let i = 0; i < 32; i += 1) expect(await code(text('wangjianguo', `第 ${i}`))).toBe(0)
    expect(peer.simulator.inbox('wangjianguo')).toHaveLength(before + 30)
    expect(peer.simulator.dropped).toHaveLength(2)
    moveClock(addMinutes(now(), 1))
    await code(text('wangjianguo', '过了一分钟'))
    expect(newest('wangjianguo')?.text).toBe('过了一分钟')
  })

  it('recalls within a day, but not from WeChat', async () => {
    const { msgid } = await peer.api('message/send', text('zhangsan|lisi', '发错了'))
    expect((await peer.api('message/recall', { msgid })).errcode).toBe(0)
    expect(newest('zhangsan')).toMatchObject({ recalled: true, text: '（消息已撤回）' })
    expect(newest('lisi')?.text).toBe('发错了')
    moveClock(addMinutes(now(), 24 * 60 + 1))
    expect((await peer.api('message/recall', { msgid })).errcode).toBe(42052)
    expect((await peer.api('message/recall', { msgid: 'other' })).errcode).toBe(40058)
  })

  it('is busy, limits calls and leaves a caller in doubt when told so', async () => {
    peer.simulator.faults.busy(1)
    expect(await code(text('zhangsan', '甲'))).toBe(-1)
    peer.simulator.faults.rateLimit(1)
    expect(await code(text('zhangsan', '甲'))).toBe(45009)
    peer.simulator.faults.hang(1)
    await expect(code(text('zhangsan', '乙'))).rejects.toThrow('fetch failed')
    expect(newest('zhangsan')?.text).toBe('乙')
    expect(peer.simulator.calls.at(-1)).toMatchObject({ path: '/cgi-bin/message/send', errcode: null })
  })
})
