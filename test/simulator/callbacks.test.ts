import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveClock, now } from '../../src/clock.ts'
import { textOf } from '../../src/wecom/xml.ts'
import { card, startEchoBot } from './echo-bot.ts'

describe('what the simulator tells the bot', () => {
  let peer: Awaited<ReturnType<typeof startEchoBot>>
  beforeEach(async () => {
    peer = await startEchoBot()
  })
  afterEach(async () => {
    await peer.stop()
  })

  it('checks the callback address as WeCom does when it is saved', async () => {
    expect(await peer.simulator.checkUrl()).toBe(true)
  })

  it('carries a text to the bot encrypted, and its reply back', async () => {
    const said = await peer.simulator.say('zhangsan', '签到 ]]> <4821>')
    expect(said).toEqual({ status: 200, reply: '听到：签到 ]]> <4821>', tries: 1, problem: null })
    const node = peer.heard[0]?.node
    expect(node && textOf(node, 'FromUserName')).toBe('Zhangsan')
    expect(BigInt((node && textOf(node, 'MsgId')) ?? 0)).toBeGreaterThan(2n ** 53n)
    expect(peer.simulator.inbox('ZHANGSAN')).toMatchObject([{ from: 'reply', text: '听到：签到 ]]> <4821>' }])
  })

  it('stamps messages with the moved clock', async () => {
    moveClock(new Date('2026-11-26T10:45:00Z'))
    await peer.simulator.say('zhangsan', '签到')
    expect(peer.heard[0]?.xml).toContain('<CreateTime>1795689900</CreateTime>')
    expect(peer.simulator.inbox('zhangsan')[0]?.at.slice(0, 16)).toBe(now().toISOString().slice(0, 16))
  })

  it('shows nothing where the body is empty', async () => {
    peer.bot.answer = async () => null
    expect(await peer.simulator.say('zhangsan', '谢谢')).toMatchObject({ status: 200, reply: null })
    expect(peer.simulator.inbox('zhangsan')).toEqual([])
  })

  it('repeats what was not answered with 200: the same message in a fresh envelope', async () => {
    peer.bot.statuses = [500, 503]
    expect(await peer.simulator.say('zhangsan', '签到')).toMatchObject({ status: 200, tries: 3, reply: '听到：签到' })
    expect(new Set(peer.heard.map(heard => heard.xml)).size).toBe(1)
    expect(new Set(peer.heard.map(heard => heard.envelope)).size).toBe(3)
  })

  it('gives up after three more tries and marks the message', async () => {
    peer.bot.statuses = [500, 500, 500, 500]
    expect(await peer.simulator.say('zhangsan', '签到')).toMatchObject({ status: 500, tries: 4, reply: null })
    expect(peer.simulator.timeline('zhangsan')).toMatchObject([{ text: '签到', failed: true }])
  })

  it('hangs up after five seconds and tries again', async () => {
    let calls = 0
    peer.bot.answer = async () => {
      calls += 1
      if (calls === 1) await new Promise(resolve => setTimeout(resolve, 5500))
      return `第 ${calls} 次`
    }
    expect(await peer.simulator.say('zhangsan', '报表')).toMatchObject({ status: 200, tries: 2, reply: '第 2 次' })
    expect(peer.simulator.inbox('zhangsan').map(item => item.text)).toEqual(['第 2 次'])
  })

  it('refuses a reply with a wrong signature', async () => {
    peer.bot.signWrongly = true
    expect(await peer.simulator.say('zhangsan', '签到')).toMatchObject({ reply: null, problem: '签名不对' })
    expect(peer.simulator.inbox('zhangsan')).toMatchObject([{ kind: 'broken' }])
  })

  it('delivers everything twice when told so, and shows one reply', async () => {
    peer.simulator.faults.deliverTwice(true)
    const said = await peer.simulator.say('zhangsan', '签到')
    expect(said.again).toMatchObject({ status: 200, reply: '听到：签到' })
    expect(peer.heard.map(heard => textOf(heard.node, 'MsgId'))).toHaveLength(2)
    expect(new Set(peer.heard.map(heard => heard.xml)).size).toBe(1)
    expect(peer.simulator.inbox('zhangsan')).toHaveLength(1)
  })

  it('repeats a MsgId that the test names', async () => {
    await peer.simulator.say('zhangsan', '签到', { msgId: '4561255354251345929' })
    expect(peer.heard[0]?.xml).toContain('<MsgId>4561255354251345929</MsgId>')
  })

  it('tells of menu clicks, scanned codes and pictures', async () => {
    await peer.simulator.click('zhangsan', '/签到')
    await peer.simulator.scan('zhangsan', '/签到 m-9.K3F7Q2')
    await peer.simulator.picture('zhangsan')
    const [click, scan, picture] = peer.heard.map(heard => heard.xml)
    expect(click).toContain('<Event><![CDATA[click]]></Event><EventKey><![CDATA[/签到]]></EventKey>')
    expect(scan).toContain('<ScanResult><![CDATA[/签到 m-9.K3F7Q2]]></ScanResult>')
    expect(picture).toContain('<MsgType><![CDATA[image]]></MsgType>')
  })

  it('waits until no callback is under way', async () => {
    let done = false
    const said = peer.simulator.say('zhangsan', '签到').then(() => {
      done = true
    })
    await peer.simulator.idle()
    await said
    expect(done).toBe(true)
  })

  it('tells of a pressed button with a fresh response code, until the card is greyed', async () => {
    await peer.api('message/send', card('zhangsan', 'd-12_1'))
    await peer.simulator.press('zhangsan', { label: '发布' })
    const pressed = peer.heard[0]?.node
    expect(pressed && textOf(pressed, 'EventKey')).toBe('/发布 d-12')
    const code = pressed && textOf(pressed, 'ResponseCode')
    const update = {
      userids: ['zhangsan'],
      agentid: 1000002,
      response_code: code,
      button: { replace_name: '已发布 m-17' },
    }
    expect(await peer.api('message/update_template_card', update)).toMatchObject({ errcode: 0 })
    expect(peer.simulator.inbox('zhangsan')[0]?.card?.greyed).toBe('已发布 m-17')
    await expect(peer.simulator.press('zhangsan', { label: '发布' })).rejects.toThrow('没有这个可按的按钮')
  })

  it('sends the ticked options of a question card', async () => {
    const checkbox = {
      question_key: 'a',
      mode: 1,
      option_list: [
        { id: 'A', text: '3人' },
        { id: 'C', text: '5人' },
      ],
    }
    const question = { card_type: 'vote_interaction', task_id: 'q-3_2', main_title: { title: '第 2/5 题' }, checkbox }
    const template_card = { ...question, submit_button: { text: '提交', key: '/答题 q-3 2' } }
    await peer.api('message/send', { touser: 'zhangsan', msgtype: 'template_card', agentid: 1000002, template_card })
    await peer.simulator.press('zhangsan', { key: '/答题 q-3 2', options: ['A', 'C'] })
    expect(peer.heard[0]?.xml).toContain(
      '<SelectedItem><QuestionKey><![CDATA[a]]></QuestionKey><OptionIds><OptionId><![CDATA[A]]></OptionId><OptionId><![CDATA[C]]></OptionId></OptionIds></SelectedItem>',
    )
  })
})
