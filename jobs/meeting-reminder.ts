import { defineJob, type JobContext } from '../src/bot/job.ts'
import { meetingPost } from '../src/meeting/group-post.ts'
import {
  callList,
  callLists,
  eveningIsOff,
  eveningReminder,
  groupReminder,
  hourReminder,
  reminderDue,
  type StillExpected,
  stillExpected,
} from '../src/meeting/reminder.ts'
import { type Meeting, meetings, outbox } from '../src/store/collections.ts'
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
  if (due === 'hour') {
    const lists = eveningIsOff(meeting) ? await sendCallLists(tx, meeting, expected) : 0
    return { ...NOBODY, people: await remindEach(tx, meeting, expected, due), lists }
  }
  const lists = await sendCallLists(tx, meeting, expected)
  const text = groupReminder(meeting)
  const post = await meetingPost(tx, meeting, { text, by: 'meeting-reminder', until: new Date(meeting.startsAt) })
  if (post) return { ...NOBODY, groups: (await tx.chore({ ...post, key: meeting.meetingId })) ? 1 : 0, lists }
  return { ...NOBODY, people: await remindEach(tx, meeting, expected, due), lists }
}

async function remindEach(
  tx: Tx,
  meeting: Meeting,
  { reachable }: StillExpected,
  due: 'evening' | 'hour',
): Promise<number> {
  const { meetingId } = meeting
  const to = reachable.map(person => person.personId)
  const sent = await tx.send(due === 'hour' ? hourReminder(meeting) : eveningReminder(meeting), to, {
    about: meetingId,
    reminder: `meeting:${meetingId}`,
    until: new Date(meeting.startsAt),
  })
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
