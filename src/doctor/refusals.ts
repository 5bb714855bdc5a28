import { WecomError, WecomUnreachableError } from '../errors.ts'
import { bad, type Finding } from './findings.ts'

/** WeCom's refusals as findings: the code, and where to click. The names are those of its console. */
const APP = '管理后台 → 应用管理 → 自建 → 本应用'
const CORP = '管理后台 → 我的企业 → 企业信息'
const RESTART = '改了 .env 要重启本程序'

const STEPS: readonly (readonly [codes: readonly number[], steps: readonly string[]])[] = [
  [
    [40001, 40091, 41004],
    [`${APP}：把 Secret 重新抄进 WECOM_SECRET`, `${CORP}：核对 WECOM_CORP_ID`, `${APP}：看应用是不是停用了`, RESTART],
  ],
  [
    [40013, 41002],
    [`${CORP}：把企业ID重新抄进 WECOM_CORP_ID`, RESTART],
  ],
  [
    [40056, 301002],
    [`${APP}：把 AgentId 重新抄进 WECOM_AGENT_ID`, RESTART],
  ],
  [[50003, 60031], [`${APP}：启用应用`]],
  [[60011, 60021, 50002, 48002], [`${APP} → 可见范围：选上要用的人；要建支部群的，选整个企业`]],
  [[45009], ['过几分钟再运行；错的 Secret 试得太多的，企业微信会封一小时']],
]

export function explainRefusal(what: string, error: unknown, proxied: boolean): Finding {
  if (error instanceof WecomError) return explainCode(what, error)
  if (error instanceof WecomUnreachableError) return explainSilence(what, error, proxied)
  throw error
}

function explainCode(what: string, { code, advice, seenIp }: WecomError): Finding {
  if (code === 60020) return notTrusted(seenIp)
  const steps = STEPS.find(([codes]) => codes.includes(code))?.[1] ?? []
  return bad(`${what}：企业微信答错误码 ${code}，${advice}`, steps)
}

/** WECOM.md 12: the console takes addresses only after a callback address has passed its check. */
const notTrusted = (seenIp: string | undefined): Finding =>
  bad(
    '企业微信不认这台服务器的 IP（错误码 60020），收得到、发不出',
    [
      '次序：本程序先运行 → 回调保存成功 → 再填 IP',
      '一、本程序在运行（见上面“程序”）',
      `二、${APP} → 接收消息 → 设置API接收：填好地址、Token、EncodingAESKey，保存成功`,
      `三、${APP}，页面最下面的“企业可信IP”：填上${seenIp ? ` ${seenIp}` : '服务器的公网 IP'}，已有别的就用 ; 隔开`,
      '约一分钟后生效，再运行一次 npm run doctor',
    ],
    seenIp ? `企业微信看到的是 ${seenIp}` : '',
  )

const CAUSES: readonly (readonly [cause: RegExp, said: string])[] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, '域名解析不了，查 DNS'],
  [/^ECONNREFUSED$/, '连接被拒绝'],
  [/^(ERR_CANCELED|TimeoutError|AbortError|ETIMEDOUT|ECONNABORTED)$/, '几秒内没有回应'],
  [/CERT|TLS|SSL|SIGNED|UNABLE_TO/, '证书不被信任，中间可能有设备拆开了 HTTPS'],
  [/^HTTP 407$/, '代理要用户名和密码'],
  [/^HTTP \d+$/, '答的不是企业微信'],
  [/^(not JSON|unexpected shape)$/, '答的不是企业微信，可能要先登录上网'],
]

function explainSilence(what: string, { cause }: WecomUnreachableError, proxied: boolean): Finding {
  const code = String(cause ?? '')
  const said = CAUSES.find(([pattern]) => pattern.test(code))?.[1] ?? '连接断了'
  const network = proxied
    ? '正在用 HTTPS_PROXY：查代理的地址、用户名、密码，再看代理能不能上网'
    : '查这台服务器能不能上网；要经代理上网的，填 HTTPS_PROXY'
  return bad(`${what}：连不上企业微信，${said}（${code || '原因不明'}）`, [network, 'WECOM_API_BASE 一般要留空'])
}
