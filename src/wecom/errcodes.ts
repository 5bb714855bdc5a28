/**
 * What to do about a code of WeCom (WECOM.md 11; doc 90313). `retry`: the same call a little later; `token`: with a new
 * token; `slow`: after the block length; `split`: shorter; `fix`: our data or code is wrong; `admin`: somebody has to
 * change a setting in the console.
 */
export type Action = 'retry' | 'token' | 'slow' | 'split' | 'fix' | 'admin'

export interface Errcode {
  action: Action
  /** Chinese, one sentence: what an operator can do. */
  advice: string
}

type Row = readonly [codes: readonly (number | readonly [from: number, to: number])[], action: Action, advice: string]

const ROWS: readonly Row[] = [
  [[-1], 'retry', '企业微信系统繁忙，稍后会自动重试'],
  [[6000], 'retry', '企业微信数据版本冲突，稍后会自动重试'],
  [[45033], 'retry', '同时调用太多，稍后会自动重试'],
  [[45009], 'slow', '调用太频繁，已暂停一分钟；若一直这样，到企业微信开放平台自助解除频率限制'],
  [[40014, 42001], 'token', 'access_token 失效，会自动换新的'],
  [[41001], 'token', '请求里没有 access_token，会自动换新的'],
  [[45002], 'split', '消息太长，应分成几条发'],
  [[40001], 'admin', 'Secret 不对，或不属于这个企业，或应用已停用：到管理后台核对 WECOM_CORP_ID 和 WECOM_SECRET'],
  [[40013], 'admin', '企业 ID 不对：到管理后台“我的企业”核对 WECOM_CORP_ID'],
  [[40091], 'admin', 'Secret 是另一个企业的：核对 WECOM_SECRET'],
  [[41002, 41004], 'admin', '没有填企业 ID 或 Secret：补上 WECOM_CORP_ID 和 WECOM_SECRET'],
  [[40056], 'admin', '应用编号不对：到应用详情页核对 WECOM_AGENT_ID'],
  [[40057], 'admin', '回调地址没有通过检查：先启动本服务，再在后台保存接收消息的设置'],
  [[40201, 40204, 85002], 'admin', '内容被企业微信的安全规则拦下：改写后再发'],
  [[43004], 'admin', '该成员没有关注微信插件：请他扫微信插件二维码'],
  [[43009], 'admin', '企业还没有认证：请管理员完成认证'],
  [[43012], 'admin', '应用还没有设置接收消息的地址：到应用详情页设置后再发卡片'],
  [[48002], 'admin', '应用没有权限调用这个接口：检查应用的权限和可见范围'],
  [[48005, 48006], 'admin', '接口已停用，或因长期不用被收回权限：到管理后台重新开通'],
  [[49008], 'admin', '群聊已解散：请重新建群'],
  [[50001], 'admin', '网页地址不在可信域名里：到应用详情页添加可信域名'],
  [[50002, 60021], 'admin', '成员不在应用的可见范围：到应用详情页把他加进可见范围'],
  [[50003, 60031], 'admin', '应用已停用：到管理后台启用'],
  [[60011], 'admin', '应用没有权限看这个成员或部门：扩大应用的可见范围'],
  [[60020], 'admin', '服务器 IP 不在企业可信IP里：到应用详情页“企业可信IP”添加，约一分钟后生效'],
  [[93000, 93004, 93006, 93008], 'admin', '群机器人已停用、被移除或不在群里：到群里重新添加'],
  [[301007], 'admin', '企业已解散或被封禁'],
  [[701008], 'admin', '缺少互通许可：请管理员购买或分配'],
  [[701016], 'admin', '账号未激活或已过期：请管理员激活接口许可'],
  [[40003], 'fix', '没有这个账号，或账号写法不对：核对名册的“账号”一栏'],
  [[46004, 60111], 'fix', '没有这个成员（已离职、已删除或不可见）：核对名册的“账号”一栏'],
  [[81013], 'fix', '收件人都不在应用的可见范围，或账号不存在：核对名册和可见范围'],
  [[301021], 'fix', '有收件人的账号不存在：核对名册的“账号”一栏'],
  [[40004, 40005, 40006, 40009, 40011, 40123], 'fix', '文件的种类、大小或内容不合要求'],
  [[40007], 'fix', '文件编号已过期（三天）或种类不对：重新上传一次'],
  [[40008], 'fix', '消息类型不对'],
  [[40058], 'fix', '参数不对，或这条消息是别的应用发的'],
  [[40033], 'fix', '请求里有不能用的字符'],
  [[40032, 40035, 40039, 40063], 'fix', '参数缺失、太长或写法不对'],
  [[[40016, 40027], 40054, 40055], 'fix', '应用菜单不合要求'],
  [[40050, 86001, 86003], 'fix', '群聊编号不对或不存在'],
  [[40066, 40068, 40070, 60003, 60123], 'fix', '部门或标签不存在，或不可见'],
  [[40074, 40096], 'fix', '图文消息不能保密，或外部联系人编号不对'],
  [[41005, 41006, 41011, 41016, 41033], 'fix', '缺少必填项'],
  [[42009], 'fix', '第三方应用的凭证过期，与本应用无关'],
  [[42014, 42016], 'fix', '卡片编号用过了，或不对'],
  [[42015], 'fix', '卡片是别的应用发的'],
  [[[42017, 42020]], 'fix', '卡片按钮不合要求'],
  [[[42027, 42031], 42033, [42035, 42047], [42049, 42051]], 'fix', '卡片有一项不合要求'],
  [[42052], 'fix', '超过 24 小时，消息已不能撤回'],
  [[44001, 44004], 'fix', '文件或文字是空的'],
  [[45001, 45007, 45008], 'fix', '文件太大、语音太长或图文太多'],
  [[45034], 'fix', '链接要以 http:// 或 https:// 开头'],
  [[46003], 'fix', '应用还没有菜单：运行 npm run doctor -- --menu'],
  [[60140], 'fix', '卡片已更新过或已过期，改用新消息告知'],
  [[[82001, 82004]], 'fix', '收件人缺失、太多，或内容不能显示'],
  [[82101, 82102], 'fix', '要更新的卡片没有发给这些人'],
  [[[86004, 86008], 86101, [86201, 86207], 86215, 86216, 86217, 86220, 86224], 'fix', '群聊的名称、群主或成员不合要求'],
  [[[90200, 90208]], 'fix', '小程序通知不合要求'],
  [[301002], 'fix', 'Secret 与应用编号不是同一个应用的：核对 WECOM_AGENT_ID 和 WECOM_SECRET'],
  [[301051], 'fix', '企业微信拒绝了这个请求'],
  [[830002], 'fix', '文件太大，要分段下载'],
]

const BY_CODE: ReadonlyMap<number, Errcode> = new Map(
  ROWS.flatMap(([codes, action, advice]) =>
    codes.flatMap(code =>
      (typeof code === 'number' ? [code] : range(code[0], code[1])).map(one => [one, { action, advice }]),
    ),
  ),
)

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

/** A code that is not in the table is not retried. */
export const errcodeOf = (code: number): Errcode =>
  BY_CODE.get(code) ?? {
    action: 'fix',
    advice: `企业微信返回 ${code}：到 open.work.weixin.qq.com/devtool/query 查这个错误码`,
  }

export const adviceFor = (code: number): string => errcodeOf(code).advice
