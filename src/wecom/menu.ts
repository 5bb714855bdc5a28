import { z } from 'zod'
import type { WecomClient } from './client.ts'
import { checkMenu } from './limits.ts'

/**
 * The app's menu (WECOM.md 8). What a click says is its key, a line like every other; what a scan says is what the code
 * holds. `scancode_waitmsg`, since a scan of the other kind can have no reply.
 */
export const APP_MENU = {
  button: [
    {
      name: '签到',
      sub_button: [
        { type: 'scancode_waitmsg', name: '扫码签到', key: '/签到' },
        { type: 'click', name: '直接签到', key: '/签到' },
      ],
    },
    { type: 'click', name: '我的', key: '/我的' },
    { type: 'click', name: '帮助', key: '/帮助' },
  ],
} as const

const done = z.object({ errcode: z.literal(0) })

/** Replaces whatever menu there is. */
export async function createMenu(client: Pick<WecomClient, 'agentId' | 'call'>): Promise<void> {
  checkMenu(APP_MENU)
  await client.call('menu/create', done, APP_MENU, { agentid: client.agentId })
}
