import { timeOf } from '../clock.ts'
import { FEWEST_IN_GROUP, seesGroups } from '../domain/group.ts'
import { headsOf } from '../domain/roster.ts'
import { type Chore, type Person, people } from '../store/collections.ts'
import type { ReadTx, Tx } from '../store/records.ts'

/** Who hears what became of a chore, and in which words. */

export const UNSURE = '企业微信没有回应，不确定办成没有，请到群里看一下'
const IN_WECHAT = '可以请书记在微信里建群，把通知转过去'
export const TOO_FEW = `支部里有企业微信账号的不到 ${FEWEST_IN_GROUP} 人，建不成群。${IN_WECHAT}`
export const TOO_FEW_KNOWN = `企业微信里没有查到支部的账号，或者不到 ${FEWEST_IN_GROUP} 人：核对名册的“账号”一栏。${IN_WECHAT}`
const TITLE_CHARACTERS = 24

/** WeCom shows a text that is the same within four hours once (courier.ts), so each names its time and its chore. */
export const markOf = ({ number }: Chore, now: Date): string => `\n${timeOf(now)}，编号办${number}`

/** In one notice several messages may fail: the first of them speaks for all that were recalled together. */
export async function tellFailure(tx: Tx, chore: Chore, why: string, gone: boolean): Promise<void> {
  const to = await whoHears(tx, chore)
  const key = chore.what.does === 'recall' ? { key: `recall-failed:${chore.lane}:${chore.at}` } : {}
  await tx.send({ text: failureWords(chore, why, gone) + markOf(chore, tx.now) }, to, key)
}

/** The secretary, where there is none the deputy; who asked for a group, or a recall, himself too, and where there is neither. */
export async function whoHears(tx: ReadTx, { branchId, by, what }: Chore): Promise<string[]> {
  const heads = branchId === null ? [] : headsOf(await tx.find(people, 'branch', branchId), branchId)
  const waits = what.does === 'make-chat' || what.does === 'recall' || heads.length === 0
  const asker = waits && (await tx.get(people, by)) ? [by] : []
  return [...new Set([...heads.map(person => person.personId), ...asker])]
}

function failureWords({ what, lane }: Chore, why: string, gone: boolean): string {
  const about = what.does === 'post' ? titleOf(what.text) : ''
  const instead = what.does === 'post' && what.instead ? '已改为单独发给每个人' : '每个人的通知照常单独发'
  if (gone && about) return `支部群已不在了（${why}），${about}没有发到群里，${instead}。要再建群请发：群 建`
  if (gone) return `支部群已不在了（${why}），以后通知只单独发给每个人。要再建群请发：群 建`
  if (about && why === UNSURE) return `支部群里的${about}不确定发没发出去，请到群里看一下。`
  if (about) return `支部群里的${about}没有发出去：${why}。${instead}。`
  if (what.does === 'recall') return `${noticeOf(lane)}没有全部收回：${why}。需要时请发一条更正。`
  return what.does === 'make-chat' ? `支部群没有建成：${why}` : `支部群的成员没有更新：${why}`
}

function titleOf(text: string): string {
  const line = [...(text.split('\n')[0] ?? '')]
  return `“${line.slice(0, TITLE_CHARACTERS).join('')}${line.length > TITLE_CHARACTERS ? '…' : ''}”`
}

const noticeOf = (lane: string): string =>
  lane.startsWith('notice:') ? `通知 ${lane.slice('notice:'.length)} ` : '消息'

export function madeWords(name: string, inIt: readonly Person[], leftOut: readonly Person[]): string {
  const blind = inIt.filter(person => !seesGroups(person)).length
  const wechat = blind > 0 ? `，其中 ${blind} 人用普通微信，看不到` : ''
  const made = `支部群“${name}”建好了，${inIt.length} 人在群里${wechat}。以后通知会在群里发一份，不点名。`
  return leftOut.length > 0 ? `${made}\n${leftOutWords(leftOut)}` : made
}

export const leftOutWords = (leftOut: readonly Person[]): string =>
  `${leftOut.length} 人没有进支部群：${leftOut.map(({ name }) => name).join('、')}。企业微信里没有他们的账号，请核对名册的“账号”一栏。`

export const TOO_FEW_LEFT = `支部里有企业微信账号的不到 ${FEWEST_IN_GROUP} 人，支部群的成员先不更新。不用了请发：群 解绑`
