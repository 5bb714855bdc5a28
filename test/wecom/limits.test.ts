import { describe, expect, it } from 'vitest'
import { checkCardUpdate, checkMessage, PayloadLimitError } from '../../src/wecom/limits.ts'

const send = (msgtype: string, content: unknown, more: object = {}) => ({
  touser: 'zhangsan',
  agentid: 1,
  msgtype,
  [msgtype]: content,
  ...more,
})
const card = (more: object) => send('template_card', more)

const button = (index: number) => ({ text: `按钮${index}`, style: 1, key: `/行 ${index}` })
const option = (index: number) => ({ id: `o${index}`, text: `选项${index}` })
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const buttons = (more: object = {}) =>
  card({
    card_type: 'button_interaction',
    task_id: 'd-12_1763985600_k3f7@1',
    main_title: { title: '党课 · 学习党章第三章', desc: '11月26日 周四 19:00' },
    sub_title_text: '发给 38 人',
    horizontal_content_list: [{ keyname: '地点', value: '村党群服务中心' }],
    button_list: [button(1), button(2)],
    ...more,
  })
const vote = (more: object = {}) =>
  card({
    card_type: 'vote_interaction',
    task_id: 'q-3',
    main_title: { title: '第 2/5 题（多选）', desc: '几人组成？' },
    checkbox: { question_key: 'a', mode: 1, option_list: [option(1), option(2)] },
    submit_button: { text: '提交', key: '/答题 q-3 2' },
    ...more,
  })
const selector = (index: number) => ({ question_key: `q${index}`, title: '选一个', option_list: [option(1)] })
const multiple = (more: object = {}) =>
  card({
    card_type: 'multiple_interaction',
    task_id: 'q-4',
    main_title: { title: '问卷' },
    select_list: [selector(1), selector(2)],
    submit_button: { key: '/问卷' },
    ...more,
  })
const notice = (more: object = {}) =>
  card({
    card_type: 'text_notice',
    main_title: { title: '通知' },
    card_action: { type: 1, url: 'https://a.cn' },
    ...more,
  })
const news = (more: object = {}) =>
  card({
    card_type: 'news_notice',
    main_title: { title: '通知' },
    card_image: { url: 'https://a.cn/a.png', aspect_ratio: 1.3 },
    card_action: { type: 1, url: 'https://a.cn' },
    ...more,
  })
const articles = (count: number, more: object = {}) => ({
  articles: many(count, () => ({ title: '题', url: 'https://a.cn', ...more })),
})
const row = { keyname: '地点', value: '村' }

describe('what WeCom takes is let through', () => {
  it.each([
    ['a text of 2048 bytes', send('text', { content: `${'党'.repeat(682)}xx` })],
    ['a thousand people', send('text', { content: '好' }, { touser: many(1000, n => `u${n}`).join('|') })],
    ['markdown', send('markdown', { content: '**好**' })],
    [
      'a file',
      send('file', { media_id: 'M' }, { safe: 0, enable_duplicate_check: 1, duplicate_check_interval: 14400 }),
    ],
    ['a video', send('video', { media_id: 'M', title: '题' })],
    ['a textcard', send('textcard', { title: '题', description: '文', url: 'https://a.cn', btntxt: '更多' })],
    ['news', send('news', articles(8))],
    ['mpnews', send('mpnews', { articles: [{ title: '题', thumb_media_id: 'M', content: '<p>' }] })],
    ['a mini-program notice', send('miniprogram_notice', { appid: 'a', title: '四个字题' })],
    ['a button card', buttons()],
    ['a vote card', vote()],
    ['a card of selectors', multiple()],
    ['a text notice', notice()],
    ['a news notice', news()],
  ])('%s', (_, body) => {
    expect(() => checkMessage(body)).not.toThrow()
  })
})

