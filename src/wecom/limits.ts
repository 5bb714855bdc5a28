import { z } from 'zod'
import { WecomError } from '../errors.ts'
import { buttonCard, voteCard } from './card-limits.ts'
import { adviceFor } from './errcodes.ts'
import { characters, chosen, items, PayloadLimitError, utf8 } from './limit-fields.ts'

export { PayloadLimitError } from './limit-fields.ts'

/**
 * WeCom's limits of what this bot sends (WECOM.md 4.1 to 4.5, 6 to 9). The advised lengths of cards count as hard: what is longer is
 * cut on some client. A payload that breaks a limit is a bug of ours, so it is thrown before anything is sent.
 */
const receivers = z
  .string('must be text')
  .min(1, 'is empty')
  .refine(joined => joined.split('|').every(id => id !== '' && id !== '@all'), 'has an empty id, or names everybody')
  .refine(joined => joined.split('|').length <= 1000, 'has more than 1000 ids')

const common = {
  touser: receivers,
  agentid: z.int('must be an integer'),
  enable_duplicate_check: z.union([z.literal(0), z.literal(1)]).optional(),
  duplicate_check_interval: z.int().min(1).max(14_400).optional(),
}

const safe = z.literal(0).optional()
const words = {
  msgtype: z.literal('text'),
  text: z.strictObject({ content: utf8(2048).regex(/\S/, 'is blank') }),
}
const image = { msgtype: z.literal('image'), image: z.strictObject({ media_id: utf8(512) }) }
const file = { msgtype: z.literal('file'), file: z.strictObject({ media_id: utf8(512) }) }

const message = z.discriminatedUnion('msgtype', [
  z.strictObject({ ...common, ...words, safe }),
  z.strictObject({ ...common, ...image, safe }),
  z.strictObject({ ...common, ...file, safe }),
  z.strictObject({
    ...common,
    msgtype: z.literal('template_card'),
    template_card: z.discriminatedUnion('card_type', [buttonCard, voteCard]),
  }),
])

/** WECOM.md 6. The id is ours; the name is cut there, so that it has to be cut here. */
const chatId = z.string('must be text').regex(/^[0-9A-Za-z]{1,32}$/, 'is not 1 to 32 letters and digits')
const member = utf8(64)
const newChat = z
  .strictObject({
    name: characters(50),
    owner: member.optional(),
    userlist: items(member, 2, 2000).refine(ids => new Set(ids).size === ids.length, 'has somebody twice'),
    chatid: chatId,
  })
  .refine(({ owner, userlist }) => owner === undefined || userlist.includes(owner), {
    path: ['owner'],
    message: 'is not in userlist',
  })

const chatPost = z.discriminatedUnion('msgtype', [
  z.strictObject({ chatid: chatId, ...words, safe }),
  z.strictObject({ chatid: chatId, ...image, safe }),
])

/** Only text is posted there: a card of a webhook has no buttons, and a picture goes as base64 (WECOM.md 7). */
const webhookPost = z.strictObject(words)

/** WECOM.md 8: an entry does something, or opens up to five that do. */
const sends = {
  type: z.enum(['click', 'scancode_push', 'scancode_waitmsg']),
  key: utf8(128),
}
const opens = { type: z.literal('view'), url: utf8(1024).regex(/^https?:\/\//, 'has no http:// or https://') }
const subEntry = z.union([z.strictObject({ name: utf8(40), ...sends }), z.strictObject({ name: utf8(40), ...opens })])
const entry = z.union([
  z.strictObject({ name: utf8(16), ...sends }),
  z.strictObject({ name: utf8(16), ...opens }),
  z.strictObject({ name: utf8(16), sub_button: items(subEntry, 1, 5) }),
])
const menu = z.strictObject({ button: items(entry, 1, 3) })

const cardUpdate = z.strictObject({
  userids: z.array(utf8(64)).min(1, 'is empty').max(1000, 'has more than 1000'),
  agentid: z.int('must be an integer'),
  response_code: utf8(1024),
  button: z.strictObject({ replace_name: utf8(1024) }),
})

/** A body of message/send. Throws PayloadLimitError. */
export const checkMessage = (body: unknown): void => check('message/send', message, body)

/** A body of message/update_template_card that greys buttons. Throws PayloadLimitError. */
export const checkCardUpdate = (body: unknown): void => check('message/update_template_card', cardUpdate, body)

/** A body of appchat/create. Throws PayloadLimitError. */
export const checkNewChat = (body: unknown): void => check('appchat/create', newChat, body)

/** A body of appchat/send. Throws PayloadLimitError. */
export const checkChatPost = (body: unknown): void => check('appchat/send', chatPost, body)

/** A body of webhook/send. Throws PayloadLimitError. */
export const checkWebhookPost = (body: unknown): void => check('webhook/send', webhookPost, body)

/** A body of menu/create. Throws PayloadLimitError. */
export const checkMenu = (body: unknown): void => check('menu/create', menu, body)

const IMAGE_BYTES = 10 * 1024 * 1024
const FILE_BYTES = 20 * 1024 * 1024

/** The bytes of a picture for media/upload: more than 5, at most 10 MB. They are a member's, so it is no bug: WeCom's own refusal. */
export const checkImage = (bytes: Uint8Array): void => checkUpload(bytes, IMAGE_BYTES)

/** The bytes of a file: more than 5, at most 20 MB. How long a report grows is no bug either. */
export const checkFile = (bytes: Uint8Array): void => checkUpload(bytes, FILE_BYTES)

function checkUpload({ length }: Uint8Array, most: number): void {
  const code = length <= 5 ? 44001 : length > most ? 45001 : 0
  if (code !== 0) throw new WecomError('media/upload', code, adviceFor(code))
}

function check(api: string, schema: z.ZodType, body: unknown): void {
  const parsed = schema.safeParse(body)
  if (parsed.success) return
  const issue = parsed.error.issues[0]
  if (issue) throw new PayloadLimitError(api, chosen(issue.path), issue.message)
}
