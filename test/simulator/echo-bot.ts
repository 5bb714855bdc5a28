import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { readBody } from '../../src/simulator/body.ts'
import { createSimulator, readDirectory } from '../../src/simulator/simulator.ts'
import { createCallbackCrypto } from '../../src/wecom/crypto.ts'
import { cdata, element, parseXml, textOf, type XmlNode } from '../../src/wecom/xml.ts'

export const AGENT = 1000002
export const CORP = 'ww0123456789abcdef'
export const SECRET = 'secret-of-the-app'
const SECRETS = { token: 'tok', aesKey: '4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws', corpId: CORP }

const ROSTER = `账号,姓名,支部,党小组,身份,党内职务,微信,无手机
wangjianguo,王建国,水泉村党支部,一组,正式党员,书记,,
Zhangsan,张三,水泉村党支部,一组,正式党员,,,
lisi,李四,水泉村党支部,二组,正式党员,,是,
laogen,沈老根,柳沟村党支部,,正式党员,,,是
`

export interface Heard {
  xml: string
  node: XmlNode
  envelope: string
}

/** A bot that answers as it is told, on one server with the simulator. */
export async function startEchoBot(roster = ROSTER) {
  const crypto = createCallbackCrypto(SECRETS)
  const heard: Heard[] = []
  const bot = {
    /** What the passive reply says; null: an empty body. */
    answer: async (inner: XmlNode): Promise<string | null> =>
      `听到：${textOf(inner, 'Content') ?? textOf(inner, 'EventKey')}`,
    /** Statuses of the next tries; 200 when used up. */
    statuses: [] as number[],
    signWrongly: false,
  }

  function envelope(text: string, userId: string): string {
    const [to, from] = [element('ToUserName', cdata(userId)), element('FromUserName', cdata(CORP))]
    const rest = element('CreateTime', 1) + element('MsgType', cdata('text')) + element('Content', cdata(text))
    const cipher = crypto.encrypt(element('xml', to + from + rest))
    const signature = bot.signWrongly ? '0'.repeat(40) : crypto.sign('1', 'n', cipher)
    const head = element('Encrypt', cdata(cipher)) + element('MsgSignature', cdata(signature))
    return element('xml', head + element('TimeStamp', 1) + element('Nonce', cdata('n')))
  }

  const koa = new Koa()
  let port = 0
  const address = () => `http://127.0.0.1:${port}`
  const directory = readDirectory(roster)
  const simulator = createSimulator({
    callbackUrl: () => `${address()}/wecom/app`,
    agentId: AGENT,
    secret: SECRET,
    directory,
    ...SECRETS,
  })
  koa.use(simulator.routes)
  koa.use(async ctx => {
    if (ctx.path !== '/wecom/app') return
    const { msg_signature, timestamp, nonce, echostr } = Object.fromEntries(new URLSearchParams(ctx.querystring))
    const body = ctx.method === 'GET' ? '' : await readBody(ctx.req, 1e6)
    const cipher = echostr ?? textOf(parseXml(body), 'Encrypt') ?? ''
    if (!crypto.verifies(msg_signature ?? '', timestamp ?? '', nonce ?? '', cipher)) ctx.throw(403)
    const xml = crypto.decrypt(cipher)
    if (echostr !== undefined) {
      ctx.body = xml
      return
    }
    const node = parseXml(xml)
    heard.push({ xml, node, envelope: cipher })
    const status = bot.statuses.shift() ?? 200
    const text = await bot.answer(node)
    ctx.body = status === 200 && text !== null ? envelope(text, textOf(node, 'FromUserName') ?? '') : ''
    ctx.status = status
  })
  const server = createServer(koa.callback())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port

  const post = async (path: string, body: unknown) => {
    const init =
      body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch(`${address()}/simulator/wecom/cgi-bin/${path}`, init)
    return (await response.json()) as Record<string, unknown> & { errcode: number }
  }
  const token = async () => String((await post(`gettoken?corpid=${CORP}&corpsecret=${SECRET}`, undefined)).access_token)
  /** Calls WeCom's API as the bot would. */
  const api = async (name: string, body?: unknown) => post(`${name}?access_token=${await token()}`, body)
  const stop = async () => {
    simulator.close()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  /** Cuts every open connection, as a restart would; resolves when this process has noticed too. */
  const cut = async () => {
    server.closeAllConnections()
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { bot, heard, simulator, cut, address, api, post, token, stop }
}

export const text = (touser: string, content: string, more: object = {}) => ({
  touser,
  msgtype: 'text',
  agentid: AGENT,
  text: { content },
  ...more,
})

export const card = (touser: string, taskId: string, more: object = {}) => ({
  touser,
  msgtype: 'template_card',
  agentid: AGENT,
  template_card: {
    card_type: 'button_interaction',
    task_id: taskId,
    main_title: { title: '党课 · 学习党章第三章', desc: '11月26日 周四 19:00' },
    sub_title_text: '发给 38 人（5 人无手机）',
    horizontal_content_list: [{ keyname: '地点', value: '村党群服务中心' }],
    button_list: [
      { text: '发布', style: 1, key: '/发布 d-12' },
      { text: '作罢', style: 2, key: '/作罢 d-12' },
    ],
    ...more,
  },
})

export const vote = (touser: string, taskId: string, more: object = {}) => ({
  touser,
  msgtype: 'template_card',
  agentid: AGENT,
  template_card: {
    card_type: 'vote_interaction',
    task_id: taskId,
    main_title: { title: '第 2/5 题（多选）', desc: '支部委员会一般由几人组成？' },
    checkbox: {
      question_key: 'answer',
      mode: 1,
      option_list: [
        { id: 'A', text: 'A. 3人' },
        { id: 'B', text: 'B. 4人' },
        { id: 'C', text: 'C. 5人' },
      ],
    },
    submit_button: { text: '提交', key: '/答题 q-3 2' },
    ...more,
  },
})
