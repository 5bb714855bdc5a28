/** What the Chinese handbook shows, in the order in which it happens: what is said and pressed before, whose phone is drawn, and how much of it. */
export interface Scene {
  name: string
  holder: string
  /** The newest bubbles that are drawn. */
  last: number
  /** Beijing time from here on. */
  at?: string
  said: readonly Step[]
  /** The venue's screen is drawn too, as it stands then. */
  screen?: true
  /** The first page of the paper that came is drawn, not the phone. */
  paper?: true
}

/** A line, or the label of a button. */
export type Step = readonly [userId: string, does: string] | readonly [userId: string, presses: { label: string }]

const SECRETARY = 'wangjianguo'
const ORGANIZER = 'lixiuying'
const ON_WECHAT = 'zhengshuisheng'
const MEMBER = 'liuyang'
const PUBLISH = { label: '发布' }

export const SCENES: readonly Scene[] = [
  {
    name: 'preview',
    holder: SECRETARY,
    last: 2,
    said: [[SECRETARY, '会议 新建 党员大会 周四晚7点 村党群服务中心 村内道路维修']],
  },
  {
    name: 'leave',
    holder: ON_WECHAT,
    last: 3,
    said: [
      [SECRETARY, PUBLISH],
      [ON_WECHAT, '请假 去县里看病'],
    ],
  },
  {
    name: 'grant',
    holder: SECRETARY,
    last: 3,
    said: [[SECRETARY, { label: '准假' }]],
  },
  { name: 'sheet', holder: SECRETARY, last: 1, said: [[SECRETARY, '签到表']], paper: true },
  {
    name: 'code',
    holder: SECRETARY,
    last: 2,
    at: '2026-11-26T18:40:00+08:00',
    said: [[SECRETARY, '会议 签到码']],
  },
  {
    name: 'check-in',
    holder: MEMBER,
    last: 2,
    at: '2026-11-26T18:45:00+08:00',
    said: [[MEMBER, '签到']],
    screen: true,
  },
  {
    name: 'roll',
    holder: SECRETARY,
    last: 4,
    at: '2026-11-26T19:05:00+08:00',
    said: [
      ...['wangjianguo', 'zhaoguilan', 'sunlei', 'zhoumin', 'zhangguofu', 'wuchunmei', 'zhangwei', 'tangjing'].map(
        userId => [userId, '签到'] as const,
      ),
      [SECRETARY, '名单'],
      [SECRETARY, '补签 何大山 陆玉芬'],
    ],
  },
  {
    name: 'close',
    holder: SECRETARY,
    last: 2,
    at: '2026-11-26T20:40:00+08:00',
    said: [
      [SECRETARY, '表决 一般 村内道路维修 9 0 0'],
      [SECRETARY, '会议 结束'],
    ],
  },
  { name: 'record', holder: SECRETARY, last: 1, said: [[SECRETARY, '记录 m-1']], paper: true },
  { name: 'leaflet', holder: SECRETARY, last: 1, said: [[SECRETARY, '帮助 打印']], paper: true },
  {
    name: 'notice',
    holder: SECRETARY,
    last: 2,
    at: '2026-11-27T09:30:00+08:00',
    said: [
      [SECRETARY, '通知 发 明早8点大扫除，带上铁锹'],
      [SECRETARY, '发布 需回执'],
      [MEMBER, '收到'],
      ['zhangguofu', '收到'],
      [SECRETARY, '通知 状态'],
    ],
  },
  {
    name: 'dues',
    holder: ON_WECHAT,
    last: 4,
    at: '2026-11-27T10:00:00+08:00',
    said: [
      [ON_WECHAT, '党费'],
      [ON_WECHAT, '已缴'],
    ],
  },
  { name: 'collect', holder: ORGANIZER, last: 2, said: [[ORGANIZER, '收缴 郑水生']] },
  {
    name: 'quiz',
    holder: ON_WECHAT,
    last: 4,
    at: '2026-11-27T10:30:00+08:00',
    said: [
      ['sunlei', '测验 发布 党章 5 12-10'],
      ['sunlei', PUBLISH],
      [ON_WECHAT, '答题'],
      [ON_WECHAT, 'A'],
    ],
  },
]
