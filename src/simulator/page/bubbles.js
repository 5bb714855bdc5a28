import { spellDay, timeOf, weekdayOf } from './beijing.js'
import { el } from './dom.js'

const QUIET_MS = 5 * 60_000

/** A time stands above an item that comes more than five minutes after the one before. */
export function stampOf(item, previous) {
  const at = Date.parse(item.at)
  if (previous && Math.abs(at - Date.parse(previous.at)) < QUIET_MS) return null
  return el('p', { class: 'stamp' }, `${spellDay(at)} ${weekdayOf(at)} ${timeOf(at)}`)
}

/** `press(card, button, options)` is called when a living button is pressed. */
export function bubbleOf(item, press) {
  const mine = item.from === 'me'
  if (item.recalled) return recalledLine(item)
  const body = item.card ? cardOf(item.card, press) : plain(item)
  const notes = []
  if (item.cut) notes.push(el('p', { class: 'note' }, '消息太长，企业微信截去了后面'))
  if (item.failed) notes.push(el('p', { class: 'note' }, '没有送到：机器人没有回应'))
  const who = el('span', { class: `avatar ${mine ? 'me' : 'bot'}`, 'aria-hidden': 'true' }, mine ? '我' : '支')
  const kind = item.card ? 'card' : item.kind
  const attributes = {
    class: `row ${mine ? 'mine' : 'theirs'}`,
    'data-testid': 'bubble',
    'data-from': item.from,
    'data-kind': kind,
  }
  return el('div', attributes, who, el('div', { class: 'content' }, body, ...notes))
}

/** As in the client: no bubble any more, only a line that says so. */
const recalledLine = ({ from }) =>
  el('p', { class: 'stamp', 'data-testid': 'bubble', 'data-from': from, 'data-kind': 'recalled' }, '对方撤回了一条消息')

function plain({ kind, text, picture, file }) {
  if (file) return fileOf(file)
  if (picture === null) return el('div', { class: `text ${kind}` }, ...linked(text))
  const src = `/simulator/api/picture/${encodeURIComponent(picture)}`
  const link = { href: src, target: '_blank', rel: 'noopener' }
  return el('a', { class: 'picture', ...link }, el('img', { src, alt: '图片' }))
}

/** As in the client: the name, and what kind of file it is. */
function fileOf({ mediaId, name }) {
  const href = `/simulator/api/file/${encodeURIComponent(mediaId)}`
  const ending = /\.([a-z\d]{1,5})$/i.exec(name)?.[1] ?? '文件'
  const type = el('span', { class: 'file-type', 'aria-hidden': 'true' }, ending.toUpperCase())
  return el('a', { class: 'file', href, download: name, 'data-testid': 'file' }, el('span', {}, name), type)
}

const LINK = /<a\s+href="(https?:\/\/[^"\s]+)"\s*>([^<]*)<\/a>|(https?:\/\/[^\s<>"，。；）]+)/g

/** Texts may hold <a href> and bare addresses; everything else is text. */
function linked(text) {
  const pieces = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const [whole, href, label, bare] = match
    pieces.push(text.slice(from, match.index))
    pieces.push(el('a', { href: href ?? bare, target: '_blank', rel: 'noopener' }, label ?? bare))
    from = match.index + whole.length
  }
  return [...pieces, text.slice(from)]
}

function cardOf(card, press) {
  const line = (className, text) => (text ? el('p', { class: className }, text) : null)
  const facts = card.facts.map(fact => el('div', {}, el('dt', {}, fact.label), el('dd', {}, fact.value)))
  const questions = card.questions.map(question => questionOf(question, card))
  const node = el('article', { class: 'card', 'data-task': card.taskId })
  const ticked = () => [...node.querySelectorAll('input:checked')].map(input => input.value)
  const parts = [
    line('card-source', card.source),
    line('card-title', card.title),
    line('card-desc', card.desc),
    facts.length > 0 ? el('dl', {}, ...facts) : null,
    line('card-sub', card.subTitle),
    ...questions,
    el(
      'div',
      { class: 'card-buttons' },
      ...buttonsOf(card, (button, pressed) => press(card, button, ticked(), pressed)),
    ),
  ]
  node.append(...parts.filter(part => part !== null))
  return node
}

function buttonsOf(card, press) {
  if (card.greyed !== null) {
    return [
      el('button', { type: 'button', class: 'greyed', disabled: true, 'data-testid': 'card-greyed' }, card.greyed),
    ]
  }
  const buttons = card.submit ? [{ ...card.submit, style: 1 }] : card.buttons
  return buttons.map(button => {
    const attributes = {
      type: 'button',
      class: `style-${button.style}`,
      'data-testid': 'card-button',
      'data-key': button.key,
    }
    return el('button', { ...attributes, onclick: event => press(button, event.currentTarget) }, button.text)
  })
}

function questionOf(question, { greyed, title }) {
  const disabled = greyed !== null || question.locked
  const name = `q-${Math.random()}`
  const options = question.options.map(option => {
    const type = question.multiple ? 'checkbox' : 'radio'
    const state = { checked: option.ticked, disabled }
    const input = el('input', { type, name, value: option.id, ...state, 'data-testid': 'option' })
    return el('label', {}, input, el('span', {}, option.text))
  })
  const label = question.title ? null : title
  return el('fieldset', { 'aria-label': label }, question.title ? el('legend', {}, question.title) : null, ...options)
}
