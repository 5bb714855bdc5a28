import { WecomError } from '../errors.ts'
import { type Agent, chatExists, expandRange } from '../wecom/agent.ts'
import type { WecomClient } from '../wecom/client.ts'
import { fewAtOnce } from '../wecom/few-at-once.ts'
import type { Township } from './facts.ts'
import { bad, type Finding, good, warn } from './findings.ts'
import { explainRefusal } from './refusals.ts'

/** The roster and the branches' groups against what WeCom has: how many, never who. */
type Client = Pick<WecomClient, 'agentId' | 'call'>

export function countRoster({ userIds, withoutAccount, withoutPhone, branches }: Township): Finding[] {
  const roll = `名册：${branches} 个支部，收得到消息的 ${userIds.length} 人，无手机 ${withoutPhone} 人`
  if (userIds.length === 0)
    return [warn('名册里还没有收得到消息的人', 'npm run roster -- import 名册.csv --dry-run，看过再去掉 --dry-run')]
  if (withoutAccount === 0) return [good(roll)]
  const next = '补上名册的“账号”一栏，再导入；没有手机的写“无手机”'
  return [good(roll), warn(`名册里 ${withoutAccount} 人没有企业微信账号，发不到`, next)]
}

export async function checkRange(client: Client, agent: Agent, township: Township, proxied: boolean): Promise<Finding> {
  try {
    const { userIds, unseen } = await expandRange(client, agent)
    const missing = township.userIds.filter(userId => !userIds.has(userId)).length
    return judgeRange({ missing, of: township.userIds.length, unseen })
  } catch (error) {
    return explainRefusal('核对可见范围', error, proxied)
  }
}

export function judgeRange({ missing, of, unseen }: { missing: number; of: number; unseen: number }): Finding {
  if (missing === 0) return good(`名册上收得到消息的 ${of} 人都在应用的可见范围`)
  if (unseen > 0)
    return warn(
      `名册上 ${missing} 人没有核对：应用看不到 ${unseen} 个部门或标签里的人`,
      '这不耽误收发；谁没收到，书记发“发送记录”可以看到',
    )
  return bad(`名册上 ${missing} 人不在应用的可见范围，收不到也发不来`, [
    '管理后台 → 应用管理 → 自建 → 本应用 → 可见范围：加上他们的部门',
    '已在范围里的，核对名册的“账号”和企业微信通讯录的账号是不是一样',
  ])
}

export async function checkGroups(client: Client, township: Township, proxied: boolean): Promise<Finding[]> {
  const { chats, robots } = township
  const robot = robots > 0 ? [good(`群机器人 ${robots} 个：不发消息查不出来，没有查`)] : []
  if (chats.length === 0) return robot
  const gone: string[] = []
  const refused: WecomError[] = []
  const check = async ({ branch, chatId }: Township['chats'][number]) => {
    try {
      if (!(await chatExists(client, chatId))) gone.push(branch)
    } catch (error) {
      if (!(error instanceof WecomError)) throw error
      refused.push(error)
    }
  }
  try {
    await fewAtOnce(chats, check)
  } catch (error) {
    return [explainRefusal('看支部群', error, proxied), ...robot]
  }
  const [first] = refused
  if (first) return [explainRefusal(`看支部群（${refused.length} 个）`, first, proxied), ...robot]
  return [judgeGroups(chats.length, gone), ...robot]
}

const judgeGroups = (of: number, gone: readonly string[]): Finding =>
  gone.length === 0
    ? good(`支部群 ${of} 个都在`)
    : bad(`${of} 个支部群里有 ${gone.length} 个已经不在了`, '请书记发“群 解绑”，再发“群 建”', gone.join('、'))

/** What of the last month did not arrive. */
export function countUnreached({ unreached }: Township): Finding[] {
  const sum = Object.entries(unreached).reduce((all, [code, count]) => (code === 'no-phone' ? all : all + count), 0)
  return sum === 0 ? [] : [warn(`近一个月有 ${sum} 人次没有送到`, '书记发“发送记录”，看是谁、怎么办')]
}
