import type { Option, Options, Part } from '../bot/message.ts'
import { shorten } from './split.ts'
import { withoutIllegal } from './xml.ts'

/** Lengths of a vote card (WECOM.md 4.5), in UTF-16 units: no way of counting gives more. */
const TITLE = 36
const DESC = 44
const OPTIONS = 20
const OPTION_TEXT = 17
const ID_BYTES = 128
const KEY_BYTES = 1024

/** Whether a card can ask this: what it cannot is asked in words. */
export function fitsVote({ submit, list }: Options): boolean {
  const ids = new Set(list.map(({ id }) => id))
  return list.length <= OPTIONS && ids.size === list.length && list.every(fitsId) && fitsKey(submit)
}

const isClean = (text: string): boolean => text !== '' && withoutIllegal(text) === text

const fitsId = ({ id }: Option): boolean => isClean(id) && !/\s/u.test(id) && Buffer.byteLength(id) <= ID_BYTES

const fitsKey = (line: string): boolean => isClean(line) && line.trim() === line && Buffer.byteLength(line) <= KEY_BYTES

/** 'A. 3人'; a word that is its own id stands alone. */
export const optionLine = ({ id, text }: Option): string => withoutIllegal(id === text ? text : `${id}. ${text}`).trim()

/** How to answer what was pushed: nothing is awaited there, so the whole line is said. */
export function howToAnswer({ mode, submit, list }: Options): string {
  const example = (mode === 'multiple' ? list.slice(0, 2) : list.slice(0, 1)).map(({ id }) => id).join('')
  return `请回：${submit.replace(/^[/／]/, '')} ${example}（${example} 换成您选的）`
}

/** What a vote card is made of, in words: it has no rows and no other buttons (WECOM.md 4.5). */
export interface Vote {
  options: Options
  text: string
  facts: readonly string[]
  choices: readonly string[]
}

export interface VoteCard {
  card: Part
  /** What goes before the card as text: what the card has no room for; '' for nothing. */
  before: string
}

export function voteCard({ options, text, ...more }: Vote, taskId: string): VoteCard {
  const words = withoutIllegal(text).trim()
  const facts = more.facts.map(withoutIllegal)
  const choices = more.choices.map(withoutIllegal)
  const parted = /^(?<lead>.*)\n[^\S\n]*\n(?<question>.*?)$/su.exec(words)?.groups
  const { lead = '', question = words } = parted ?? {}
  const [title = '', ...rest] = question.trim().split('\n')
  const desc = [...rest, ...facts, ...choices].join('\n').trim()
  const labels = options.list.map(option => optionLine(option).replace(/\s+/gu, ' '))
  const cut = labels.some(label => label.length > OPTION_TEXT)
  const complete = !cut && title.length <= TITLE && desc.length <= DESC
  const whole = [words, ...facts, ...(cut ? options.list.map(optionLine) : []), ...choices]
  const card = {
    card_type: 'vote_interaction',
    task_id: taskId,
    main_title: {
      title: shorten(title.trim() || '请选择', TITLE),
      ...(desc === '' ? {} : { desc: shorten(desc, DESC) }),
    },
    checkbox: {
      question_key: 'answer',
      mode: options.mode === 'multiple' ? 1 : 0,
      option_list: options.list.map(({ id }, at) => ({ id, text: shorten(labels[at] ?? id, OPTION_TEXT) })),
    },
    submit_button: { text: '提交', key: options.submit },
  }
  return {
    card: { msgtype: 'template_card', template_card: card },
    before: complete ? lead.trim() : whole.filter(line => line !== '').join('\n'),
  }
}
