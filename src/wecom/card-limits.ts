import { z } from 'zod'
import { characters, items, unique, utf8 } from './limit-fields.ts'

/** WeCom's limits of the cards we send (WECOM.md 4.5). Counts of characters are advised there, and hard here. */
const taskId = utf8(128).regex(/^[0-9A-Za-z_\-@]+$/, 'may hold only digits, letters and _-@')
const row = z.strictObject({ keyname: characters(5), value: characters(30) })
const button = z.strictObject({
  text: characters(10),
  style: z.int().min(1).max(4).optional(),
  key: utf8(1024),
})

export const buttonCard = z.strictObject({
  card_type: z.literal('button_interaction'),
  task_id: taskId,
  main_title: z.strictObject({ title: characters(36) }),
  sub_title_text: characters(160).optional(),
  horizontal_content_list: items(row, 0, 6).optional(),
  button_list: items(button, 1, 6).refine(unique('key'), 'has a key twice'),
})

const option = z.strictObject({ id: utf8(128), text: characters(17) })

export const voteCard = z.strictObject({
  card_type: z.literal('vote_interaction'),
  task_id: taskId,
  main_title: z.strictObject({ title: characters(36), desc: characters(44).optional() }),
  checkbox: z.strictObject({
    question_key: utf8(1024),
    mode: z.union([z.literal(0), z.literal(1)]),
    option_list: items(option, 1, 20).refine(unique('id'), 'has an id twice'),
  }),
  submit_button: z.strictObject({ text: characters(10).optional(), key: utf8(1024) }),
})
