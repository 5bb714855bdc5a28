import { z } from 'zod'
import { characters, httpUrl, items, unique, utf8 } from './limit-fields.ts'

/** WeCom's limits of template cards (WECOM.md 4.5). Counts of characters are advised there, and hard here. */
const taskId = utf8(128).regex(/^[0-9A-Za-z_\-@]+$/, 'may hold only digits, letters and _-@')
const key = utf8(1024)
const type = (most: number) => z.int().min(0).max(most).optional()
const flag = z.boolean().optional()
const place = { url: httpUrl(1024).optional(), appid: utf8(128).optional(), pagepath: utf8(1024).optional() }

const placeComplete = (one: { type?: number; url?: string; appid?: string }) =>
  (one.type !== 1 || one.url !== undefined) && (one.type !== 2 || one.appid !== undefined)
const PLACE = 'needs a url for type 1, an appid for type 2'

const source = z.strictObject({
  icon_url: httpUrl(1024).optional(),
  desc: characters(20).optional(),
  desc_color: type(3),
})
const actionMenu = z.strictObject({
  desc: characters(64).optional(),
  action_list: items(z.strictObject({ text: characters(64), key }), 1, 3).refine(unique('key'), 'has a key twice'),
})
const mainTitle = z.strictObject({ title: characters(36), desc: characters(44).optional() })
const quoteArea = z
  .strictObject({ type: type(2), ...place, title: characters(128).optional(), quote_text: characters(512).optional() })
  .refine(placeComplete, PLACE)
const row = z
  .strictObject({
    type: type(3),
    keyname: characters(5),
    value: characters(30).optional(),
    url: httpUrl(1024).optional(),
    media_id: utf8(512).optional(),
    userid: utf8(64).optional(),
  })
  .refine(one => one.type !== 1 || one.url !== undefined, 'needs a url for type 1')
  .refine(one => one.type !== 2 || one.media_id !== undefined, 'needs a media_id for type 2')
  .refine(one => one.type !== 3 || one.userid !== undefined, 'needs a userid for type 3')
const rows = items(row, 0, 6).optional()
const jumps = items(
  z.strictObject({ type: type(2), title: characters(18), ...place }).refine(placeComplete, PLACE),
  0,
  3,
).optional()
const cardAction = (least: number) =>
  z.strictObject({ type: z.int().min(least).max(2), ...place }).refine(placeComplete, PLACE)
const verticals = items(z.strictObject({ title: characters(38), desc: characters(160).optional() }), 0, 4).optional()

const options = (textLength: number, most: number, checked: boolean) =>
  items(
    z.strictObject({ id: utf8(128), text: characters(textLength), ...(checked ? { is_checked: flag } : {}) }),
    1,
    most,
  ).refine(unique('id'), 'has an id twice')
const selector = z.strictObject({
  question_key: key,
  title: characters(13).optional(),
  selected_id: utf8(128).optional(),
  option_list: options(16, 10, false),
})
const button = z
  .strictObject({
    type: type(1),
    text: characters(10),
    style: z.int().min(1).max(4).optional(),
    key: key.optional(),
    url: httpUrl(1024).optional(),
  })
  .refine(one => (one.type === 1 ? one.url !== undefined : one.key !== undefined), 'needs a key, or a url for type 1')
const submitButton = z.strictObject({ text: characters(10).optional(), key })

const menuNeedsTask = (card: { action_menu?: unknown; task_id?: string }) =>
  card.action_menu === undefined || card.task_id !== undefined
const TASK = { path: ['task_id'], message: 'is missing, and action_menu needs it' }

const textNotice = z
  .strictObject({
    card_type: z.literal('text_notice'),
    source: source.optional(),
    action_menu: actionMenu.optional(),
    task_id: taskId.optional(),
    main_title: mainTitle.partial().optional(),
    quote_area: quoteArea.optional(),
    emphasis_content: z.strictObject({ title: characters(14).optional(), desc: characters(22).optional() }).optional(),
    sub_title_text: characters(160).optional(),
    horizontal_content_list: rows,
    jump_list: jumps,
    card_action: cardAction(1),
  })
  .refine(menuNeedsTask, TASK)
  .refine(card => card.main_title?.title ?? card.sub_title_text, { path: ['main_title'], message: 'has no title' })

const newsNotice = z
  .strictObject({
    card_type: z.literal('news_notice'),
    source: source.optional(),
    action_menu: actionMenu.optional(),
    task_id: taskId.optional(),
    main_title: mainTitle,
    quote_area: quoteArea.optional(),
    image_text_area: z
      .strictObject({
        type: type(2),
        ...place,
        title: characters(36).optional(),
        desc: characters(44).optional(),
        image_url: httpUrl(1024),
      })
      .refine(placeComplete, PLACE)
      .optional(),
    card_image: z
      .strictObject({
        url: httpUrl(1024),
        aspect_ratio: z.number().min(1.3).lt(2.25).optional(),
      })
      .optional(),
    vertical_content_list: verticals,
    horizontal_content_list: rows,
    jump_list: jumps,
    card_action: cardAction(1),
  })
  .refine(menuNeedsTask, TASK)
  .refine(card => card.image_text_area ?? card.card_image, { path: ['card_image'], message: 'is missing' })

const buttonInteraction = z.strictObject({
  card_type: z.literal('button_interaction'),
  source: source.optional(),
  action_menu: actionMenu.optional(),
  task_id: taskId,
  main_title: mainTitle,
  quote_area: quoteArea.optional(),
  sub_title_text: characters(160).optional(),
  horizontal_content_list: rows,
  card_action: cardAction(0).optional(),
  button_selection: selector.optional(),
  button_list: items(button, 1, 6).refine(unique('key'), 'has a key twice'),
})

const voteInteraction = z.strictObject({
  card_type: z.literal('vote_interaction'),
  source: source.optional(),
  task_id: taskId,
  main_title: mainTitle,
  checkbox: z.strictObject({
    question_key: key,
    option_list: options(17, 20, true),
    mode: z.union([z.literal(0), z.literal(1)]).optional(),
  }),
  submit_button: submitButton,
})

const multipleInteraction = z.strictObject({
  card_type: z.literal('multiple_interaction'),
  source: source.optional(),
  task_id: taskId,
  main_title: mainTitle,
  select_list: items(selector, 1, 3).refine(unique('question_key'), 'has a question_key twice'),
  submit_button: submitButton,
})

export const templateCard = z.discriminatedUnion('card_type', [
  textNotice,
  newsNotice,
  buttonInteraction,
  voteInteraction,
  multipleInteraction,
])
