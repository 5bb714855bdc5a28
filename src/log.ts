import { randomInt } from 'node:crypto'
import { nowMs } from './clock.ts'

/**
 * Structured log lines on stdout. A field is a number, a boolean or an identifier of ours (personId, meetingId, errcode);
 * names, phone numbers, message texts and tokens never go in.
 */
const LEVELS = { debug: 10, info: 20, warn: 30, error: 40, silent: 99 } as const
export type Level = keyof typeof LEVELS
export type Fields = Record<string, string | number | boolean | null | undefined>

let threshold: number = LEVELS.info

export function setLogLevel(level: Level): void {
  threshold = LEVELS[level]
}

function write(level: Exclude<Level, 'silent'>, event: string, fields: Fields): void {
  if (LEVELS[level] < threshold) return
  process.stdout.write(`${JSON.stringify({ at: new Date(nowMs()).toISOString(), level, event, ...fields })}\n`)
}

export const log = {
  debug: (event: string, fields: Fields = {}) => write('debug', event, fields),
  info: (event: string, fields: Fields = {}) => write('info', event, fields),
  warn: (event: string, fields: Fields = {}) => write('warn', event, fields),
  error: (event: string, fields: Fields = {}) => write('error', event, fields),
}

/** Logs a bug with its stack and returns the number that the person is told, so that the two can be put together. */
export function logIncident(event: string, error: unknown, fields: Fields = {}): string {
  const incident = `E${randomInt(100_000, 1_000_000)}`
  const kind = error instanceof Error ? error.name : typeof error
  write('error', event, { ...fields, incident, kind, stack: stackOf(error) })
  return incident
}

/** The frames alone: an error's message may hold what a member wrote. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error) || !error.stack) return ''
  const frames = error.stack.split('\n').filter(line => line.trimStart().startsWith('at '))
  return frames.slice(0, 12).join('\n')
}
