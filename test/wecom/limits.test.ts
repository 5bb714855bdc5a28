import { describe, expect, it } from 'vitest'
import { checkCardUpdate, checkMenu, checkMessage, PayloadLimitError } from '../../src/wecom/limits.ts'

const send = (msgtype: string, content: unknown, more: object = {}) => ({
  touser: 'zhangsan',
  agentid: 1,
  msgtype,
  [msgtype]: content,
  ...more,
})

const button = (index: number) => ({ text: `按钮${index}`, style: 1, key: `/行 ${index}` })
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const card = (more: object = {}) =>
  send('template_card', {
    card_type: 'button_interaction',
    task_id: 'd-12_1763985600_k3f7@1',
    main_title: { title: '党课 · 学习党章第三章' },
    sub_title_text: '发给 38 人',
    horizontal_content_list: [{ keyname: '地点', value: '村党群服务中心' }],
    button_list: [button(1), button(2)],
    ...more,
  })
const option = (index: number) => ({ id: String(index), text: `第${index}项` })
const vote = (more: object = {}, asked: object = {}) =>
  send('template_card', {
    card_type: 'vote_interaction',
    task_id: 'q-3_2',
    main_title: { title: '第 2/5 题（多选）', desc: '支部委员会一般由几人组成？' },
    checkbox: { question_key: 'answer', mode: 1, option_list: many(20, option), ...asked },
    submit_button: { text: '提交', key: '/答题 q-3 2' },
    ...more,
  })
const row = { keyname: '地点', value: '村' }

describe('what WeCom takes is let through', () => {
  it.each([
    ['a text of 2048 bytes', send('text', { content: `${'党'.repeat(682)}xx` })],
    ['a thousand people', send('text', { content: '好' }, { touser: many(1000, n => `u${n}`).join('|') })],
    [
      'a check for duplicates',
      send('text', { content: '好' }, { safe: 0, enable_duplicate_check: 1, duplicate_check_interval: 14400 }),
    ],
    ['a picture', send('image', { media_id: '1G6nrLmr5EC3MMb' }, { safe: 0 })],
    ['a button card', card()],
    ['a button card with nothing but buttons', card({ sub_title_text: undefined, horizontal_content_list: undefined })],
    ['a vote card of twenty options', vote()],
    ['a vote card of one, without a description', vote({ main_title: { title: '题' } }, { option_list: [option(1)] })],
  ])('%s', (_, body) => {
    expect(() => checkMessage(body)).not.toThrow()
  })
})

