import { z } from 'zod'
import { templateCard } from './card-limits.ts'
import { characters, chosen, httpUrl, PayloadLimitError, utf8 } from './limit-fields.ts'

export { PayloadLimitError } from './limit-fields.ts'
export { splitText } from './split.ts'

/**
 * WeCom's limits of what is sent (WECOM.md 4.1 to 4.5). The advised lengths of cards count as hard: what is longer is cut
 * on some client. A payload that breaks a limit is a bug of ours, so it is thrown before anything is sent.
 */
const ids = (most: number) =>
  z
    .string()
    .min(1, 'is empty')
    .refine(joined => joined === '@all' || joined.split('|').every(id => id !== ''), 'has an empty id')
    .refine(joined => joined.split('|').length <= most, `has more than ${most} ids`)

const common = {
  touser: ids(1000).optional(),
  toparty: ids(100).optional(),
  totag: ids(100).optional(),
  agentid: z.int('must be an integer'),
  safe: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  enable_id_trans: z.union([z.literal(0), z.literal(1)]).optional(),
  enable_duplicate_check: z.union([z.literal(0), z.literal(1)]).optional(),
  duplicate_check_interval: z.int().min(1).max(14_400).optional(),
}

const media = z.strictObject({ media_id: utf8(512) })
const article = z
  .strictObject({
    title: utf8(128),
    description: utf8(512).optional(),
    url: httpUrl(2048).optional(),
    picurl: httpUrl(2048).optional(),
    appid: utf8(128).optional(),
    pagepath: utf8(128).optional(),
  })
  .refine(one => one.url !== undefined || (one.appid !== undefined && one.pagepath !== undefined), 'needs a url')
const page = z.strictObject({
  title: utf8(128),
  thumb_media_id: utf8(512),
  author: utf8(64).optional(),
  content_source_url: httpUrl(2048).optional(),
  content: utf8(666 * 1024),
  digest: utf8(512).optional(),
})
const miniprogramNotice = z.strictObject({
  appid: utf8(128),
  page: utf8(1024).optional(),
  title: characters(12).min(4, 'is shorter than 4 characters'),
  description: characters(12).min(4, 'is shorter than 4 characters').optional(),
  emphasis_first_item: z.boolean().optional(),
  content_item: z
    .array(z.strictObject({ key: characters(10), value: characters(30) }))
    .max(10, 'has more than 10')
    .optional(),
})

const kind = <T extends string, S extends z.ZodType>(msgtype: T, content: S) =>
  z.strictObject({ ...common, msgtype: z.literal(msgtype), [msgtype]: content })

const message = z
  .discriminatedUnion('msgtype', [
    kind('text', z.strictObject({ content: utf8(2048).regex(/\S/, 'is blank') })),
    kind('markdown', z.strictObject({ content: utf8(2048).regex(/\S/, 'is blank') })),
    kind('image', media),
    kind('voice', media),
    kind('file', media),
    kind('video', media.extend({ title: utf8(128).optional(), description: utf8(512).optional() })),
    kind(
      'textcard',
      z.strictObject({
        title: utf8(128),
        description: utf8(512),
        url: httpUrl(2048),
        btntxt: characters(4).optional(),
      }),
    ),
    kind('news', z.strictObject({ articles: z.array(article).min(1, 'is empty').max(8, 'has more than 8') })),
    kind('mpnews', z.strictObject({ articles: z.array(page).min(1, 'is empty').max(8, 'has more than 8') })),
    kind('miniprogram_notice', miniprogramNotice),
    kind('template_card', templateCard),
  ])
  .refine(body => body.touser ?? body.toparty ?? body.totag, { path: ['touser'], message: 'nobody is named' })

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
