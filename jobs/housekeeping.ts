import { defineJob, type JobContext } from '../src/bot/job.ts'
import { addDays, dayOf, instantAt } from '../src/clock.ts'
import { isActive } from '../src/domain/roster.ts'
import { isGone } from '../src/domain/roster-match.ts'
import { branches, type Conversation, conversations, type Person, people } from '../src/store/collections.ts'
import { forgetReviews, moveReviews } from '../src/study/forget.ts'

/** What was said last is of no use to anybody after a month: DOMAIN.md 6.3, “chat text: don't store”. */
const CONVERSATION_DAYS = 31

export default defineJob({
  name: 'housekeeping',
  summary: 'forgets what is kept too long, unlinks leavers, keeps the groups of branches in step',
  cron: '30 3 * * *',
  // A machine that sleeps at night does it in the morning.
  catchUpMinutes: 10 * 60,

  // History goes by itself, part by part, at the checkpoints of the store: see `dropAfterMonths` in collections.ts.
  async run(ctx) {
    const everybody = await ctx.read(tx => tx.all(people))
    const unlinked = await ctx.each(everybody.filter(isLinkedLeaver), person => unlink(ctx, person))
    const forgotten = await forgetConversations(ctx, everybody)
    const reviews = await forgetReviews(ctx, everybody)
    await moveReviews(ctx, everybody)
    const synced = await syncGroups(ctx)
    const forgot = `forgot ${forgotten} conversations and ${reviews} reviews`
    return `unlinked ${unlinked.length} leavers, ${forgot}, looked after ${synced} groups`
  },
})

/** Who is suspended may come back, and the roster finds him by his account alone. */
const isLinkedLeaver = (person: Person): boolean => isGone(person.status) && person.userId !== null

const unlink = (ctx: JobContext, { personId }: Person): Promise<void> =>
  ctx.update(`person:${personId}`, async tx => {
    const person = await tx.get(people, personId)
    if (!person || !isLinkedLeaver(person)) return
    await tx.put(people, { ...person, userId: null })
    await tx.audit({
      by: 'auto',
      branchId: person.memberships[0]?.branchId ?? null,
      what: 'unlink-leaver',
      about: personId,
      before: { userId: 'linked' },
      after: { userId: 'none' },
    })
  })

async function forgetConversations(ctx: JobContext, everybody: readonly Person[]): Promise<number> {
  const leavers = new Set(everybody.filter(person => !isActive(person)).map(person => person.personId))
  const oldest = instantAt(addDays(dayOf(ctx.now), -CONVERSATION_DAYS), '00:00')
  const isOver = (conversation: Conversation) =>
    leavers.has(conversation.personId) || lastWordAt(conversation) < oldest.getTime()
  const over = (await ctx.read(tx => tx.all(conversations))).filter(isOver)
  const forgotten = await ctx.each(over, ({ personId }) =>
    ctx.update(`person:${personId}`, async tx => {
      const latest = await tx.get(conversations, personId)
      if (!latest || !isOver(latest)) return false
      await tx.remove(conversations, personId)
      return true
    }),
  )
  return forgotten.filter(Boolean).length
}

function lastWordAt({ awaited, last, rolled, picture }: Conversation): number {
  const moments = [awaited, last, rolled, picture].flatMap(part => (part ? [Date.parse(part.at)] : []))
  return Math.max(0, ...moments)
}

/** The chore itself looks whether anybody came or went. */
async function syncGroups(ctx: JobContext): Promise<number> {
  const grouped = (await ctx.read(tx => tx.all(branches))).filter(branch => branch.chat?.kind === 'appchat')
  const queued = await ctx.each(grouped, ({ branchId }) =>
    ctx.update(`branch:${branchId}`, tx =>
      tx.chore({
        lane: `chat:${branchId}`,
        by: 'housekeeping',
        branchId,
        what: { does: 'sync-chat' },
        key: `${branchId}:sync`,
      }),
    ),
  )
  return queued.filter(Boolean).length
}
