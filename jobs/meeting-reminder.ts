import { defineJob, type JobContext } from '../src/bot/job.ts'
import type { Message } from '../src/bot/message.ts'
import { meetingPost, whoSeesPost } from '../src/meeting/group-post.ts'
import {
  callList,
  callLists,
  eveningReminder,
  groupReminder,
  hasEvening,
  hourReminder,
  reminderDue,
  type StillExpected,
  stillExpected,
} from '../src/meeting/reminder.ts'
import { type Meeting, meetings, outbox, type Person } from '../src/store/collections.ts'
import type { Tx } from '../src/store/records.ts'

export default defineJob({
  name: 'meeting-reminder',
  summary: 'reminds of a meeting: at seven the evening before, and an hour before',
  cron: '* * * * *',
  // Until the quiet hours; the hour before has an end of its own.
  catchUpMinutes: 120,

  async run(ctx) {
    const open = await ctx.read(tx => tx.find(meetings, 'open', 'yes'))
    const due = open.filter(meeting => reminderDue(meeting, ctx))
    const done = await ctx.each(due, ({ meetingId }) =>
      ctx.update(`meeting:${meetingId}`, async tx => {
        const meeting = await tx.get(meetings, meetingId)
        return meeting ? remind(ctx, tx, meeting) : NOBODY
      }),
    )
    const sum = (of: keyof Reminded) => done.reduce((total, reminded) => total + reminded[of], 0)
    return `${due.length} meetings: reminded ${sum('people')} people, ${sum('groups')} groups; ${sum('lists')} call lists`
  },
})

interface Reminded {
  people: number
  groups: number
  lists: number
}
const NOBODY: Reminded = { people: 0, groups: 0, lists: 0 }

async function remind(ctx: JobContext, tx: Tx, meeting: Meeting): Promise<Reminded> {
  const due = reminderDue(meeting, ctx)
  if (!due) return NOBODY
  const expected = await stillExpected(tx, meeting)
  const { reachable } = expected
  if (due === 'hour') {
    const lists = hasEvening(meeting) ? 0 : await sendCallLists(tx, meeting, expected)
    return { ...NOBODY, people: await remindEach(tx, meeting, hourReminder(meeting), reachable), lists }
  }
  const lists = await sendCallLists(tx, meeting, expected)
  const inGroup = await whoSeesPost(tx, meeting, reachable)
  const groups = await postInGroup(tx, meeting, inGroup)
  const alone = groups === null ? reachable : reachable.filter(person => !inGroup.includes(person))
  return { people: await remindEach(tx, meeting, eveningReminder(meeting), alone), groups: groups ?? 0, lists }
}

/** Who would have read it there gets it alone where the group turns out to be gone. null: there is none for it. */
async function postInGroup(tx: Tx, meeting: Meeting, inGroup: readonly Person[]): Promise<number | null> {
  const { meetingId, startsAt } = meeting
  const text = groupReminder(meeting)
  const post = await meetingPost(tx, meeting, { text, by: 'meeting-reminder', until: new Date(startsAt) })
  if (post?.what.does !== 'post') return null
  const to = inGroup.map(person => person.personId)
  const instead = { message: eveningReminder(meeting), to, ...matterOf(meeting), until: startsAt }
  return (await tx.chore({ ...post, what: { ...post.what, instead }, key: meetingId })) ? 1 : 0
}

const matterOf = ({ meetingId }: Meeting) => ({ about: meetingId, reminder: `meeting:${meetingId}` })

async function remindEach(tx: Tx, meeting: Meeting, message: Message, people: readonly Person[]): Promise<number> {
  const to = people.map(person => person.personId)
  const sent = await tx.send(message, to, { ...matterOf(meeting), until: new Date(meeting.startsAt) })
  // Whom the store left out, as reminded or 退订, is not in the record.
  return sent ? ((await tx.get(outbox, sent))?.to.length ?? 0) : 0
}

async function sendCallLists(tx: Tx, meeting: Meeting, expected: StillExpected): Promise<number> {
  const { meetingId } = meeting
  let count = 0
  for (const [personId, toCall] of callLists(meeting, expected)) {
    const sent = await tx.send(callList(meeting, expected.roll, toCall), [personId], {
      about: meetingId,
      key: `${meetingId}:call:${personId}`,
      until: new Date(meeting.startsAt),
    })
    if (sent) count += 1
  }
  return count
}
