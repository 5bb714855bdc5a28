import { nowMs } from '../clock.ts'
import type { Card } from './cards.ts'

/** 'wecom': cards are shown; 'wechat': the plug-in, where cards and markdown are a hint (WECOM.md 4.6). */
export type Look = 'wecom' | 'wechat'
export const HINT = '暂不支持此消息类型，请在企业微信中查看'

export type ItemKind = 'text' | 'markdown' | 'textcard' | 'image' | 'file' | 'card' | 'hint' | 'broken'

/** One thing on a person's screen, as that person sees it. */
export interface Item {
  seq: number
  /** ISO instant of the simulator's clock. */
  at: string
  /** 'me': what the person said or pressed; 'reply': a passive reply; 'push': by message/send. */
  from: 'me' | 'reply' | 'push'
  kind: ItemKind
  /** A card in words: title, rows and buttons, one a line. */
  text: string
  card: CardView | null
  /** The MediaId of an image. */
  picture: string | null
  file: SentFile | null
  msgid: string | null
  recalled: boolean
  /** WeCom cut the text at 2048 bytes. */
  cut: boolean
  /** Of 'me': the bot did not take it, after all the tries. */
  failed: boolean
}

/** The name is that of the upload. */
export interface SentFile {
  mediaId: string
  name: string
}

/** What is sent, before anybody looks at it. */
export type Content = Pick<Item, 'kind' | 'text'> & { card?: Card; cut?: boolean; picture?: string; file?: SentFile }

export function itemOf(seq: number, from: Item['from'], content: Content, msgid: string | null): Item {
  return {
    seq,
    at: new Date(nowMs()).toISOString(),
    from,
    kind: content.kind,
    text: content.text,
    card: content.card ? viewOf(content.card, null) : null,
    picture: content.picture ?? null,
    file: content.file ?? null,
    msgid,
    recalled: false,
    cut: content.cut ?? false,
    failed: false,
  }
}

export interface CardView {
  taskId: string
  type: string
  source: string
  title: string
  desc: string
  subTitle: string
  facts: readonly { label: string; value: string }[]
  buttons: readonly { text: string; key: string; style: number }[]
  questions: readonly {
    key: string
    title: string
    multiple: boolean
    /** An update locked it. */
    locked: boolean
    options: readonly { id: string; text: string; ticked: boolean }[]
  }[]
  submit: { text: string; key: string } | null
  /** What stands on the dead button; null while the card is alive. */
  greyed: string | null
}

/** Lengths of WECOM.md 4.5: advised for the sender, and what a phone has room for, so the rest is cut. */
const ROOM = { source: 20, title: 36, desc: 44, subTitle: 160, label: 5, value: 30, button: 10, option: 17 } as const

/** `ticked`: the ids that the person submitted; null: none yet, and the card says itself what is ticked. */
export function viewOf(card: Card, greyed: string | null, ticked: readonly string[] | null = null): CardView {
  const ask = card.checkbox
    ? [card.checkbox]
    : (card.select_list ?? (card.button_selection ? [card.button_selection] : []))
  return {
    taskId: card.task_id ?? '',
    type: card.card_type ?? '',
    source: trimmed(card.source?.desc, ROOM.source),
    title: trimmed(card.main_title?.title, ROOM.title),
    desc: trimmed(card.main_title?.desc, ROOM.desc),
    subTitle: trimmed(card.sub_title_text, ROOM.subTitle),
    facts: (card.horizontal_content_list ?? []).map(row => ({
      label: trimmed(row.keyname, ROOM.label),
      value: trimmed(row.value, ROOM.value),
    })),
    buttons: (card.button_list ?? []).map(button => ({
      text: trimmed(button.text, ROOM.button),
      key: button.key ?? '',
      style: button.style ?? 1,
    })),
    questions: ask.map(question => ({
      key: question.question_key ?? '',
      title: 'title' in question ? (question.title ?? '') : '',
      multiple: 'mode' in question && question.mode === 1,
      locked: question.disable ?? false,
      options: (question.option_list ?? []).map(({ id = '', text, is_checked }) => ({
        id,
        text: trimmed(text, ROOM.option),
        ticked: ticked ? ticked.includes(id) : (is_checked ?? false),
      })),
    })),
    submit:
      (card.submit_button && { text: card.submit_button.text || '提交', key: card.submit_button.key ?? '' }) || null,
    greyed: greyed ?? card.replace_text ?? null,
  }
}

function trimmed(text: string | undefined, room: number): string {
  const characters = [...(text ?? '')]
  return characters.length <= room ? characters.join('') : `${characters.slice(0, room - 1).join('')}…`
}

export function wordsOf(card: CardView): string {
  const options = card.questions.flatMap(question => [question.title, ...question.options.map(({ text }) => text)])
  const buttons =
    card.greyed === null ? [...card.buttons, ...(card.submit ? [card.submit] : [])] : [{ text: card.greyed }]
  const lines = [
    card.title,
    card.desc,
    card.subTitle,
    ...card.facts.map(fact => `${fact.label}：${fact.value}`),
    ...options,
    buttons.map(button => `［${button.text}］`).join(''),
  ]
  return lines.filter(line => line !== '').join('\n')
}

/** What the plug-in does not show, and recalls that do not reach it. */
export function seenThrough(item: Item, look: Look): Item {
  if (look === 'wechat') {
    const hidden = item.kind === 'card' || item.kind === 'markdown'
    return { ...item, recalled: false, ...(hidden ? { kind: 'hint' as const, text: HINT, card: null } : {}) }
  }
  return item.recalled ? { ...item, kind: 'text', text: '（消息已撤回）', card: null, picture: null, file: null } : item
}
