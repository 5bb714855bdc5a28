import type { CommandReadTx } from '../bot/command.ts'
import { isActive } from '../domain/roster.ts'
import { canBeTold } from '../meeting/deciders.ts'
import { fullTitleOf } from '../meeting/words.ts'
import { meetings, notices, type Outgoing, outbox, type Person, people } from '../store/collections.ts'

/**
 * What went out about the meetings and notices of the speaker's branch. The outbox is the engine's: a send is as visible as
 * what it is about, which the speaker's own reach decides, and of its receivers he sees those that he may see. A send about
 * something else, or about another branch, does not exist.
 */
export interface Sent {
  outgoing: Outgoing
  /** Of his branches: each once. */
  to: readonly Person[]
  missed: readonly Missed[]
}

export interface Missed {
  person: Person
  why: string
  /** Nobody reaches him by phone; he is told by mouth and is not "missing". */
  noPhone: boolean
}

/** One meeting or notice and what was sent to several people about it, oldest first. */
export interface Matter {
  about: string
  title: string
  sends: readonly Sent[]
}

/** The newest matters first. */
export async function mattersSent(tx: CommandReadTx, most: number): Promise<readonly Matter[]> {
  const found = new Map<string, Matter | null>()
  const all = [...(await tx.township.all(outbox))].sort((a, b) => b.number - a.number)
  for (const { about } of all) {
    if (about === null || found.has(about)) continue
    found.set(about, (await matterSent(tx, about)) ?? null)
    if ([...found.values()].filter(one => one !== null).length === most) break
  }
  return [...found.values()].filter(one => one !== null)
}

/** undefined: nothing went out about it, or it lies outside what the speaker may see. */
export async function matterSent(tx: CommandReadTx, about: string): Promise<Matter | undefined> {
  const title = await titleSeen(tx, about)
  if (title === undefined) return undefined
  const records = [...(await tx.township.find(outbox, 'about', about))].sort((a, b) => a.number - b.number)
  const later = new Map<string, Outgoing[]>()
  for (const record of records) {
    const first = resendOf(record)
    if (first) later.set(first, [...(later.get(first) ?? []), record])
  }
  const sends: Sent[] = []
  for (const outgoing of records.filter(isToSeveral)) {
    const sent = await sentOf(tx, outgoing, later.get(outgoing.outgoingId) ?? [])
    if (sent.to.length > 0) sends.push(sent)
  }
  return sends.length > 0 ? { about, title, sends } : undefined
}

/** Answers to one person's own matter (his leave) are between him and who decided it. */
const isToSeveral = (record: Outgoing): boolean => new Set(record.to).size > 1 && resendOf(record) === undefined

async function titleSeen(tx: CommandReadTx, about: string): Promise<string | undefined> {
  if (about.startsWith('m-')) {
    const meeting = await tx.get(meetings, about)
    return meeting && fullTitleOf(meeting)
  }
  if (!about.startsWith('n-')) return undefined
  return (await tx.get(notices, about)) && '通知'
}

/** Who was missed first and reached by a later resend was reached. */
async function sentOf(tx: CommandReadTx, outgoing: Outgoing, resends: readonly Outgoing[]): Promise<Sent> {
  const to: Person[] = []
  const missed: Missed[] = []
  for (const personId of new Set(outgoing.to)) {
    const person = await tx.get(people, personId)
    if (!person) continue
    to.push(person)
    const last = [outgoing, ...resends].findLast(record => record.to.includes(personId)) ?? outgoing
    const miss = last.unreached.find(one => one.personId === personId)
    if (miss) missed.push({ person, why: miss.advice, noPhone: miss.code === 'no-phone' })
  }
  return { outgoing, to, missed }
}

/** Nothing stands in the way any more, as far as the roster knows; whether WeCom agrees is seen when it is tried. */
export const mayTryAgain = ({ person, noPhone }: Missed): boolean => !noPhone && isActive(person) && canBeTold(person)

/** 'resend:o-12:2' is the second resend of o-12. */
export const resendKey = (outgoingId: string, n: number): string => `resend:${outgoingId}:${n}`

const resendOf = ({ dedupeKey }: Outgoing): string | undefined => /^resend:(o-\d+):\d+$/.exec(dedupeKey ?? '')?.[1]

export const isUnfinished = ({ outgoing }: Sent): boolean => outgoing.state !== 'done'
