import type { Outgoing } from './engine-shapes.ts'

type Call = NonNullable<Outgoing['calls']>[number]

const ADVICE = '已停发：没有发给他'

/**
 * A queued message without what nobody has of it yet. Whoever got its first part gets the rest: half a text says something
 * else. What is under way goes on, and the deliverer writes down what came of it.
 */
export function withoutWaiting(
  record: Outgoing,
  personIdOf: ReadonlyMap<string, string>,
): { after: Outgoing; personIds: readonly string[] } {
  const { calls } = record
  if (record.state === 'done') return { after: record, personIds: [] }
  if (calls === null) return withMissed({ ...record, calls: [], state: 'done' }, [...new Set(record.to)])
  const begun = new Set(calls.filter(({ state }) => state !== 'waiting').flatMap(({ userIds }) => userIds))
  const stops = calls.map(({ state, userIds }) => state === 'waiting' && !userIds.some(userId => begun.has(userId)))
  const changed = calls.map((call, at) => (stops[at] ? neverSent(call) : call))
  const isOver = changed.every(({ state }) => state === 'done' || state === 'failed')
  const userIds = new Set(calls.filter((_, at) => stops[at]).flatMap(call => call.userIds))
  const personIds = [...userIds].flatMap(userId => personIdOf.get(userId) ?? [])
  return withMissed({ ...record, calls: changed, state: isOver ? 'done' : record.state }, personIds)
}

/** It may have been under way and put back: then nobody got it either. */
function neverSent({ markedAt: _, ...call }: Call): Call {
  return { ...call, state: 'failed' }
}

function withMissed(record: Outgoing, personIds: readonly string[]) {
  const missed = personIds.map(personId => ({ personId, code: 'stopped', advice: ADVICE }))
  return { after: { ...record, unreached: [...record.unreached, ...missed] }, personIds }
}
