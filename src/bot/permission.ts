import { NOWHERE, nameRoles, postsIn, type Reach, reaches, reachOf } from '../domain/roster.ts'
import { UserError } from '../errors.ts'
import { type Draft, type Person, type Post, people } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'
import { readAudience } from './audience.ts'
import { type Audience, type Command, takesAudience } from './command.ts'
import type { Turn } from './turn.ts'

/** May this person? Where a line may act, and the sentence where it may not. */
export interface Addressed {
  reach: Reach
  audience: Audience | null
  /** The words without the audience in front. */
  rest: string
}

export const isNowhere = (reach: Reach): boolean => !reach.township && reach.places.length === 0

function refusal(turn: Turn, command: Command): string {
  if (turn.offRoster) return '您不在名册，只能用镇级的命令。请先把自己登记进名册。'
  const roles = command.allow === 'everyone' ? '' : nameRoles(command.allow)
  return `“${command.aliases[0]}”要由${roles}来发。您可以发“帮助”看自己能用的。`
}

/** Where this line may act: the command's reach, narrowed by the audience in front. A refusal is said after the read. */
export async function addressed(
  tx: ReadTx,
  turn: Turn,
  command: Command,
  said: string,
): Promise<Addressed | UserError> {
  try {
    const allowed = await reachFor(turn, command, await postsHeld(tx, turn.person))
    if (isNowhere(allowed)) return new UserError(refusal(turn, command))
    const { audience, rest } = takesAudience(command) ? await readAudience(said, tx) : { audience: null, rest: said }
    refuseAudience(command, audience)
    return { reach: narrow(allowed, audience), audience, rest }
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

/** The posts that somebody holds, in each branch where this person could inherit the lines of an empty one. */
export async function postsHeld(tx: ReadTx, person: Person): Promise<ReadonlyMap<string, ReadonlySet<Post>>> {
  const held = new Map<string, ReadonlySet<Post>>()
  for (const { branchId, posts } of person.memberships) {
    const mayInherit = posts.some(post => post === 'secretary' || post === 'deputy' || post === 'firstSecretary')
    if (mayInherit) held.set(branchId, postsIn(branchId, await tx.find(people, 'officers', branchId)))
  }
  return held
}

export function reachFor(turn: Turn, command: Command, held: ReadonlyMap<string, ReadonlySet<Post>>): Reach {
  if (turn.offRoster && !isTownshipLine(command)) return NOWHERE
  return reachOf(turn.person, command.allow, branchId => held.get(branchId) ?? new Set())
}

/**
 * A draft is its command said halfway: who may not say that line there neither publishes nor drops it.
 * Throws UserError.
 */
export async function refuseOthersLine(tx: ReadTx, turn: Turn, command: Command, draft: Draft): Promise<void> {
  const { branchId, group } = draft
  const reach = reachFor(turn, command, await postsHeld(tx, turn.person))
  if (!reaches(reach, [{ branchId, group }])) throw new UserError(refusal(turn, command))
}

/** A group or posts are taken where the command is for them; elsewhere they would be lost without a word. */
function refuseAudience(command: Command, audience: Audience | null): void {
  if (!audience || command.audience === 'people' || (!audience.group && audience.posts.length === 0 && !audience.all))
    return
  throw new UserError(`“${command.aliases[0]}”前面的 @ 只能写支部。请去掉再发一次。`)
}

/** These find for him what is the township's, and nothing of a branch (src/notice/pick.ts, src/meeting/drafts.ts). */
const ALSO_TOWNSHIPS: readonly string[] = [
  ...['help', 'publish', 'drop'],
  ...['notice-status', 'notice-urge', 'notice-recall', 'sent-log'],
]

/** Open to an administrator who is not on the roster: help, what only the township does, and looking after that. */
const isTownshipLine = (command: Command): boolean =>
  ALSO_TOWNSHIPS.includes(command.name) ||
  (command.allow !== 'everyone' && command.allow.every(role => role === 'admin'))

/** An audience in front narrows the reach to its branch or group; one outside the reach is refused. */
function narrow(reach: Reach, audience: Audience | null): Reach {
  if (!audience?.branch) return reach
  const { branchId, name } = audience.branch
  if (reach.township) return { township: false, places: [{ branchId }] }
  const places = reach.places.filter(place => place.branchId === branchId)
  if (places.length === 0) throw new UserError(`“${name}”不归您管。请去掉 @ 再发一次。`)
  return { township: false, places }
}
