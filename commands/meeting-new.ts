import { z } from 'zod'
import { defineCommand, freeText, URGENT } from '../src/bot/command.ts'
import { kindsWords } from '../src/domain/kinds-argument.ts'
import { spanOf } from '../src/domain/meeting.ts'
import { CONVENERS } from '../src/domain/roster.ts'
import { readWhen } from '../src/domain/when.ts'
import { whenWords } from '../src/domain/when-argument.ts'
import { UserError } from '../src/errors.ts'
import { askNext } from '../src/meeting/ask.ts'
import { convene, planContent, planMeeting, preview } from '../src/meeting/convene.ts'
import { placeWords, splitTime, withoutTopicMark } from '../src/meeting/place.ts'
import { refuseTooLate, waitLines } from '../src/meeting/quiet.ts'
import type { SaidSoFar } from '../src/meeting/said.ts'

/** The title of a card is one line. */
const oneLine = (text: string): string => text.replace(/\s+/gu, ' ')

/** A time said behind the topic answers the question for it; a day of its own wins over the one said before. */
function withTime(said: SaidSoFar, now: Date): SaidSoFar {
  const { topic, time } = splitTime(said.topic ?? '')
  if (time === null) return said
  const later = time === '' ? null : readWhen(time, now)
  const when = later && { ...later, day: later.day ?? said.when?.day ?? null }
  return { ...said, when: when ?? said.when, topic: topic || undefined }
}

export default defineCommand({
  name: 'meeting-new',
  aliases: ['会议 新建', '新建会议', '开会 新建', 'meeting new'],
  summary: '召集会议：类型 时间 地点 主题',
  moment: '会前',
  examples: [
    '/会议 新建 党课 明晚7点 村党群服务中心 学习党章第三章',
    '/会议 新建 党员大会+党课 2026-11-26 19:00-20:30 村部 四季度党员大会',
  ],
  allow: CONVENERS,
  audience: 'people',
  publishOptions: ['现场码', URGENT],
  args: z.object({
    kinds: kindsWords().optional(),
    when: whenWords().optional(),
    place: placeWords().optional(),
    topic: freeText(250).transform(oneLine).transform(withoutTopicMark).optional(),
  }),

  async run(ctx, args) {
    const all = withTime(args, ctx.now)
    const missing = await ctx.store.read(tx => askNext(ctx, tx, all))
    if (missing) return missing
    const { kinds, when, place, topic } = all
    const span = when && spanOf(when)
    if (!kinds || !span || !place || !topic) throw new UserError('还缺内容。请发：会议 新建')
    const said = { kinds, span, place, topic }
    return ctx.store.update(`person:${ctx.person.personId}`, async tx => {
      const planned = await planMeeting(ctx, tx, said)
      const { branchId, group } = planned.content
      const by = ctx.person.personId
      const draftId = await tx.draft({ command: 'meeting-new', branchId, group, by, content: planned.content })
      const starts = [planned.content.startsAt]
      return preview(draftId, planned, await waitLines(tx.township, ctx.now, { draftId, starts }))
    })
  },

  async publish(ctx, tx, draft, said) {
    const content = planContent.parse(draft.content)
    const { draftId } = draft
    if (said.urgent === null) await refuseTooLate(tx.township, ctx.now, { draftId, starts: [content.startsAt] })
    return convene(ctx, tx, { ...content, codeWanted: content.codeWanted || said.words.has('现场码') }, said.urgent)
  },
})
