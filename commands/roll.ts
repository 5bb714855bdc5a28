import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand, meetingId } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { timeOf } from '../src/clock.ts'
import { missingFirst, type NumberedRow, type RowState, tally } from '../src/domain/attendance.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { namesIn } from '../src/meeting/names.ts'
import { meetingById, pickLatestMeeting } from '../src/meeting/pick.ts'
import { keepRows, type Roll, rollOf, rowsToKeep } from '../src/meeting/roll.ts'
import { meetingLine, shortId, tallyWords } from '../src/meeting/words.ts'
import type { Meeting } from '../src/store/collections.ts'

/** The parts of the list, in the order in which an officer needs them. */
const PARTS: readonly { head: string; states: readonly RowState[] }[] = [
  { head: '未签到 ', states: ['missing', 'noPhone'] },
  { head: '请假待批 ', states: ['leaveAsked'] },
  { head: '已准假 ', states: ['onLeave'] },
  { head: '长期请假（不计应到）', states: ['away'] },
]
const REST: typeof PARTS = [
  { head: '可免考勤、列席未到 ', states: ['invited'] },
  { head: '已签到 ', states: ['present', 'backfilled'] },
  { head: '已不在名单（不计应到）', states: ['left'] },
]

export default defineCommand({
  name: 'roll',
  aliases: ['名单', '签到名单', '点名', 'roll'],
  summary: '看谁还没签到',
  moment: '会中',
  examples: ['/名单', '/名单 m-17', '/名单 m-17 全部'],
  allow: CONVENERS,
  privateOnly: true,
  args: z.object({ meetingId: meetingId().optional(), all: z.enum(['全部', '所有', '全']).optional() }),

  async run(ctx, args) {
    const { meetingId, isNew } = await ctx.store.read(async tx => {
      const meeting = await pickLatestMeeting(ctx, tx, args.meetingId)
      return { meetingId: meeting.meetingId, isNew: (await rowsToKeep(tx.township, meeting)) !== null }
    })
    const show = (tx: CommandReadTx) => showRoll(ctx, tx, meetingId, args.all !== undefined)
    if (!isNew) return ctx.store.read(show)
    return ctx.store.update(`meeting:${meetingId}`, async tx => {
      await keepRows(tx, await meetingById(ctx, tx, meetingId))
      return show(tx)
    })
  },
})

async function showRoll(ctx: CommandContext, tx: CommandReadTx, meetingId: string, all: boolean): Promise<Answer> {
  const meeting = await meetingById(ctx, tx, meetingId)
  if (meeting.state === 'cancelled') throw new UserError(`${meetingLine(meeting)} 已取消，没有名单。`)
  const roll = await rollOf(tx, meeting)
  const rows = missingFirst(roll.rows, roll.attendances, roll.noPhone)
  const nameOf = namesIn(roll, meeting.branchId)
  const parts = (all ? [...PARTS, ...REST] : PARTS).map(part => listed(part, rows, row => rowWords(row, roll, nameOf)))
  const lines = [meetingLine(meeting), headline(meeting, roll, rows), ...parts.filter(part => part !== '')]
  return { text: [...lines, nextStep(meeting, rows, all)].join('\n'), rollOf: meeting.meetingId }
}

/** Nobody is 缺席 before the meeting is closed. */
function headline(meeting: Meeting, roll: Roll, rows: readonly NumberedRow[]): string {
  const counts = tally(roll.rows, roll.attendances)
  if (meeting.closed) return tallyWords(counts)
  const { expected, present, onLeave, absent, observers } = counts
  const asked = rows.filter(row => row.standing === 'expected' && row.state === 'leaveAsked').length
  const waiting = asked > 0 ? `，请假待批 ${asked}` : ''
  const sittingIn = observers > 0 ? `，列席 ${observers}` : ''
  return `应到 ${expected} 实到 ${present} 请假 ${onLeave}${waiting}，未签到 ${absent - asked}${sittingIn}`
}

function listed(
  part: (typeof PARTS)[number],
  rows: readonly NumberedRow[],
  wordsOf: (row: NumberedRow) => string,
): string {
  const mine = rows.filter(row => part.states.includes(row.state))
  if (mine.length === 0) return ''
  return [`${part.head}${mine.length} 人：`, ...mine.map(wordsOf)].join('\n')
}

function rowWords(row: NumberedRow, roll: Roll, nameOf: (personId: string) => string): string {
  const person = `${row.number} ${nameOf(row.personId)}`
  const record = roll.attendances.find(each => each.personId === row.personId)
  const phone = roll.noPhone.has(row.personId) ? ' 无手机' : ''
  const sitsIn = row.standing === 'observer' ? ' 列席' : ''
  if (row.state === 'present' && record?.presence) return `${person}${sitsIn} ${timeOf(new Date(record.presence.at))}`
  if (row.state === 'backfilled') return `${person}${sitsIn} 补签`
  if (row.state === 'onLeave' || row.state === 'leaveAsked' || row.state === 'away') {
    return `${person}${phone} ${record?.leave?.reason ?? ''}`.trimEnd()
  }
  return `${person}${sitsIn}${phone}`
}

function nextStep(meeting: Meeting, rows: readonly NumberedRow[], all: boolean): string {
  const first = rows.find(row => row.state === 'missing' || row.state === 'noPhone')
  const fill = first ? `到会没签的请发：补签 ${first.number}` : '应到的都有着落。'
  return all ? fill : `${fill}${first ? '；' : ''}看全部请发：名单 ${shortId(meeting.meetingId)} 全部`
}
