import type { Choice, Client, Fact, Options, Part, Sendable, Words } from '../bot/message.ts'
import { shorten, splitText } from './split.ts'
import { fitsVote, howToAnswer, optionLine, voteCard } from './vote-card.ts'
import { withoutIllegal } from './xml.ts'

/** `reply` answers the person's own line, so digits work; what is `pushed` prints words to say. */
export type Mode = 'reply' | 'pushed'

/** Lengths of a button card (WECOM.md 4.5), in UTF-16 units: no way of counting gives more. */
const TITLE = 36
const BODY = 160
const LABEL = 5
const VALUE = 30
const ROWS = 6
const BUTTONS = 6
const BUTTON_TEXT = 10
const KEY_BYTES = 1024

/**
 * The calls a message takes for one kind of client, in order. A card carries the task id; words that do not fit into its
 * fields go before it as text, so that nothing is lost and nothing is possible only by card. A picture and a file follow
 * the words, wherever these stand.
 */
export function render(message: Sendable, client: Client, mode: Mode, taskId: string): Part[] {
  const media = mode === 'pushed' ? mediaParts(message) : []
  const made = client === 'cards' ? cardOf(message, taskId) : undefined
  if (!made) return [...textParts(plainText(message, mode)), ...media]
  const { card, before } = made
  return before === '' ? [card, ...media] : [...textParts(before), ...media, card]
}

function cardOf(message: Words, taskId: string): Card | undefined {
  const options = optionsOf(message)
  if (!options) {
    const choices = cardChoices(message)
    return choices && buttonCard(message, choices, taskId)
  }
  if (!fitsVote(options)) return undefined
  const facts = (message.facts ?? []).map(factLine)
  return voteCard({ options, text: message.text, facts, choices: choiceLines(message, 'pushed') }, taskId)
}

const optionsOf = ({ options }: Words): Options | undefined => (options?.list.length ? options : undefined)

function isCard(message: Words): boolean {
  const options = optionsOf(message)
  return options ? fitsVote(options) : cardChoices(message) !== undefined
}

/** In what is pushed only: what a reply has was not uploaded again, and its MediaId is the member's own. */
const mediaParts = ({ picture, file }: Sendable): Part[] => [
  ...(picture ? [{ msgtype: 'image', image: { media_id: picture } }] : []),
  ...(file ? [{ msgtype: 'file', file: { media_id: file } }] : []),
]

/** The text of a reply in parts of at most 2,000 bytes, none where there is nothing to say; null where a card is due. */
export function passiveText(message: Words, client: Client): string[] | null {
  return client === 'cards' && isCard(message) ? null : splitText(plainText(message, 'reply'))
}

/** The choices that become buttons; undefined where the message is to be text. */
function cardChoices({ choices }: Words): readonly Choice[] | undefined {
  if (!choices || choices.length === 0 || choices.length > BUTTONS) return undefined
  const lines = new Set(choices.map(choice => choice.line))
  return choices.every(fitsButton) && lines.size === choices.length ? choices : undefined
}

const fitsButton = ({ label, line }: Choice): boolean =>
  label !== '' && label.length <= BUTTON_TEXT && line !== '' && Buffer.byteLength(line) <= KEY_BYTES

const textParts = (text: string): Part[] => splitText(text).map(content => ({ msgtype: 'text', text: { content } }))

/** Everything in plain text, what can be answered included. */
export function plainText(message: Words, mode: Mode): string {
  return [plainWords(message), ...optionLines(message, mode), ...choiceLines(message, mode)]
    .filter(line => line !== '')
    .join('\n')
}

/** Text and facts, without the choices. Control characters are refused by WeCom as `\u0000` (40033). */
function plainWords({ text, facts = [] }: Words): string {
  const lines = [text, ...facts.map(factLine)].filter(line => line !== '')
  return withoutIllegal(lines.join('\n'))
}

const factLine = ({ label, value }: Fact): string => `${label}：${value}`

/** A reply says itself how it is answered. */
function optionLines(message: Words, mode: Mode): string[] {
  const options = optionsOf(message)
  if (!options) return []
  return [...options.list.map(optionLine), ...(mode === 'pushed' ? [howToAnswer(options)] : [])]
}

/** Beside options no digit stands for a choice, in a reply neither. */
function choiceLines(message: Words, mode: Mode): string[] {
  const { choices = [] } = message
  if (mode === 'pushed' || optionsOf(message)) return choices.map(wordsOf)
  return [choices.map(({ label }, index) => `${index + 1} ${label}`).join('\u3000')]
}

const wordsOf = ({ label, line, words: said }: Choice): string => said ?? `${label}请回：${line.replace(/^[/／]/, '')}`

interface Card {
  card: Part
  /** What goes before it as text; '' where every word of the message stands on the card. */
  before: string
}

function buttonCard(message: Words, choices: readonly Choice[], taskId: string): Card {
  const [title = '', ...rest] = withoutIllegal(message.text).split('\n')
  const { rows, others } = sortFacts(message.facts ?? [])
  const body = [...rest, ...others.map(factLine)].join('\n').trim()
  const complete = title.length <= TITLE && body.length <= BODY
  const card = {
    card_type: 'button_interaction',
    task_id: taskId,
    main_title: { title: shorten(title.trim() || '请选择', TITLE) },
    ...(body === '' ? {} : { sub_title_text: shorten(body, BODY) }),
    ...(rows.length === 0 ? {} : { horizontal_content_list: rows.map(cardRow) }),
    button_list: choices.map(cardButton),
  }
  return { card: { msgtype: 'template_card', template_card: card }, before: complete ? '' : plainWords(message) }
}

/** A row of a card is one short line; the other facts are told in the text. */
function sortFacts(facts: readonly Fact[]): { rows: Fact[]; others: Fact[] } {
  const rows: Fact[] = []
  const others: Fact[] = []
  for (const fact of facts) (rows.length < ROWS && fitsRow(fact) ? rows : others).push(fact)
  return { rows, others: others.map(({ label, value }) => ({ label, value: withoutIllegal(value) })) }
}

const fitsRow = ({ label, value }: Fact): boolean =>
  label !== '' && label.length <= LABEL && value !== '' && value.length <= VALUE && !value.includes('\n')

const cardRow = ({ label, value }: Fact) => ({ keyname: label, value: withoutIllegal(value) })

const cardButton = ({ label, line }: Choice, index: number) => ({
  text: label,
  style: index === 0 ? 1 : 2,
  key: line,
})
