import { type CommandContext, type CommandReadTx, fold, meetingId } from '../bot/command.ts'
import { explainUnclear, findPeople, joinGroups, namesSomebody } from '../domain/people.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../store/collections.ts'
import { openRequests } from './leave-requests.ts'
import { branchMeant, peopleWithin, rowsShown } from './within.ts'

/** What an officer said of a leave: `[姓名] [会议号] [其余]`. */
export interface SaidOfLeave {
  person: Person | null
  meetingId: string | null
  /** The reason, or what it is about. */
  rest: string
}

/**
 * One name at most, so that the number behind it is the meeting's and never a row of the roll: '准假 张三 17'. A number in
 * front is a row where a roll was shown; alone, it is the meeting where leave was asked of it.
 */
export async function readSaid(
  ctx: CommandContext,
  tx: CommandReadTx,
  text: string | undefined,
  verb: '准假' | '不准',
): Promise<SaidOfLeave & { candidates: readonly Person[] }> {
  const candidates = await peopleWithin(ctx, tx)
  const typed = (text ?? '').split(/\s+/).filter(word => word !== '')
  const words = joinGroups(typed, candidates)
  const asked = words.length === 1 && (await isMeetingAskedOf(ctx, tx, words[0]))
  const person = asked ? null : await personNamed(ctx, tx, words[0], { candidates, verb })
  if (person) words.shift()
  const id = meetingId().safeParse(words[0] ?? '')
  if (id.success) words.shift()
  return { person, meetingId: id.success ? id.data : null, rest: words.join(' '), candidates }
}

/** A roll shown long ago must not turn the meeting's number into somebody who asked for nothing. */
async function isMeetingAskedOf(ctx: CommandContext, tx: CommandReadTx, word: string | undefined): Promise<boolean> {
  const id = meetingId().safeParse(word)
  return id.success && (await openRequests(ctx, tx)).some(request => request.meeting.meetingId === id.data)
}

async function personNamed(
  ctx: CommandContext,
  tx: CommandReadTx,
  word: string | undefined,
  { candidates, verb }: { candidates: readonly Person[]; verb: string },
): Promise<Person | null> {
  if (word === undefined) return null
  const isNumber = /^\d{1,9}$/.test(fold(word))
  if (isNumber && !ctx.rollShown) return null
  if (!isNumber && meetingId().safeParse(word).success) return null
  if (!namesSomebody(word, candidates)) return null
  const found = findPeople([word], candidates, { branchId: branchMeant(ctx), rows: await rowsShown(ctx, tx) })
  const unclear = explainUnclear(found, candidates, verb)
  if (unclear) throw new UserError(unclear)
  const [person, another] = found.found
  if (another) throw new UserError('请假要一位一位地批。请只写一个姓名再发。')
  return person ?? null
}
