import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addDays, dayOf, spellDay } from '../clock.ts'
import type { When } from '../domain/when.ts'
import { UserError } from '../errors.ts'
import { MEETING_KINDS, type Meeting, meetings } from '../store/collections.ts'

/** Calling a meeting step by step: one question at a time, each answered by a digit, a button or words. */

export interface SaidSoFar {
  kinds?: Meeting['kinds'] | undefined
  when?: When | undefined
  place?: string | undefined
  topic?: string | undefined
}

const USUAL_HOURS = ['08:30', '09:00', '14:30', '19:00', '19:30'] as const
const FIRST_KINDS = ['党员大会', '支委会', '党小组会', '党课', '主题党日'] as const

/** The next question, or null when all is said. Its line carries what was said before, so nothing is kept elsewhere. */
export async function askNext(ctx: CommandContext, tx: CommandReadTx, said: SaidSoFar): Promise<Answer | null> {
  refuseMisread(said)
  const line = await lineSoFar(ctx, tx, said)
  if (!said.kinds) return askKind(line)
  if (!said.when?.day) return askDay(line, ctx.now, said.when?.start ?? null)
  if (!said.when.start) return askHour(line)
  if (!said.place) return askPlace(line, await placesUsed(ctx, tx))
  return said.topic ? null : { text: '什么主题？请直接发过来。', awaits: line }
}

/** A word that is neither a kind nor a time lands in the place: said in front of them, it is a typo, not a place. */
function refuseMisread({ kinds, when, place, topic }: SaidSoFar): void {
  if (!place) return
  if (!kinds) throw new UserError(`没有“${place}”这种会议。可以是：${MEETING_KINDS.join(' ')}`)
  const rest = topic ? ` ${topic}` : ' 村党群服务中心 学习党章'
  if (!when?.day) throw new UserError(`没看懂时间“${place}”。这样发：会议 新建 ${kinds.join('+')} 明晚7点${rest}`)
}

async function lineSoFar(ctx: CommandContext, tx: CommandReadTx, said: SaidSoFar): Promise<string> {
  const branch = await ctx.branch(tx)
  const words = ['/会议 新建']
  if (ctx.audience?.branch) words.push(`@${branch.name}`)
  if (ctx.audience?.group) words.push(`@${ctx.audience.group}`)
  if (said.kinds) words.push(said.kinds.join('+'))
  if (said.when?.day) words.push(said.when.day)
  if (said.when?.start) words.push(said.when.end ? `${said.when.start}-${said.when.end}` : said.when.start)
  if (said.kinds && said.when?.day && said.when.start && said.place) words.push(said.place)
  return words.join(' ')
}

function askKind(line: string): Answer {
  const rest = MEETING_KINDS.filter(kind => !FIRST_KINDS.some(first => first === kind))
  return {
    text: `什么会？其他的直接发：${rest.join(' ')}`,
    choices: FIRST_KINDS.map(kind => ({ label: kind, line: `${line} ${kind}` })),
    awaits: line,
  }
}

function askDay(line: string, now: Date, start: string | null): Answer {
  const hour = start ? ` ${start}` : ''
  const base = start ? line.replace(/ \d{2}:\d{2}(-\d{2}:\d{2})?$/, '') : line
  const days = [0, 1, 2, 3, 4].map(ahead => addDays(dayOf(now), ahead))
  return {
    text: '哪一天？也可以直接发，比如：下周五晚7点',
    choices: days.map(day => ({ label: spellDay(day).slice(0, 10), line: `${base} ${day}${hour}` })),
    awaits: base,
  }
}

function askHour(line: string): Answer {
  return {
    text: '几点开始？也可以直接发，比如：19:00-20:30',
    choices: USUAL_HOURS.map(hour => ({ label: hour, line: `${line} ${hour}` })),
    awaits: line,
  }
}

function askPlace(line: string, places: readonly string[]): Answer {
  const choices = places.map(place => ({ label: place.slice(0, 10), line: `${line} ${place}` }))
  return { text: '在哪里开？也可以直接发地点（中间不要空格）。', ...(choices.length > 0 && { choices }), awaits: line }
}

/** The last places of this branch, newest first. */
async function placesUsed(ctx: CommandContext, tx: CommandReadTx): Promise<readonly string[]> {
  const branch = await ctx.branch(tx)
  const held = await tx.find(meetings, 'branch', branch.branchId)
  return [...new Set(held.map(meeting => meeting.place).reverse())].slice(0, 4)
}
