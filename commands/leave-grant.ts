import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, freeText } from '../src/bot/command.ts'
import { namesSomebody, nearestName } from '../src/domain/people.ts'
import { OFFICERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { grantLeave, targetOf } from '../src/meeting/leave-decision.ts'
import { readSaid } from '../src/meeting/leave-said.ts'
import { readStanding, setStandingLeave } from '../src/meeting/standing-leave.ts'

export default defineCommand({
  name: 'leave-grant',
  aliases: ['准假', 'leave grant'],
  summary: '批准请假，或登记请假',
  moment: '会前',
  examples: ['/准假 张三', '/准假 张三 m-17', '/准假 张三 长期 外出务工', '/准假'],
  allow: [...OFFICERS, 'admin'],
  privateOnly: true,
  args: z.object({ said: freeText(150).optional() }),

  async run(ctx, args) {
    const meant = await ctx.store.read(tx => meaning(ctx, tx, args.said))
    if ('standing' in meant) {
      const { personId, standing } = meant
      return ctx.store.update(`person:${personId}`, tx => setStandingLeave(ctx, tx, personId, standing))
    }
    return ctx.store.update(`meeting:${meant.meetingId}`, tx => grantLeave(ctx, tx, meant, meant.reason))
  },
})

type Meant = { personId: string; standing: string } | { personId: string; meetingId: string; reason: string }

async function meaning(ctx: CommandContext, tx: CommandReadTx, text: string | undefined): Promise<Meant> {
  const said = await readSaid(ctx, tx, text, '准假')
  const word = said.rest.split(/\s+/)[0] ?? ''
  if (!said.person && said.rest) throw unknownName(word, nearestName(word, said.candidates))
  const standing = readStanding(said.rest)
  if (said.person && standing !== null) return { personId: said.person.personId, standing }
  if (word && !/\d/.test(word) && namesSomebody(word, said.candidates)) {
    throw new UserError('请假要一位一位地批。请只写一个姓名再发。')
  }
  const { meeting, person } = await targetOf(ctx, tx, said)
  return { meetingId: meeting.meetingId, personId: person.personId, reason: said.rest }
}

function unknownName(word: string, near: string | undefined): UserError {
  return new UserError(`没有找到“${word}”。${near ? `是${near}吗？` : ''}请按名册上的姓名再发一次。`)
}
