import { defineJob } from '../src/bot/job.ts'
import { callerOf } from '../src/meeting/caller.ts'
import { checkInCard, opensAt } from '../src/meeting/check-in-card.ts'
import { meetings } from '../src/store/collections.ts'

export default defineJob({
  name: 'check-in-open',
  summary: 'tells whoever called a meeting that its check-in is open, with what he can do',
  cron: '* * * * *',
  // Until the meeting begins.
  catchUpMinutes: 30,

  async run(ctx) {
    const open = await ctx.read(tx => tx.find(meetings, 'open', 'yes'))
    const opening = open.filter(meeting => opensAt(meeting).getTime() === ctx.slot.getTime())
    const told = await ctx.each(opening, ({ meetingId }) =>
      ctx.update(`meeting:${meetingId}`, async tx => {
        const meeting = await tx.get(meetings, meetingId)
        if (meeting?.state !== 'open' || opensAt(meeting).getTime() !== ctx.slot.getTime()) return 0
        const to = (await callerOf(tx, meeting)).map(person => person.personId)
        await tx.send(await checkInCard(tx, meeting), to, { about: meetingId, until: new Date(meeting.endsAt) })
        return to.length
      }),
    )
    return `check-in of ${opening.length} meetings opened, told ${told.reduce((sum, count) => sum + count, 0)} people`
  },
})
