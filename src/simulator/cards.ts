import { z } from 'zod'
import { bytesOf, refuse } from './refusal.ts'

/**
 * template_card: what message/send and update_template_card accept (WECOM.md 4.5, 5.1). Every field is optional here, so that
 * a missing one is refused with WeCom's own code.
 */
const text = z.string().optional()
const number = z.number().optional()
const titled = z.object({ title: text, desc: text }).optional()
const option = z.object({ id: text, text, is_checked: z.boolean().optional() })
const options = z.array(option).optional()
const action = z.object({ type: number, url: text, appid: text, pagepath: text }).optional()

export const cardSchema = z.object({
  card_type: text,
  task_id: text,
  source: z.object({ desc: text }).optional(),
  action_menu: z.object({ desc: text, action_list: z.array(z.object({ text, key: text })).optional() }).optional(),
  main_title: titled,
  emphasis_content: titled,
  quote_area: z.object({ title: text, quote_text: text }).optional(),
  sub_title_text: text,
  image_text_area: z.object({ image_url: text, title: text, desc: text }).optional(),
  card_image: z.object({ url: text }).optional(),
  vertical_content_list: z.array(z.object({ title: text, desc: text })).optional(),
  horizontal_content_list: z
    .array(z.object({ type: number, keyname: text, value: text, url: text, media_id: text, userid: text }))
    .optional(),
  jump_list: z.array(z.object({ type: number, title: text, url: text })).optional(),
  card_action: action,
  button_selection: z
    .object({ question_key: text, title: text, option_list: options, disable: z.boolean().optional() })
    .optional(),
  button_list: z.array(z.object({ type: number, text, style: number, key: text, url: text })).optional(),
  checkbox: z
    .object({ question_key: text, option_list: options, mode: number, disable: z.boolean().optional() })
    .optional(),
  select_list: z
    .array(z.object({ question_key: text, title: text, option_list: options, disable: z.boolean().optional() }))
    .optional(),
  submit_button: z.object({ text, key: text }).optional(),
  /** Only in an update: the text of the dead button. */
  replace_text: text,
})
export type Card = z.infer<typeof cardSchema>
type Question = { question_key?: string | undefined; option_list?: z.infer<typeof options> }

/** All that a card with a submit button may hold (WECOM.md 4.5), by its type the question it asks. */
const SUBMITTING: ReadonlySet<string> = new Set(['card_type', 'source', 'task_id', 'main_title', 'submit_button'])
const ASKED: ReadonlyMap<string, string> = new Map([
  ['vote_interaction', 'checkbox'],
  ['multiple_interaction', 'select_list'],
])

const TYPES = ['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction']
const KEY_BYTES = 1024
const OPTION_ID_BYTES = 128

/** Cards that answer message/send with a response_code, and can be updated. */
export const calledBack = (card: Card): boolean =>
  card.action_menu !== undefined || (card.card_type ?? '').endsWith('_interaction')

export function checkCard(card: Card): void {
  if (!TYPES.includes(card.card_type ?? '')) refuse(42031, 'invalid card_type')
  const subTitleWillDo = card.card_type === 'text_notice' && present(card.sub_title_text)
  if (!present(card.main_title?.title) && !subTitleWillDo) refuse(42033, 'missing main_title.title')
  checkLists(card)
  if (card.card_type === 'button_interaction') checkButtons(card)
  else if (card.card_type === 'vote_interaction') checkVote(card)
  else if (card.card_type === 'multiple_interaction') checkSelectors(card)
  else checkNotice(card)
}

/**
 * What message/send does with the fields of an update is not documented: it may drop them in silence. Here that is a fault.
 */
export function checkNotUpdate(card: Card): void {
  if (card.replace_text !== undefined) refuse(40035, 'replace_text is only for updates')
  const questions = [card.button_selection, card.checkbox, ...(card.select_list ?? [])]
  if (questions.some(question => question?.disable !== undefined)) refuse(40035, 'disable is only for updates')
}

