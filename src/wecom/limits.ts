import { z } from 'zod'
import { buttonCard } from './card-limits.ts'
import { chosen, PayloadLimitError, utf8 } from './limit-fields.ts'

export { PayloadLimitError } from './limit-fields.ts'

/**
 * WeCom's limits of what this bot sends (WECOM.md 4.1 to 4.5). The advised lengths of cards count as hard: what is longer is
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

const message = z.discriminatedUnion('msgtype', [
  z.strictObject({
    ...common,
    msgtype: z.literal('text'),
    text: z.strictObject({ content: utf8(2048).regex(/\S/, 'is blank') }),
    safe: z.literal(0).optional(),
  }),
  z.strictObject({ ...common, msgtype: z.literal('template_card'), template_card: buttonCard }),
])

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

function check(api: string, schema: z.ZodType, body: unknown): void {
  const parsed = schema.safeParse(body)
  if (parsed.success) return
  const issue = parsed.error.issues[0]
  if (issue) throw new PayloadLimitError(api, chosen(issue.path), issue.message)
}