describe('what breaks a limit is refused, by the name of its field', () => {
  const cases: [field: string, body: unknown][] = [
    ['touser', { ...send('text', { content: '好' }), touser: undefined }],
    ['touser', send('text', { content: '好' }, { touser: '' })],
    ['touser', send('text', { content: '好' }, { touser: 'a||b' })],
    ['touser', send('text', { content: '好' }, { touser: many(1001, n => `u${n}`).join('|') })],
    ['toparty', send('text', { content: '好' }, { toparty: many(101, String).join('|') })],
    ['agentid', send('text', { content: '好' }, { agentid: '1' })],
    ['safe', send('text', { content: '好' }, { safe: 3 })],
    ['duplicate_check_interval', send('text', { content: '好' }, { duplicate_check_interval: 14401 })],
    ['msgtype', send('hologram', {})],
    ['text.content', send('text', { content: '' })],
    ['text.content', send('text', { content: ' \n' })],
    ['text.content', send('text', { content: '党'.repeat(683) })],
    ['markdown.content', send('markdown', { content: 'x'.repeat(2049) })],
    ['image.media_id', send('image', { media_id: '' })],
    ['video.title', send('video', { media_id: 'M', title: '题'.repeat(43) })],
    ['video.description', send('video', { media_id: 'M', description: 'x'.repeat(513) })],
    ['textcard.title', send('textcard', { title: '题'.repeat(43), description: '文', url: 'https://a.cn' })],
    ['textcard.description', send('textcard', { title: '题', url: 'https://a.cn' })],
    ['textcard.description', send('textcard', { title: '题', description: '文'.repeat(171), url: 'https://a.cn' })],
    ['textcard.url', send('textcard', { title: '题', description: '文', url: 'a.cn' })],
    [
      'textcard.btntxt',
      send('textcard', { title: '题', description: '文', url: 'https://a.cn', btntxt: '五个字按钮' }),
    ],
    ['news.articles', send('news', articles(0))],
    ['news.articles', send('news', articles(9))],
    ['news.articles.0', send('news', articles(1, { url: undefined }))],
    ['news.articles.0.title', send('news', articles(1, { title: 'x'.repeat(129) }))],
    ['news.articles.0.description', send('news', articles(1, { description: 'x'.repeat(513) }))],
    ['news.articles.0.picurl', send('news', articles(1, { picurl: `https://${'x'.repeat(2041)}` }))],
    [
      'mpnews.articles.0.author',
      send('mpnews', { articles: [{ title: '题', thumb_media_id: 'M', content: 'x', author: 'x'.repeat(65) }] }),
    ],
    ['miniprogram_notice.title', send('miniprogram_notice', { appid: 'a', title: '三个字' })],
    [
      'miniprogram_notice.content_item',
      send('miniprogram_notice', {
        appid: 'a',
        title: '四个字题',
        content_item: many(11, () => ({ key: 'k', value: 'v' })),
      }),
    ],
    ['template_card.card_type', card({ card_type: 'x' })],
    ['template_card.task_id', buttons({ task_id: undefined })],
    ['template_card.task_id', buttons({ task_id: '' })],
    ['template_card.task_id', buttons({ task_id: 'a b' })],
    ['template_card.task_id', buttons({ task_id: '会议' })],
    ['template_card.task_id', buttons({ task_id: 'x'.repeat(129) })],
    ['template_card.source.desc', buttons({ source: { desc: '来'.repeat(21) } })],
    ['template_card.source.desc_color', buttons({ source: { desc_color: 4 } })],
    [
      'template_card.action_menu.action_list',
      buttons({ action_menu: { action_list: many(4, n => ({ text: 'a', key: `${n}` })) } }),
    ],
    [
      'template_card.action_menu.action_list',
      buttons({ action_menu: { action_list: many(2, () => ({ text: 'a', key: 'k' })) } }),
    ],
    ['template_card.task_id', notice({ action_menu: { action_list: [{ text: 'a', key: 'k' }] } })],
    ['template_card.main_title', buttons({ main_title: undefined })],
    ['template_card.main_title.title', buttons({ main_title: { title: '题'.repeat(37) } })],
    ['template_card.main_title.desc', buttons({ main_title: { title: '题', desc: '述'.repeat(45) } })],
    ['template_card.sub_title_text', buttons({ sub_title_text: '文'.repeat(161) })],
    ['template_card.quote_area', buttons({ quote_area: { type: 1 } })],
    ['template_card.emphasis_content.title', notice({ emphasis_content: { title: '重'.repeat(15) } })],
    ['template_card.emphasis_content.desc', notice({ emphasis_content: { desc: '重'.repeat(23) } })],
    ['template_card.horizontal_content_list', buttons({ horizontal_content_list: many(7, () => row) })],
    [
      'template_card.horizontal_content_list.0.keyname',
      buttons({ horizontal_content_list: [{ keyname: '六个字的标签' }] }),
    ],
    ['template_card.horizontal_content_list.0.keyname', buttons({ horizontal_content_list: [{ value: '村' }] })],
    [
      'template_card.horizontal_content_list.0.value',
      buttons({ horizontal_content_list: [{ keyname: '地点', value: '村'.repeat(31) }] }),
    ],
    ['template_card.horizontal_content_list.0', buttons({ horizontal_content_list: [{ ...row, type: 1 }] })],
    ['template_card.horizontal_content_list.0', buttons({ horizontal_content_list: [{ ...row, type: 2 }] })],
    ['template_card.horizontal_content_list.0', buttons({ horizontal_content_list: [{ ...row, type: 3 }] })],
    ['template_card.card_action', notice({ card_action: undefined })],
    ['template_card.card_action.type', notice({ card_action: { type: 0 } })],
    ['template_card.card_action', notice({ card_action: { type: 1 } })],
    ['template_card.main_title', notice({ main_title: undefined })],
    ['template_card.jump_list', notice({ jump_list: many(4, () => ({ title: '跳' })) })],
    ['template_card.jump_list.0.title', notice({ jump_list: [{ title: '跳'.repeat(19) }] })],
    ['template_card.card_image', news({ card_image: undefined })],
    ['template_card.card_image.aspect_ratio', news({ card_image: { url: 'https://a.cn', aspect_ratio: 2.25 } })],
    ['template_card.image_text_area.image_url', news({ image_text_area: {} })],
    ['template_card.vertical_content_list', news({ vertical_content_list: many(5, () => ({ title: '题' })) })],
    ['template_card.vertical_content_list.0.title', news({ vertical_content_list: [{ title: '题'.repeat(39) }] })],
    ['template_card.button_list', buttons({ button_list: [] })],
    ['template_card.button_list', buttons({ button_list: many(7, button) })],
    ['template_card.button_list', buttons({ button_list: [button(1), button(1)] })],
    ['template_card.button_list.0.text', buttons({ button_list: [{ ...button(1), text: '十一个字的按钮就是太长' }] })],
    ['template_card.button_list.0.text', buttons({ button_list: [{ ...button(1), text: '' }] })],
    ['template_card.button_list.0.style', buttons({ button_list: [{ ...button(1), style: 5 }] })],
    ['template_card.button_list.0.key', buttons({ button_list: [{ ...button(1), key: 'x'.repeat(1025) }] })],
    ['template_card.button_list.0', buttons({ button_list: [{ text: '好' }] })],
    ['template_card.button_list.0', buttons({ button_list: [{ text: '好', type: 1 }] })],
    [
      'template_card.button_selection.option_list',
      buttons({ button_selection: { question_key: 'q', option_list: many(11, option) } }),
    ],
    [
      'template_card.button_selection.option_list.0.text',
      buttons({ button_selection: { question_key: 'q', option_list: [{ id: '1', text: '选'.repeat(17) }] } }),
    ],
    ['template_card.checkbox', vote({ checkbox: undefined })],
    ['template_card.checkbox.mode', vote({ checkbox: { question_key: 'a', mode: 2, option_list: [option(1)] } })],
    ['template_card.checkbox.option_list', vote({ checkbox: { question_key: 'a', option_list: many(21, option) } })],
    [
      'template_card.checkbox.option_list',
      vote({ checkbox: { question_key: 'a', option_list: [option(1), option(1)] } }),
    ],
    [
      'template_card.checkbox.option_list.0.text',
      vote({ checkbox: { question_key: 'a', option_list: [{ id: '1', text: '选'.repeat(18) }] } }),
    ],
    [
      'template_card.checkbox.option_list.0.id',
      vote({ checkbox: { question_key: 'a', option_list: [{ id: 'x'.repeat(129), text: '选' }] } }),
    ],
    ['template_card.submit_button.key', vote({ submit_button: { text: '提交' } })],
    ['template_card.submit_button.text', vote({ submit_button: { text: '交'.repeat(11), key: 'k' } })],
    ['template_card.select_list', multiple({ select_list: many(4, selector) })],
    ['template_card.select_list', multiple({ select_list: [selector(1), selector(1)] })],
    [
      'template_card.select_list.0.option_list',
      multiple({ select_list: [{ question_key: 'q', option_list: many(11, option) }] }),
    ],
    ['template_card', vote({ sub_title_text: '投票卡片没有这一项' })],
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
