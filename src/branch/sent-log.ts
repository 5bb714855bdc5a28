import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { isActive } from '../domain/roster.ts'
import { canBeTold } from '../meeting/deciders.ts'
import { fullTitleOf } from '../meeting/words.ts'
import { isOpenTo } from '../notice/pick.ts'
import { isResend, type Missed, type Progress, progressOf, resendsOf } from '../notice/progress.ts'
import { meetings, notices, type Outgoing, outbox, type Person, people } from '../store/collections.ts'

/**
 * What went out about the meetings and notices of the speaker's branch. The outbox is the engine's: a send is as visible as
 * what it is about, which the speaker's own reach decides, and of its receivers he sees those that he may see. A send about
 * something else, or about another branch, does not exist.
 */
export interface Sent extends Progress {
  outgoing: Outgoing
  /** Of his branches: each once. */
  to: readonly Person[]
}

/** One meeting or notice and what was sent to several people about it, oldest first. */
export interface Matter {
  about: string
  title: string
  /** null: the township's. */
  branchId: string | null
  /** Of those it concerns. */
  branchIds: readonly string[]
  sends: readonly Sent[]
}

/** The newest matters first. */
export async function mattersSent(ctx: CommandContext, tx: CommandReadTx, most: number): Promise<readonly Matter[]> {
  const found = new Map<string, Matter | null>()
  const all = [...(await tx.township.all(outbox))].sort((a, b) => b.number - a.number)
  for (const { about } of all) {
    if (about === null || found.has(about)) continue
    found.set(about, (await matterSent(ctx, tx, about)) ?? null)
    if ([...found.values()].filter(one => one !== null).length === most) break
  }
  return [...found.values()].filter(one => one !== null)
}

/** undefined: nothing went out about it, or it lies outside what the speaker may see. */
export async function matterSent(ctx: CommandContext, tx: CommandReadTx, about: string): Promise<Matter | undefined> {
  const seen = await subjectSeen(ctx, tx, about)
  if (seen === undefined) return undefined
  const records = [...(await tx.township.find(outbox, 'about', about))].sort((a, b) => a.number - b.number)
  // Of one branch's matter he sees everybody who was told then, also who has left the branch since.
  const everybody = seen.branchIds.length === 1 ? tx.township : tx
  const sends: Sent[] = []
  for (const outgoing of records.filter(record => isToSeveral(record) || isTheNotice(record, seen))) {
    const to: Person[] = []
    for (const personId of new Set(outgoing.to)) {
      const person = await everybody.get(people, personId)
      if (person) to.push(person)
    }
    if (to.length > 0) sends.push({ outgoing, to, ...progressOf([outgoing, ...resendsOf(outgoing, records)], to) })
  }
  return sends.length > 0 ? { about, ...seen, sends } : undefined
}

/** Answers to one person's own matter (his leave) are between him and who decided it. */
const isToSeveral = (record: Outgoing): boolean => new Set(record.to).size > 1 && !isResend(record)

/** A notice may be for one person: '@书记'. */
const isTheNotice = ({ outgoingId }: Outgoing, { firstId }: Subject): boolean => outgoingId === firstId

type Subject = Pick<Matter, 'title' | 'branchId' | 'branchIds'> & { firstId?: string | undefined }

async function subjectSeen(ctx: CommandContext, tx: CommandReadTx, about: string): Promise<Subject | undefined> {
  if (about.startsWith('m-')) {
    const meeting = ctx.person.memberships.length > 0 ? await tx.get(meetings, about) : undefined
    return meeting && { title: fullTitleOf(meeting), branchId: meeting.branchId, branchIds: [meeting.branchId] }
  }
  const notice = about.startsWith('n-') ? await tx.get(notices, about) : undefined
  if (!notice || !isOpenTo(ctx, notice)) return undefined
  const { branchId, branchIds, outgoingIds } = notice
  return { title: '通知', branchId, branchIds, firstId: outgoingIds[0] }
}

/** Nothing stands in the way any more, as far as the roster knows; whether WeCom agrees is seen when it is tried. */
const mayTryAgain = ({ person }: Missed): boolean => isActive(person) && canBeTold(person)

/** One message of a matter that left somebody out, and who can be tried again. */
export interface Again {
  sent: Sent
  people: readonly Person[]
}

/**
 * The last that left somebody out. Whoever got another since has that: an hour that was moved is not told again. A reminder
 * supersedes nothing. `among`: personIds, where not everybody is meant.
 */
export function lastIncomplete({ sends }: Matter, among?: readonly string[]): Again | undefined {
  const told = new Set<string>()
  for (const sent of sends.filter(({ outgoing }) => outgoing.reminder === undefined).reverse()) {
    const again = sent.missed.filter(mayTryAgain).map(({ person }) => person)
    const people = again.filter(({ personId }) => !told.has(personId) && (among?.includes(personId) ?? true))
    if (people.length > 0) return { sent, people }
    for (const { personId } of sent.to) told.add(personId)
  }
  return undefined
}
