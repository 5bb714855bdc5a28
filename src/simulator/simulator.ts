import Router from '@koa/router'
import type { Middleware } from 'koa'
import { createCallbackCrypto } from '../wecom/crypto.ts'
import { mountApi } from './api.ts'
import { createAppchat } from './appchat.ts'
import { createCallbacks } from './callbacks.ts'
import { createContacts } from './contacts.ts'
import type { DirectoryPerson } from './directory.ts'
import { createFaults } from './faults.ts'
import { type Group, Groups } from './groups.ts'
import { createMedia, type Media } from './media.ts'
import { createMenu } from './menu.ts'
import { createMessages } from './messages.ts'
import { mountPage } from './page.ts'
import { createPeople } from './people.ts'
import type { Item } from './phone.ts'
import { Phones } from './phones.ts'
import { createResponseCodes } from './response-codes.ts'
import { createTokens } from './tokens.ts'
import { createWebhooks } from './webhook.ts'

export type { ApiCall } from './api.ts'
export type { Delivered } from './callbacks.ts'
export { type DirectoryPerson, readDirectory } from './directory.ts'
export type { Faults } from './faults.ts'
export type { Group } from './groups.ts'
export type { Menu } from './menu.ts'
export type { Press } from './people.ts'
export { type CardView, HINT, type Item, type Look } from './phone.ts'

export interface SimulatorSetup {
  /** Where the bot takes callbacks; a function where the port is not known yet. */
  callbackUrl: string | (() => string)
  corpId: string
  agentId: number
  secret: string
  token: string
  aesKey: string
  directory: readonly DirectoryPerson[]
  fetch?: typeof fetch
}

export type Simulator = ReturnType<typeof createSimulator>

/**
 * WeCom on localhost: the same wire protocol as the real one, with its limits and error codes, a chat page, and a clock that
 * can be moved. It knows nothing of the bot but its callback address.
 */
export function createSimulator(setup: SimulatorSetup) {
  const { callbackUrl, corpId, agentId, secret, token, aesKey, directory } = setup
  const url = typeof callbackUrl === 'string' ? () => callbackUrl : callbackUrl
  const phones = new Phones(directory)
  const codes = createResponseCodes()
  const tokens = createTokens(corpId, secret)
  const broken = createFaults(tokens.expire)
  const { faults } = broken
  const crypto = createCallbackCrypto({ token, aesKey, corpId })
  const callbacks = createCallbacks({ url, corpId, agentId, crypto, fetch: setup.fetch ?? fetch, faults })
  const media = createMedia()
  const menu = createMenu(agentId)
  const groups = new Groups(phones)
  const people = createPeople({ phones, callbacks, codes, media })
  const messages = createMessages({ agentId, phones, faults, codes, media })
  const appchat = createAppchat({ phones, groups, media })
  const webhooks = createWebhooks(groups)
  const contacts = createContacts({ agentId, corpId, phones, faults })

  const router = new Router()
  const api = { tokens, messages, appchat, webhooks, menu, media, contacts, faults: broken }
  const calls = mountApi(router, api)
  const page = mountPage(router, { phones, people, faults, groups, menu, media })
  // The router adds `params` and `router` to the context by itself.
  const routes = router.routes() as Middleware

  return {
    /** Serves /simulator, /simulator/assets/*, /simulator/api/* and WeCom's API under /simulator/wecom. */
    routes,
    ...people,
    /** What the person has received, oldest first, as that person's phone shows it. */
    inbox: (userId: string): Item[] => phones.timeline(userId).filter(item => item.from !== 'me'),
    /** The file this person got last; throws where there is none. */
    fileOf: (userId: string) => lastFile(phones, media, userId),
    /** The whole chat, with what the person said. */
    timeline: (userId: string): Item[] => phones.timeline(userId),
    setLook: phones.setLook.bind(phones),
    faults,
    ...corpOf(phones, groups),
    /** Somebody new in the corp. */
    addPerson: (person: DirectoryPerson): void => phones.join(person),
    addTag: contacts.addTag,
    /** Every group the bot can write into, dissolved ones too. */
    get groups(): readonly Group[] {
      return groups.all()
    },
    /** What menu/create made; null before. */
    get menu() {
      return menu.current()
    },
    /** Calls of WeCom's API, oldest first. */
    calls,
    /** Pushed messages that WeCom dropped in silence: over 30 a minute or 1,000 an hour for one person. */
    dropped: phones.dropped,
    /** Resolves when no callback is under way. */
    idle: callbacks.idle,
    checkUrl: callbacks.checkUrl,
    /** Ends the event streams of open pages, so that the server can close. */
    close: page.close,
  }
}

function lastFile(phones: Phones, media: Media, userId: string): { name: string; bytes: Uint8Array } {
  const sent = phones.timeline(userId).findLast(({ file }) => file !== null)?.file
  const stored = sent && media.onScreen(sent.mediaId)
  if (!sent || !stored) throw new Error(`${userId} 没有收到文件`)
  return { name: sent.name, bytes: new Uint8Array(stored.bytes) }
}

/** What members and their administrators do in WeCom without the bot. */
function corpOf(phones: Phones, groups: Groups) {
  function setState(id: string, state: Group['state']): void {
    const group = groups.find(id)
    if (!group) throw new Error(`没有这个群：${id}`)
    groups.change(group, { state })
  }
  return {
    /** A group that the app made earlier. */
    addGroup(chatId: string, name: string, members: readonly string[]): void {
      groups.add({ id: chatId, kind: 'appchat', name, owner: members[0] ?? '', members })
    },
    /** A group of these people with a robot in it, whose key the bot may be given. */
    addWebhook(key: string, name: string, members: readonly string[] = []): void {
      groups.add({ id: key, kind: 'webhook', name, owner: members[0] ?? '', members })
    },
    /** From now on the key is refused with 93000. */
    removeWebhook: (key: string) => setState(key, 'removed'),
    /** From now on the key is refused with 93004. */
    stopWebhook: (key: string) => setState(key, 'stopped'),
    /** From now on a post is refused: 49008, of a robot's group 93000. */
    dissolveGroup: (chatId: string) => setState(chatId, 'dissolved'),
    /** He has left the corp: no message reaches him, and he is in no group. */
    deletePerson(userId: string): void {
      phones.delete(userId)
      groups.leave(userId)
    },
  }
}
