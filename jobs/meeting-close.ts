import { defineJob, type JobContext } from '../src/bot/job.ts'
import { callerOf } from '../src/meeting/caller.ts'
import { closeByItself, isDue } from '../src/meeting/close-due.ts'
import { closeNudge, nudgeIsDue } from '../src/meeting/close-nudge.ts'
import { type Meeting, meetings } from '../src/store/collections.ts'

export default defineJob({
  name: 'meeting-close',
  summary: 'asks to close a meeting two hours after its planned end, and closes it an hour later',
  cron: '* * * * *',
  // Closing makes up for itself at any later minute: only a nudge can be missed.
  catchUpMinutes: 5,

  async run(ctx) {
    const open = await ctx.read(tx => tx.find(meetings, 'open', 'yes'))
    const nudged = await ctx.each(
      open.filter(meeting => nudgeIsDue(meeting, ctx)),
      meeting => nudge(ctx, meeting),
    )
    const closed = await ctx.each(
      open.filter(meeting => isDue(meeting, ctx.asOf)),
      meeting => close(ctx, meeting),
    )
    const count = (done: readonly boolean[]) => done.filter(Boolean).length
    const asked = nudged.length > 0 ? `, asked to close ${count(nudged)}` : ''
    return `closed ${count(closed)} of ${open.length} open meetings${asked}`
  },
})

const nudge = (ctx: JobContext, { meetingId }: Meeting): Promise<boolean> =>
  ctx.update(`meeting:${meetingId}`, async tx => {
    const meeting = await tx.get(meetings, meetingId)
    if (!meeting || !nudgeIsDue(meeting, ctx)) return false
    const to = (await callerOf(tx, meeting)).map(person => person.personId)
    await tx.send(closeNudge(meeting), to, {
      about: meetingId,
      key: `${meetingId}:nudge`,
      until: new Date(meeting.closesAt),
    })
    return true
  })

const close = (ctx: JobContext, { meetingId }: Meeting): Promise<boolean> =>
  ctx.update(`meeting:${meetingId}`, async tx => {
    const meeting = await tx.get(meetings, meetingId)
    if (!meeting || !isDue(meeting, ctx.asOf)) return false
    await closeByItself(tx, tx, meeting)
    return true
  })
