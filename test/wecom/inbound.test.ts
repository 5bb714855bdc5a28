import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readDelivery } from '../../src/wecom/inbound.ts'
import { XmlError } from '../../src/wecom/xml.ts'

const toInbound = (xml: string) => readDelivery(xml).inbound
const wrap = (inner: string, from = 'ZhangSan') =>
  `<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>1</CreateTime>${inner}<AgentID>1</AgentID></xml>`
const message = (type: string, inner = '') =>
  wrap(`<MsgType><![CDATA[${type}]]></MsgType>${inner}<MsgId>7309999999999999999</MsgId>`)
const event = (name: string, inner = '', from?: string) =>
  wrap(`<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>${inner}`, from)
const key = (text: string) => `<EventKey><![CDATA[${text}]]></EventKey>`
const scan = (text: string) =>
  `${key('scan')}<ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[${text}]]></ScanResult></ScanCodeInfo>`
const chosen = (...questions: string[][]) =>
  `<SelectedItems>${questions
    .map(
      (ids, index) =>
        `<SelectedItem><QuestionKey><![CDATA[q${index}]]></QuestionKey><OptionIds>${ids
          .map(id => `<OptionId><![CDATA[${id}]]></OptionId>`)
          .join('')}</OptionIds></SelectedItem>`,
    )
    .join('')}</SelectedItems>`
const card = (line: string, more = '') =>
  event(
    'template_card_event',
    `${key(line)}<TaskId><![CDATA[t-1]]></TaskId><CardType><![CDATA[x]]></CardType><ResponseCode><![CDATA[RC]]></ResponseCode>${more}`,
  )
const hash = (xml: string) => createHash('sha256').update(xml).digest('hex')

describe('what a person says becomes a line', () => {
  it('text, with its spaces and newlines, keyed by the lower-case user and the MsgId as text', () => {
    expect(toInbound(message('text', '<Content><![CDATA[ ／签到　4821\n]]></Content>'))).toEqual({
      key: 'zhangsan:7309999999999999999',
      userId: 'zhangsan',
      line: ' ／签到　4821\n',
      via: 'text',
    })
  })

  it('a menu item', () => {
    const xml = event('click', key('/签到'))
    expect(toInbound(xml)).toEqual({ key: `zhangsan:${hash(xml)}`, userId: 'zhangsan', line: '/签到', via: 'click' })
  })

  it('a scanned code', () => {
    expect(toInbound(event('scancode_waitmsg', scan('/签到 m-9.K3F7Q2')))).toMatchObject({
      line: '/签到 m-9.K3F7Q2',
      via: 'scan',
    })
  })

  it('a pressed button, with its card', () => {
    expect(toInbound(card('/发布 d-12'))).toMatchObject({
      line: '/发布 d-12',
      via: 'card',
      card: { taskId: 't-1', responseCode: 'RC' },
    })
  })

  it('a submitted vote: the chosen options are appended', () => {
    expect(toInbound(card('/答题 q-3 2', chosen(['A', 'C'])))?.line).toBe('/答题 q-3 2 AC')
    expect(toInbound(card('/答题 q-3 2', chosen(['B'])))?.line).toBe('/答题 q-3 2 B')
    expect(toInbound(card('/问卷', chosen(['A'], ['x', 'y'], [])))?.line).toBe('/问卷 A xy')
    expect(toInbound(card('/收到 n-17', '<SelectedItems></SelectedItems>'))?.line).toBe('/收到 n-17')
  })

  it('a submitted vote: the same options are the same line, in whichever order they were ticked', () => {
    expect(toInbound(card('/答题 q-3 2', chosen(['C', 'A', 'C'])))?.line).toBe('/答题 q-3 2 AC')
    expect(toInbound(card('/答题 q-3 2', chosen(['b', 'a'])))?.line).toBe('/答题 q-3 2 ab')
  })

  it('a vote submitted with nothing ticked: the line alone', () => {
    expect(toInbound(card('/答题 q-3 2', chosen([])))?.line).toBe('/答题 q-3 2')
    expect(toInbound(card('/答题 q-3 2'))?.line).toBe('/答题 q-3 2')
    const bare = '<SelectedItems><SelectedItem><QuestionKey>answer</QuestionKey></SelectedItem></SelectedItems>'
    expect(toInbound(card('/答题 q-3 2', bare))?.line).toBe('/答题 q-3 2')
  })

  it('an option id may come without CDATA and with spaces around it', () => {
    const plain =
      '<SelectedItems><SelectedItem><OptionIds><OptionId> A </OptionId></OptionIds></SelectedItem></SelectedItems>'
    expect(toInbound(card('/答题 q-3 2', plain))?.line).toBe('/答题 q-3 2 A')
  })

  it.each(['image', 'voice', 'video', 'location', 'link'])('%s has no words', type => {
    expect(toInbound(message(type, '<MediaId>m</MediaId>'))).toMatchObject({ line: '', via: 'wordless' })
  })
})

describe('what nobody said', () => {
  it.each([
    'subscribe',
    'unsubscribe',
    'enter_agent',
    'LOCATION',
    'view',
    'scancode_push',
    'pic_weixin',
    'location_select',
    'change_contact',
    'batch_job_result',
    'template_card_menu_event',
    'some_future_event',
  ])('%s is nothing', name => {
    expect(toInbound(event(name, scan('/签到')))).toBeNull()
  })

  it('a kind of message that is not known, a missing sender, an empty key are nothing', () => {
    expect(toInbound(message('hologram'))).toBeNull()
    expect(toInbound(event('click', key('/签到'), ''))).toBeNull()
    expect(toInbound(event('click', key('')))).toBeNull()
    expect(toInbound(event('click'))).toBeNull()
    expect(toInbound('<xml></xml>')).toBeNull()
  })
})

it('two events of one second have different keys, one event always the same', () => {
  const [first, second] = [card('/准假 1'), card('/准假 2')]
  expect(toInbound(first)?.key).not.toBe(toInbound(second)?.key)
  expect(toInbound(first)?.key).toBe(toInbound(first)?.key)
})

it('the sender is also given as WeCom spells him, and the corp', () => {
  expect(readDelivery(message('text'))).toMatchObject({ from: 'ZhangSan', corpId: 'ww1' })
})

it('a vertical tab pasted from a document costs nobody his message', () => {
  expect(toInbound(message('text', '<Content><![CDATA[请假\u000B发烧]]></Content>'))?.line).toBe('请假发烧')
})

it('malformed XML is an error', () => {
  expect(() => toInbound('<xml><MsgType>')).toThrow(XmlError)
})
