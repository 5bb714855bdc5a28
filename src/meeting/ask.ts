import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import type { Answer } from '../bot/message.ts'
import { addDays, dayOf, instantAt, spellDay } from '../clock.ts'
import { MEETING_KINDS, meetings } from '../store/collections.ts'
import { whyNot } from './convene.ts'
import { refuseMisread } from './misread.ts'
import { MARK_PLACE, MARK_TIME, MARK_TOPIC } from './place.ts'
import { lineOf, type SaidSoFar } from './said.ts'

/** Calling a meeting step by step: one question at a time, each answered by a digit, a button or words. */

const USUAL_HOURS = ['08:30', '09:00', '14:30', '19:00', '19:30'] as const
const FIRST_KINDS = ['党员大会', '支委会', '党小组会', '党课', '主题党日'] as const

/** The next question, or null when all is said. Its line carries what was said before, so nothing is kept elsewhere. */
export async function askNext(ctx: CommandContext, tx: CommandReadTx, said: SaidSoFar): Promise<Answer | null> {
  await refuseMisread(ctx, tx, said)
  const line = `/${lineOf(ctx, said)}`
  if (!said.kinds) return leadsOnly(ctx) ? askNext(ctx, tx, { ...said, kinds: ['党小组会'] }) : askKind(line)
  if (!said.when?.day) return askDay(line, ctx.now, said.when?.start ?? null)
  if (!said.when.start) return askHour(ctx, tx, said)
  const impossible = await whyNot(ctx, tx, { ...said, kinds: said.kinds })
  // A refusal sends no card: the time is awaited in words.
  if (impossible) return { text: impossible, awaits: hourLine(ctx, said) }
  if (!said.place) return askPlace(line, await placesUsed(ctx, tx))
  return said.topic
    ? null
    : { text: '什么主题？请直接发过来。', awaits: `${line} ${MARK_PLACE}${said.place} ${MARK_TOPIC}` }
}

/** A group leader has one kind of meeting to call. */
const leadsOnly = ({ reach }: CommandContext): boolean => !reach.township && reach.places.every(place => place.group)

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

/** Offers the usual hours that are still to come, and at which nobody sits elsewhere. */
async function askHour(ctx: CommandContext, tx: CommandReadTx, said: SaidSoFar): Promise<Answer> {
  const line = hourLine(ctx, said)
  const { kinds, when } = said
  const choices: { label: string; line: string }[] = []
  for (const start of USUAL_HOURS) {
    if (!kinds || !when?.day || instantAt(when.day, start) <= ctx.now) continue
    const isFree = (await whyNot(ctx, tx, { kinds, when: { ...when, start, end: null } })) === null
    if (isFree) choices.push({ label: start, line: `${line}${start}` })
  }
  const text = '几点开始？也可以直接发，比如：19:00-20:30'
  return { text, ...(choices.length > 0 && { choices }), awaits: line }
}

/** What the hour, or another day and hour, completes: place and topic that were said stand in front of it. */
function hourLine(ctx: CommandContext, { kinds, when, place, topic }: SaidSoFar): string {
  const marks = [place && `${MARK_PLACE}${place}`, `${MARK_TOPIC}${topic ?? ''}`, MARK_TIME].filter(Boolean).join(' ')
  return `/${lineOf(ctx, { kinds, when: when && { ...when, start: null, end: null } })} ${marks}`
}

function askPlace(line: string, places: readonly string[]): Answer {
  const labels = places.map(place => place.slice(0, 10))
  const choices = places.map((place, at) => ({
    label:
      labels.indexOf(labels[at] ?? '') === labels.lastIndexOf(labels[at] ?? '') ? (labels[at] ?? '') : place.slice(-10),
    line: `${line} ${MARK_PLACE}${place}`,
  }))
  const text = choices.length > 0 ? '在哪里开？也可以直接发地点。' : '在哪里开？请直接发地点。'
  return { text, ...(choices.length > 0 && { choices }), awaits: `${line} ${MARK_PLACE}` }
}

/** The last places of this branch, newest first. */
async function placesUsed(ctx: CommandContext, tx: CommandReadTx): Promise<readonly string[]> {
  const branch = await ctx.branch(tx)
  const held = await tx.find(meetings, 'branch', branch.branchId)
  return [...new Set(held.map(meeting => meeting.place).reverse())].slice(0, 4)
}