/** Unique for the app and never used again (42014). */
export function checkTaskId(card: Card, used: (taskId: string) => boolean): void {
  if (card.task_id === undefined && !calledBack(card)) return
  const taskId = card.task_id ?? ''
  if (!/^[0-9A-Za-z_\-@]{1,128}$/.test(taskId) || used(taskId)) refuse(42014, 'invalid task_id')
}

const present = (value: string | undefined): boolean => value !== undefined && value !== ''

function checkLists(card: Card): void {
  const rows = card.horizontal_content_list ?? []
  if (rows.length > 6) refuse(42035, 'horizontal_content_list too long')
  for (const row of rows) {
    if (!present(row.keyname)) refuse(42027, 'missing keyname')
    if (row.type === 1 && !present(row.url)) refuse(42028, 'missing url')
    if (row.type === 2 && !present(row.media_id)) refuse(42029, 'missing media_id')
    if (row.type === 3 && !present(row.userid)) refuse(42050, 'missing userid')
  }
  if ((card.vertical_content_list ?? []).length > 4) refuse(42036, 'vertical_content_list too long')
  if ((card.jump_list ?? []).length > 3) refuse(42042, 'jump_list too long')
  checkKeys((card.action_menu?.action_list ?? []).map(entry => entry.key))
}

function checkNotice(card: Card): void {
  if (card.card_action?.type !== 1 && card.card_action?.type !== 2) refuse(42045, 'invalid card_action')
  if (card.card_action.type === 1 && !present(card.card_action.url)) refuse(42028, 'missing url')
  if (card.card_type !== 'news_notice') return
  if (!present(card.card_image?.url) && !present(card.image_text_area?.image_url))
    refuse(42044, 'missing card_image.url')
}

function checkButtons(card: Card): void {
  const buttons = card.button_list ?? []
  // The list-length code of button_list is not documented; these two are the nearest.
  if (buttons.length === 0) refuse(42038, 'missing button_list')
  if (buttons.length > 6) refuse(42037, 'button_list too long')
  for (const button of buttons) {
    if (!present(button.text)) refuse(42038, 'missing button text')
    if (button.type === 1 && !present(button.url)) refuse(42028, 'missing url')
  }
  checkKeys(buttons.filter(button => button.type !== 1).map(button => button.key))
  if (card.button_selection) checkQuestion(card.button_selection, 10)
}

function checkKeys(keys: readonly (string | undefined)[]): void {
  for (const key of keys) if (!present(key) || bytesOf(key ?? '') > KEY_BYTES) refuse(42039, 'invalid button key')
  if (new Set(keys).size < keys.length) refuse(42051, 'duplicate key')
}

function checkVote(card: Card): void {
  checkQuestion(card.checkbox ?? {}, 20)
  if (![undefined, 0, 1].includes(card.checkbox?.mode)) refuse(40035, 'invalid checkbox.mode')
  checkSubmit(card)
}

function checkSelectors(card: Card): void {
  const lists = card.select_list ?? []
  if (lists.length < 1 || lists.length > 3) refuse(42047, 'invalid select_list length')
  for (const list of lists) checkQuestion(list, 10)
  checkSubmit(card)
}

function checkSubmit(card: Card): void {
  const key = card.submit_button?.key
  if (!present(key) || bytesOf(key ?? '') > KEY_BYTES) refuse(42046, 'invalid submit_button.key')
  const asked = ASKED.get(card.card_type ?? '')
  // Not documented either: it may drop them, and somebody's words with them.
  const foreign = Object.keys(card).find(name => name !== asked && name !== 'replace_text' && !SUBMITTING.has(name))
  if (foreign !== undefined) refuse(40035, `${card.card_type} has no ${foreign}`)
}

function checkQuestion(question: Question, most: number): void {
  if (!present(question.question_key)) refuse(42043, 'missing question_key')
  const list = question.option_list ?? []
  if (list.length < 1 || list.length > most) refuse(42037, 'invalid option_list length')
  for (const { id, text: label } of list) {
    if (!present(id) || bytesOf(id ?? '') > OPTION_ID_BYTES) refuse(42040, 'invalid option id')
    if (!present(label)) refuse(42041, 'missing option text')
  }
  if (new Set(list.map(({ id }) => id)).size < list.length) refuse(42040, 'duplicate option id')
}