describe('what breaks a limit is refused, by the name of its field', () => {
  const cases: [field: string, body: unknown][] = [
    ['touser', { ...send('text', { content: '好' }), touser: undefined }],
    ['touser', send('text', { content: '好' }, { touser: '' })],
    ['touser', send('text', { content: '好' }, { touser: 'a||b' })],
    ['touser', send('text', { content: '好' }, { touser: '@all' })],
    ['touser', send('text', { content: '好' }, { touser: many(1001, n => `u${n}`).join('|') })],
    ['body', send('text', { content: '好' }, { toparty: '1' })],
    ['agentid', send('text', { content: '好' }, { agentid: '1' })],
    ['safe', send('text', { content: '好' }, { safe: 3 })],
    ['duplicate_check_interval', send('text', { content: '好' }, { duplicate_check_interval: 14401 })],
    ['image.media_id', send('image', { media_id: '' })],
    ['image', send('image', { media_id: 'x', title: 'y' })],
    ['msgtype', send('hologram', {})],
    ['msgtype', send('markdown', { content: '**好**' })],
    ['text.content', send('text', { content: '' })],
    ['text.content', send('text', { content: ' \n' })],
    ['text.content', send('text', { content: '党'.repeat(683) })],
    ['template_card.card_type', card({ card_type: 'text_notice' })],
    ['template_card.task_id', card({ task_id: undefined })],
    ['template_card.task_id', card({ task_id: '' })],
    ['template_card.task_id', card({ task_id: 'a b' })],
    ['template_card.task_id', card({ task_id: '会议' })],
    ['template_card.task_id', card({ task_id: 'x'.repeat(129) })],
    ['template_card.main_title', card({ main_title: undefined })],
    ['template_card.main_title.title', card({ main_title: { title: '题'.repeat(37) } })],
    ['template_card.sub_title_text', card({ sub_title_text: '文'.repeat(161) })],
    ['template_card.horizontal_content_list', card({ horizontal_content_list: many(7, () => row) })],
    [
      'template_card.horizontal_content_list.0.keyname',
      card({ horizontal_content_list: [{ ...row, keyname: '六个字的标签' }] }),
    ],
    ['template_card.horizontal_content_list.0.keyname', card({ horizontal_content_list: [{ value: '村' }] })],
    [
      'template_card.horizontal_content_list.0.value',
      card({ horizontal_content_list: [{ keyname: '地点', value: '村'.repeat(31) }] }),
    ],
    ['template_card.button_list', card({ button_list: [] })],
    ['template_card.button_list', card({ button_list: many(7, button) })],
    ['template_card.button_list', card({ button_list: [button(1), button(1)] })],
    ['template_card.button_list.0.text', card({ button_list: [{ ...button(1), text: '十一个字的按钮就是太长' }] })],
    ['template_card.button_list.0.text', card({ button_list: [{ ...button(1), text: '' }] })],
    ['template_card.button_list.0.style', card({ button_list: [{ ...button(1), style: 5 }] })],
    ['template_card.button_list.0.key', card({ button_list: [{ ...button(1), key: 'x'.repeat(1025) }] })],
    ['template_card.button_list.0.key', card({ button_list: [{ text: '好' }] })],
    ['template_card', card({ quote_area: { type: 1 } })],
    ['template_card', vote({ sub_title_text: '没有这一行' })],
    ['template_card.task_id', vote({ task_id: '' })],
    ['template_card.main_title.title', vote({ main_title: { title: '题'.repeat(37) } })],
    ['template_card.main_title.desc', vote({ main_title: { title: '题', desc: '文'.repeat(45) } })],
    ['template_card.checkbox', vote({ checkbox: undefined })],
    ['template_card.checkbox.question_key', vote({}, { question_key: '' })],
    ['template_card.checkbox.mode', vote({}, { mode: 2 })],
    ['template_card.checkbox.option_list', vote({}, { option_list: [] })],
    ['template_card.checkbox.option_list', vote({}, { option_list: many(21, option) })],
    ['template_card.checkbox.option_list', vote({}, { option_list: [option(1), option(1)] })],
    ['template_card.checkbox.option_list.0.text', vote({}, { option_list: [{ id: 'A', text: '项'.repeat(18) }] })],
    ['template_card.checkbox.option_list.0.text', vote({}, { option_list: [{ id: 'A', text: '' }] })],
    ['template_card.checkbox.option_list.0.id', vote({}, { option_list: [{ id: 'x'.repeat(129), text: '项' }] })],
    ['template_card.submit_button', vote({ submit_button: undefined })],
    ['template_card.submit_button.key', vote({ submit_button: { text: '提交', key: 'x'.repeat(1025) } })],
  ]

  it.each(cases)('%s', (field, body) => {
    let error: unknown
    try {
      checkMessage(body)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(PayloadLimitError)
    expect(error).toMatchObject({ api: 'message/send', field })
  })
})

it('an update of a card names people, a code and a text', () => {
  const update = { userids: ['a'], agentid: 1, response_code: 'RC', button: { replace_name: '已发布' } }
  expect(() => checkCardUpdate(update)).not.toThrow()
  expect(() => checkCardUpdate({ ...update, userids: many(1001, String) })).toThrow(/userids has more than 1000/)
  expect(() => checkCardUpdate({ ...update, button: { replace_name: '' } })).toThrow(/button\.replace_name/)
  expect(() => checkCardUpdate({ ...update, response_code: '' })).toThrow(/response_code/)
})

describe('a menu', () => {
  const click = (name: string, key = '/帮助') => ({ type: 'click', name, key })
  const scan = { type: 'scancode_waitmsg', name: '扫码签到', key: '/签到' }

  it.each([
    [
      'of three entries with a menu of five',
      { button: [click('一'), click('二'), { name: '五个汉字吧', sub_button: many(5, n => click(`第${n}项`)) }] },
    ],
    [
      'with a name of 40 bytes below, and a scan',
      { button: [{ name: '签到', sub_button: [scan, click(`${'党'.repeat(13)}x`)] }] },
    ],
    ['with a page', { button: [{ type: 'view', name: '首页', url: 'https://example.org/' }] }],
  ])('%s is let through', (_, body) => {
    expect(() => checkMenu(body)).not.toThrow()
  })

  it.each([
    ['nothing', { button: [] }],
    ['four entries', { button: many(4, n => click(`第${n}项`)) }],
    ['six entries below one', { button: [{ name: '签到', sub_button: many(6, n => click(`第${n}项`)) }] }],
    ['an empty menu below', { button: [{ name: '签到', sub_button: [] }] }],
    ['a third level', { button: [{ name: '签到', sub_button: [{ name: '再', sub_button: [click('下')] }] }] }],
    ['a name of 17 bytes', { button: [click('五个汉字吧xx')] }],
    ['a name of 41 bytes below', { button: [{ name: '签到', sub_button: [click(`${'党'.repeat(13)}xx`)] }] }],
    ['a key of 129 bytes', { button: [click('一', 'x'.repeat(129))] }],
    ['no key', { button: [{ type: 'click', name: '一' }] }],
    ['an entry that acts and opens', { button: [{ ...click('一'), sub_button: [click('下')] }] }],
    ['an address without a scheme', { button: [{ type: 'view', name: '首页', url: 'example.org' }] }],
  ])('with %s is refused', (_, body) => {
    expect(() => checkMenu(body)).toThrow(PayloadLimitError)
  })
})
