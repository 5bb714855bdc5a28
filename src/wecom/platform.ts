import { z } from 'zod'
import type { Chat, Part, Platform } from '../bot/message.ts'
import { WecomError } from '../errors.ts'
import type { WecomClient } from './client.ts'
import { checkNewChat } from './limits.ts'
import { shorten, splitText } from './split.ts'

const done = z.object({ errcode: z.literal(0) })
/** The chatId is ours, so that a group that exists already is the one that was to be made (WECOM.md 11: 86215). */
const EXISTS = 86215

/** What the chores do at WeCom: WECOM.md 5.2, 6, 7 and 9. */
export function createPlatform(client: WecomClient): Platform {
  return {
    async createChat({ chatId, name, owner, userIds }) {
      const body = { name: shorten(name, 50), owner, userlist: userIds, chatid: chatId }
      checkNewChat(body)
      try {
        await client.call('appchat/create', done, body)
      } catch (error) {
        if (!(error instanceof WecomError) || error.code !== EXISTS) throw error
      }
    },
    async updateChat({ chatId, add, remove, owner }) {
      const changes = {
        ...(owner !== undefined && { owner }),
        ...(add.length > 0 && { add_user_list: add }),
        ...(remove.length > 0 && { del_user_list: remove }),
      }
      await client.call('appchat/update', done, { chatid: chatId, ...changes })
    },
    postParts: text => splitText(text).map(content => ({ msgtype: 'text', text: { content } })),
    post: (chat: Chat, part: Part) =>
      chat.kind === 'webhook' ? client.postByWebhook(chat.key, part) : client.postInChat(chat.chatId, part),
    async recall(msgid) {
      await client.call('message/recall', done, { msgid })
    },
    rehost: mediaId => client.rehostImage(mediaId),
  }
}
