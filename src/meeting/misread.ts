import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { takeWhen } from '../domain/when.ts'
import { UserError } from '../errors.ts'
import { branches, MEETING_KINDS } from '../store/collections.ts'
import { MARK_PLACE } from './place.ts'
import { lineOf, type SaidSoFar } from './said.ts'

/**
 * A word that is neither a kind nor a time lands in the place: said in front of them, it is a slip, not a place. Each refusal
 * gives the line that was meant, made of the words that were said.
 */
export async function refuseMisread(ctx: CommandContext, tx: CommandReadTx, said: SaidSoFar): Promise<void> {
  const { kinds, when, place, topic = '' } = said
  if (topic.startsWith(MARK_PLACE)) throw new UserError('地点太长，最多 60 个字。请短一些再发一次。')
  if (!place) return
  if (kinds && when?.day && !when.start && LIKE_DATE.test(place)) {
    throw new UserError(`没看懂时间“${place}”。这样发：${lineOf(ctx, said)} 19:00 ${topic || USUAL}`)
  }
  if (/^[@＠]/u.test(place)) {
    const line = lineOf(ctx, said).replace('会议 新建', `会议 新建 ${place}`)
    throw new UserError(`“${place}”要写在最前面。这样发：${[line, topic].join(' ').trim()}`)
  }
  const branch = !kinds && !when && (await isBranchName(tx, place))
  if (branch) throw new UserError(`支部前面要加 @。这样发：会议 新建 @${place} ${topic || '党课'}`)
  if (!kinds) throw noSuchKind(place)
  if (/^[+＋]/u.test(place)) throw noSuchKind(place.slice(1) || (topic.split(/\s+/u)[0] ?? ''))
  if (!when?.day) throw new UserError(noDay(ctx, { ...said, place, topic }))
}

const noSuchKind = (word: string): UserError =>
  new UserError(`没有“${word}”这种会议。可以是：${MEETING_KINDS.join(' ')}`)

/** Any unique part of a name, as after an @. */
async function isBranchName(tx: CommandReadTx, word: string): Promise<boolean> {
  const named = (await tx.township.all(branches)).filter(branch => branch.name.includes(word))
  return named.length === 1
}

const USUAL = '村党群服务中心 学习党章'
const LIKE_TIME = /[\d:：点号]|周|星期|礼拜|[今明后]|[早晚]|[上下]午/u

/** 2026-02-30, 12-40, 25:00: written as a date or an hour, and none. */
const LIKE_DATE = /^[\d０-９]{1,4}\s*[-—./年月:：点]/u

function noDay(ctx: CommandContext, said: SaidSoFar & { place: string; topic: string }): string {
  const { kinds, when, place, topic } = said
  const line = lineOf(ctx, { kinds })
  if (when?.start) {
    const hours = [when.start, when.end].filter(Boolean).join('-')
    return `没写哪一天。这样发：${[line, `明天${hours}`, place, topic].join(' ').trim()}`
  }
  const words = topic.split(/\s+/u)
  const later = takeWhen(words, ctx.now)
  if (LIKE_DATE.test(place)) return `没看懂时间“${place}”。这样发：${line} 明晚7点 ${later ? USUAL : topic || USUAL}`
  if (later) {
    const time = `${later.when.day ? '' : '明天'}${words.slice(0, later.taken).join(' ')}`
    return `时间要写在地点前面。这样发：${[line, time, place, ...words.slice(later.taken)].join(' ')}`
  }
  // One word alone was the answer to 哪一天: what else could it be.
  return LIKE_TIME.test(place) || topic === ''
    ? `没看懂时间“${place}”。这样发：${line} 明晚7点 ${topic || USUAL}`
    : `没写时间。这样发：${[line, '明晚7点', place, topic].join(' ').trim()}`
}
