import { z } from 'zod'
import { checkAgent, parsed } from './arguments.ts'
import { bytesOf, refuse } from './refusal.ts'

/** WECOM.md 8: the menu of one app. */
const text = z.string().optional()
const leaf = z.object({ type: text, name: text, key: text, url: text, appid: text, pagepath: text })
const entry = leaf.extend({
  sub_button: z.array(leaf.extend({ sub_button: z.array(z.unknown()).optional() })).optional(),
})
const menuSchema = z.object({ button: z.array(entry).optional() })
export type Menu = { button: z.infer<typeof entry>[] }
type Leaf = z.infer<typeof leaf>

const WITH_KEY = [
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
]
const KEY_BYTES = 128
const URL_BYTES = 1024

/** The first code is of a top entry, the second of one below it. */
const LEVELS = {
  top: { type: 40017, name: 40018, key: 40019, url: 40020, nameBytes: 16 },
  sub: { type: 40024, name: 40025, key: 40026, url: 40027, nameBytes: 40 },
} as const
type Level = (typeof LEVELS)[keyof typeof LEVELS]

export type MenuBar = ReturnType<typeof createMenu>

export function createMenu(agentId: number) {
  let current: Menu | null = null

  function create(agent: string, raw: string) {
    check(agent)
    const { button = [] } = parsed(menuSchema, raw)
    if (button.length < 1 || button.length > 3) refuse(40016, 'invalid button size')
    for (const one of button) checkTop(one)
    current = { button }
    return {}
  }

  function get(agent: string) {
    check(agent)
    return current ?? refuse(46003, 'no menu')
  }

  function remove(agent: string) {
    check(agent)
    current = null
    return {}
  }

  function check(agent: string): void {
    if (agent === '') refuse(41011, 'agentid missing')
    checkAgent(/^\d+$/.test(agent) ? Number(agent) : agent, agentId)
  }

  return { create, get, remove, current: () => current }
}

function checkTop(one: z.infer<typeof entry>): void {
  const below = one.sub_button ?? []
  if (below.length === 0) checkLeaf(one, LEVELS.top)
  else checkName(one, LEVELS.top)
  if (below.length > 5) refuse(40023, 'invalid sub button size')
  for (const sub of below) {
    if ((sub.sub_button ?? []).length > 0) refuse(40022, 'invalid menu level')
    checkLeaf(sub, LEVELS.sub)
  }
}

function checkName({ name = '' }: Leaf, level: Level): void {
  if (name === '' || bytesOf(name) > level.nameBytes) refuse(level.name, 'invalid button name')
}

function checkLeaf(one: Leaf, level: Level): void {
  const { type = '', key = '', url = '', appid = '', pagepath = '' } = one
  checkName(one, level)
  if (type === 'view') {
    if (url === '' || bytesOf(url) > URL_BYTES) refuse(level.url, 'invalid button url')
    if (!/^https?:\/\//.test(url)) refuse(40054, 'invalid url domain')
  } else if (type === 'view_miniprogram') {
    if (appid === '' || pagepath === '') refuse(level.url, 'missing appid or pagepath')
  } else if (!WITH_KEY.includes(type)) {
    refuse(level.type, 'invalid button type')
  } else if (key === '' || bytesOf(key) > KEY_BYTES) {
    refuse(level.key, 'invalid button key')
  }
}
