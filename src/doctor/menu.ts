import { z } from 'zod'
import { WecomError, WecomUnreachableError } from '../errors.ts'
import type { WecomClient } from '../wecom/client.ts'
import { createMenu } from '../wecom/menu.ts'

/** What was done about the menu, or what to do. */
export const menuMade = z.object({ ok: z.boolean(), text: z.array(z.string()) })
export type MenuMade = z.infer<typeof menuMade>

export async function makeMenu(client: Pick<WecomClient, 'agentId' | 'call'>): Promise<MenuMade> {
  try {
    await createMenu(client)
    return {
      ok: true,
      text: [
        '应用菜单建好了：签到（扫码签到、直接签到）、我的、帮助。',
        '手机上还没有看到时，请退出应用再进：企业微信会缓存菜单。',
      ],
    }
  } catch (error) {
    if (error instanceof WecomError)
      return { ok: false, text: [`企业微信没有接受应用菜单（错误码 ${error.code}）：${error.advice}。`] }
    if (!(error instanceof WecomUnreachableError)) throw error
    const fact = error.ambiguous ? '企业微信没有回应，不知道菜单建好没有' : '没有连上企业微信，菜单没有建'
    return { ok: false, text: [`${fact}：请检查网络、HTTPS_PROXY 和 WECOM_API_BASE，再运行一次。`] }
  }
}
