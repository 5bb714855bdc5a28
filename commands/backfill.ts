import { z } from 'zod'
import { type CommandContext, type CommandTx, defineCommand, freeText } from '../src/bot/command.ts'
import type { Reply } from '../src/bot/message.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { UserError } from '../src/errors.ts'
import { askWho, bookPresence, meetingOfList, refuseBackfill, refuseGone, sheetOf } from '../src/meeting/backfill.ts'
import { previewOfChange } from '../src/meeting/change.ts'
import { isStale } from '../src/meeting/drafts.ts'
import { namesIn } from '../src/meeting/names.ts'
import { peopleOnSheet, readPaperList, splitReason } from '../src/meeting/paper-list.ts'
import { meetingById } from '../src/meeting/pick.ts'
import { rollOf } from '../src/meeting/roll.ts'
import { startOf, titleOf } from '../src/meeting/words.ts'
import { drafts, type Meeting } from '../src/store/collections.ts'

const content = z.object({ meetingId: z.string(), personIds: z.array(z.string()), why: z.string().nullable() })

export default defineCommand({
  name: 'backfill',
  aliases: ['补签', 'backfill'],
  summary: '照纸质签到表补记到会',
  moment: '会后',
  examples: ['/补签 张三 m-17 手机没电', '/补签 3 7 12', '/补签 m-17 全到 缺 3 7 12', '/补签 17 全到'],
  allow: CONVENERS,
  privateOnly: true,
  args: z.object({ said: freeText(2000).optional() }),

  async run(ctx, args) {
    const list = readPaperList(args.said ?? '')
    const { meetingId, words } = await ctx.store.read(tx => meetingOfList(ctx, tx, list))
    return ctx.store.update(`meeting:${meetingId}`, async tx => {
      const meeting = await meetingById(ctx, tx, meetingId)
      if (list.all) return propose(ctx, tx, meeting, list)
      const roll = await rollOf(tx, meeting)
      if (words.length === 0) return askWho(ctx, meeting, roll)
      const sheet = await sheetOf(tx, meeting, roll)
      const { named, why } = splitReason(words, sheet.branchPeople)
      refuseBackfill(ctx, meeting, why)
      const people = peopleOnSheet(named, sheet)
      if (people.length === 0) throw new UserError('还缺姓名或行号。这样发：补签 张三')
      refuseGone(meeting, roll, people)
      return bookPresence(ctx, tx, meeting, { personIds: people.map(person => person.personId), why })
    })
  },

  async publish(ctx, tx, draft) {
    const { meetingId, personIds, why } = content.parse(draft.content)
    const meeting = await meetingById(ctx, tx, meetingId)
    refuseBackfill(ctx, meeting, why)
    const answer = await bookPresence(ctx, tx, meeting, { personIds, why })
    return { answer: { ...answer, outcome: '已补签' }, became: meetingId }
  },
})

/** 全到: everybody of 应到 without presence, those on leave too; as it concerns many, it is shown before it is done. */
async function propose(
  ctx: CommandContext,
  tx: CommandTx,
  meeting: Meeting,
  list: ReturnType<typeof readPaperList>,
): Promise<Reply> {
  const roll = await rollOf(tx, meeting)
  const { why } = list
  refuseBackfill(ctx, meeting, why)
  const left = peopleOnSheet(list.words, await sheetOf(tx, meeting, roll))
  const nameOf = namesIn(roll, meeting.branchId)
  const leftIds = new Set(left.map(person => person.personId))
  const records = new Map(roll.attendances.map(record => [record.personId, record]))
  const personIds = roll.rows
    .filter(row => row.standing === 'expected' && !records.get(row.personId)?.presence && !leftIds.has(row.personId))
    .map(row => row.personId)
  if (personIds.length === 0) return { text: `${titleOf(meeting)} 没有要补签的人。应到的都已签到或除外。` }
  const onLeave = personIds.filter(personId => records.get(personId)?.leave?.state === 'granted').length
  const draftId = await draftFor(ctx, tx, meeting, { meetingId: meeting.meetingId, personIds, why })
  const present = left.filter(person => records.get(person.personId)?.presence).map(person => nameOf(person.personId))
  return previewOfChange(draftId, [
    `补签 ${personIds.length} 人${onLeave > 0 ? `（含请假 ${onLeave} 人）` : ''}：${titleOf(meeting)}`,
    startOf(meeting),
    left.length > 0 ? `除外 ${left.length} 人：${[...leftIds].map(nameOf).join('、')}` : '应到的全到',
    ...(present.length > 0 ? [`${present.join('、')} 已签到，不变`] : []),
    ...(why ? [`原因：${why}`] : []),
  ])
}

/** The same list said twice is one preview, so that a bare 发布 still knows which. */
async function draftFor(
  ctx: CommandContext,
  tx: CommandTx,
  { branchId, group }: Meeting,
  list: z.infer<typeof content>,
): Promise<string> {
  const by = ctx.person.personId
  const mine = (await tx.find(drafts, 'openBy', by)).filter(each => each.command === 'backfill')
  const same = mine.find(each => !isStale(each, ctx.now) && JSON.stringify(each.content) === JSON.stringify(list))
  return same?.draftId ?? tx.draft({ command: 'backfill', branchId, group, by, content: list })
}
