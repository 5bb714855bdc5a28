import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { resetClock } from '../../src/clock.ts'
import { childOf, childrenOf, textOf } from '../../src/wecom/xml.ts'
import { AGENT, card, startEchoBot, vote } from './echo-bot.ts'

describe('a vote card in the simulator', () => {
  let peer: Awaited<ReturnType<typeof startEchoBot>>
  let count = 0
  const taskId = () => {
    count += 1
    return `q-${count}`
  }
  const code = async (body: unknown) => (await peer.api('message/send', body)).errcode
  const newest = () => peer.simulator.inbox('zhangsan').findLast(({ card }) => card !== null)?.card
  const ticked = () => newest()?.questions[0]?.options.flatMap(option => (option.ticked ? [option.id] : []))
  beforeAll(async () => {
    peer = await startEchoBot()
  })
  beforeEach(() => {
    peer.heard.length = 0
    peer.bot.answer = async () => null
  })
  afterAll(async () => {
    resetClock()
    await peer.stop()
  })

  it('is refused with the code of the field', async () => {
    const option = { id: 'A', text: '3人' }
    const asked = (checkbox: object) => ({
      checkbox: { question_key: 'a', mode: 1, option_list: [option], ...checkbox },
    })
    const faults: [number, object][] = [
      [42014, { task_id: undefined }],
      [42014, { task_id: '题' }],
      [42033, { main_title: undefined }],
      [42043, { checkbox: undefined }],
      [42043, asked({ question_key: '' })],
      [42037, asked({ option_list: [] })],
      [42037, asked({ option_list: Array.from({ length: 21 }, (_, at) => ({ id: String(at), text: '项' })) })],
      [42040, asked({ option_list: [{ text: '3人' }] })],
      [42040, asked({ option_list: [{ ...option, id: 'x'.repeat(129) }] })],
      [42040, asked({ option_list: [option, option] })],
      [42041, asked({ option_list: [{ id: 'A', text: '' }] })],
      [40035, asked({ mode: 2 })],
      [40035, asked({ disable: true })],
      [42046, { submit_button: undefined }],
      [42046, { submit_button: { text: '提交' } }],
      [42046, { submit_button: { text: '提交', key: 'x'.repeat(1025) } }],
      [40035, { replace_text: '已答' }],
      [40035, { sub_title_text: '没有这一行' }],
      [40035, { horizontal_content_list: [{ keyname: '甲', value: '乙' }] }],
      [40035, { button_list: [{ text: '交卷', key: '/交卷' }] }],
    ]
    for (const [expected, fields] of faults) {
      expect([fields, await code(vote('zhangsan', taskId(), fields))]).toEqual([fields, expected])
    }
    const used = taskId()
    expect(await code(vote('zhangsan', used))).toBe(0)
    expect(await code(vote('zhangsan', used))).toBe(42014)
  })

  it('shows its options as the phone has room for them', async () => {
    const option_list = [{ id: 'A', text: '项'.repeat(18) }]
    await code(vote('zhangsan', taskId(), { checkbox: { question_key: 'a', option_list } }))
    expect(newest()?.questions).toEqual([
      {
        key: 'a',
        title: '',
        multiple: false,
        locked: false,
        options: [{ id: 'A', text: `${'项'.repeat(16)}…`, ticked: false }],
      },
    ])
    expect(peer.simulator.inbox('zhangsan').at(-1)?.text).toContain(`${'项'.repeat(16)}…\n［提交］`)
  })

  it('submits what was ticked, in the XML of WeCom, and keeps the ticks', async () => {
    const task = taskId()
    await code(vote('zhangsan', task))
    await peer.simulator.submit('zhangsan', ['C', 'A'])
    const event = peer.heard[0]?.node
    expect(event && ['Event', 'EventKey', 'TaskId', 'CardType'].map(name => textOf(event, name))).toEqual([
      'template_card_event',
      '/答题 q-3 2',
      task,
      'vote_interaction',
    ])
    const item = event && childOf(event, 'SelectedItems')
    const selected = item && childOf(item, 'SelectedItem')
    const ids = selected && childOf(selected, 'OptionIds')
    expect(selected && textOf(selected, 'QuestionKey')).toBe('answer')
    expect(ids && childrenOf(ids, 'OptionId').map(id => id.text)).toEqual(['A', 'C'])
    expect(ticked()).toEqual(['A', 'C'])
    expect(newest()?.greyed).toBeNull()
    await peer.simulator.submit('zhangsan', [])
    expect(peer.heard[1]?.xml).toContain('<OptionIds></OptionIds>')
    expect(ticked()).toEqual([])
  })

  it('cannot be submitted as no thumb could, and submits the newest card that asks', async () => {
    await code(vote('zhangsan', taskId(), { submit_button: { key: '/旧' } }))
    await code(vote('zhangsan', taskId()))
    await code(card('zhangsan', taskId()))
    await expect(peer.simulator.submit('zhangsan', ['Z'])).rejects.toThrow('没有这个选项：Z')
    await peer.simulator.submit('zhangsan', ['B'])
    expect(peer.heard.map(({ node }) => textOf(node, 'EventKey'))).toEqual(['/答题 q-3 2'])
    const single = { question_key: 'a', mode: 0, option_list: ['A', 'B'].map(id => ({ id, text: id })) }
    await code(vote('zhangsan', taskId(), { checkbox: single }))
    await expect(peer.simulator.submit('zhangsan', ['A', 'B'])).rejects.toThrow('只能选一项')
    await expect(peer.simulator.submit('wangjianguo', ['A'])).rejects.toThrow('没有可提交的卡片')
  })

  it('is settled by its text alone, or replaced by a card that is locked', async () => {
    await code(vote('zhangsan', taskId()))
    await peer.simulator.submit('zhangsan', ['A'])
    const settle = async (change: object) => {
      const response_code = peer.heard.map(({ node }) => textOf(node, 'ResponseCode')).at(-1)
      const body = { userids: ['zhangsan'], agentid: AGENT, response_code, ...change }
      return (await peer.api('message/update_template_card', body)).errcode
    }
    expect(await settle({ button: { replace_name: '' } })).toBe(42038)
    expect(await settle({ button: { replace_name: '答对了' } })).toBe(0)
    expect(await settle({ button: { replace_name: '答对了' } })).toBe(60140)
    expect(newest()).toMatchObject({ greyed: '答对了' })
    expect(ticked()).toEqual(['A'])

    const replaced = vote('zhangsan', taskId())
    await code(replaced)
    await peer.simulator.submit('zhangsan', ['B'])
    const { checkbox, ...rest } = replaced.template_card
    const option_list = checkbox.option_list.map(option => ({ ...option, is_checked: option.id === 'B' }))
    const locked = { ...rest, checkbox: { ...checkbox, option_list, disable: true }, replace_text: '已答' }
    expect(await settle({ template_card: { ...locked, sub_title_text: '多了' } })).toBe(40035)
    expect(await settle({ template_card: locked })).toBe(0)
    expect(newest()).toMatchObject({ greyed: '已答', questions: [{ locked: true }] })
    expect(ticked()).toEqual(['B'])
  })
})
