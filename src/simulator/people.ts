import { element } from '../wecom/xml.ts'
import { type Callbacks, type Delivered, field } from './callbacks.ts'
import { TEXT_BYTES } from './content.ts'
import type { Media } from './media.ts'
import type { CardView, Content } from './phone.ts'
import type { Phones } from './phones.ts'
import { bytesOf, cutBytes } from './refusal.ts'
import type { createResponseCodes } from './response-codes.ts'

export interface Press {
  /** Left out: the newest living card that has the button. */
  taskId?: string
  label?: string
  key?: string
  /** Ids of the options ticked, for cards that ask. */
  options?: readonly string[]
}

export interface PeopleSetup {
  phones: Phones
  callbacks: Callbacks
  codes: ReturnType<typeof createResponseCodes>
  media: Media
}

/**
 * What a person can do on the phone. Each resolves when the bot has answered the callback, and rejects for who was deleted
 * from the corp.
 */
export function createPeople({ phones, callbacks, codes, media }: PeopleSetup) {
  async function tell(
    userId: string,
    shown: string | Content,
    type: string,
    fields: string,
    msgId?: string,
  ): Promise<Delivered> {
    const { person, deleted } = phones.of(userId)
    if (deleted) throw new Error(`${userId} 已不在企业微信里`)
    const exact = person.userId
    const fail = phones.saidBy(exact, typeof shown === 'string' ? { kind: 'text', text: shown } : shown)
    const delivered = await callbacks.deliver(callbacks.innerXml(exact, type, fields, msgId), exact)
    const { reply, status, problem } = delivered
    if (reply !== null && reply !== '') {
      phones.reply(exact, { kind: 'text', text: cutBytes(reply, TEXT_BYTES), cut: bytesOf(reply) > TEXT_BYTES })
    }
    if (status !== 200) fail()
    else if (problem !== null) phones.reply(exact, { kind: 'broken', text: `（机器人的回复读不懂：${problem}）` })
    return delivered
  }

  const event = (userId: string, shown: string, name: string, fields: string) =>
    tell(userId, shown, 'event', field('Event', name) + fields)

  const say = (userId: string, text: string, { msgId = callbacks.nextMsgId() }: { msgId?: string } = {}) =>
    tell(userId, text, 'text', field('Content', text), msgId)

  const click = (userId: string, key: string) =>
    event(userId, `（菜单：${key.replace(/^\//, '')}）`, 'click', field('EventKey', key))

  /** `key` and `name` are those of the menu's entry; scancode_push allows no passive reply (WECOM.md 2.3). */
  function scan(
    userId: string,
    text: string,
    { key = 'scan', name = 'scancode_waitmsg' }: { key?: string; name?: 'scancode_waitmsg' | 'scancode_push' } = {},
  ): Promise<Delivered> {
    const code = element('ScanCodeInfo', field('ScanType', 'qrcode') + field('ScanResult', text))
    return event(userId, `（扫码：${text}）`, name, field('EventKey', key) + code)
  }

  /** A real picture, which media/get then gives out. */
  function picture(userId: string): Promise<Delivered> {
    const mediaId = media.takePicture()
    const fields = field('PicUrl', 'http://localhost/picture.jpg') + field('MediaId', mediaId)
    return tell(userId, { kind: 'image', text: '（图片）', picture: mediaId }, 'image', fields, callbacks.nextMsgId())
  }

  /** Rejects where the person sees no such living button: a greyed card cannot be pressed, and WeChat shows none. */
  async function press(userId: string, wanted: Press): Promise<Delivered> {
    const found = phones.livingCard(userId, card => fits(card, wanted))
    const button = found && buttonsOf(found.card).find(({ text, key }) => isWanted(wanted, text, key))
    if (!found || !button) throw new Error(`${userId} 的手机上没有这个可按的按钮：${JSON.stringify(wanted)}`)
    const head = field('EventKey', button.key) + field('TaskId', found.card.taskId) + field('CardType', found.card.type)
    const code = field('ResponseCode', codes.issue(found.msgid))
    const ids = wanted.options ?? []
    refuseImpossible(found.card, ids)
    const ticked = ids.join('')
    const shown = `（按了“${button.text}”${ticked && `：${ticked}`}）`
    const fields = head + code + selected(found.card, ids)
    const delivered = await event(userId, shown, 'template_card_event', fields)
    if (found.card.questions.length > 0) phones.tick(userId, found.msgid, ids)
    return delivered
  }

  /** Ticks these options of the newest living card that asks, and submits it. Rejects as `press` does. */
  async function submit(userId: string, ids: readonly string[]): Promise<Delivered> {
    const found = phones.livingCard(userId, card => card.submit !== null)
    if (!found) throw new Error(`${userId} 的手机上没有可提交的卡片`)
    return press(userId, { taskId: found.card.taskId, options: ids })
  }

  return { say, click, scan, picture, sendPicture: picture, press, submit }
}

const buttonsOf = (card: CardView) => (card.submit ? [card.submit] : card.buttons)

const isWanted = (wanted: Press, text: string, key: string): boolean =>
  (wanted.label === undefined || wanted.label === text) && (wanted.key === undefined || wanted.key === key)

const fits = (card: CardView, wanted: Press): boolean =>
  (wanted.taskId === undefined || wanted.taskId === card.taskId) &&
  buttonsOf(card).some(({ text, key }) => isWanted(wanted, text, key))

/** What no thumb can do. */
function refuseImpossible({ questions }: CardView, ids: readonly string[]): void {
  const known = new Set(questions.flatMap(({ options }) => options.map(({ id }) => id)))
  const unknown = ids.find(id => !known.has(id))
  if (unknown !== undefined) throw new Error(`卡片上没有这个选项：${unknown}`)
  for (const { multiple, locked, options } of questions) {
    const chosen = options.filter(({ id }) => ids.includes(id))
    if (!multiple && chosen.length > 1) throw new Error('这张卡片只能选一项')
    if (locked && chosen.some(({ ticked }) => !ticked)) throw new Error('这张卡片已不能再选')
  }
}

function selected(card: CardView, ticked: readonly string[]): string {
  const items = card.questions.map(question => {
    const ids = question.options
      .filter(option => ticked.includes(option.id))
      .map(option => field('OptionId', option.id))
    return element('SelectedItem', field('QuestionKey', question.key) + element('OptionIds', ids.join('')))
  })
  return items.length === 0 ? '' : element('SelectedItems', items.join(''))
}
