import { z } from 'zod'
import { type CommandContext, type CommandReadTx, defineCommand } from '../src/bot/command.ts'
import type { Answer } from '../src/bot/message.ts'
import { monthOf, yearOf } from '../src/clock.ts'
import { accountIn } from '../src/dues/payer.ts'
import { yearInALine } from '../src/dues/view.ts'
import { markWords, membershipWords, nameIdentity } from '../src/meeting/persons.ts'
import { yearAtMeetings, yearWords } from '../src/meeting/year.ts'
import {
  answers,
  attempts,
  attendances,
  audits,
  branches,
  conversations,
  dues,
  notices,
  outbox,
  people,
  quizReminders,
  receipts,
  reviews,
  studyEntries,
  suggestions,
} from '../src/store/collections.ts'
import { myStudy } from '../src/study/mine.ts'

/** Every collection that holds something of a person, in plain words; what a collection says of itself is how long. */
const KEPT = [
  ['名册', people.kept],
  ['会议签到与请假', attendances.kept],
  ['党费', dues.kept],
  ['测验的答题', attempts.kept],
  ['测验截止的提醒', quizReminders.kept],
  ['错题', reviews.kept],
  ['学时', studyEntries.kept],
  ['建议', suggestions.kept],
  ['发给您的通知', notices.kept],
  ['您的通知回执', receipts.kept],
  ['改动和查询的记录', audits.kept],
  ['机器人发出的通知', outbox.kept],
  ['机器人给您的回话', answers.kept],
  ['正在问您的问题', conversations.kept],
] as const

export default defineCommand({
  name: 'me',
  aliases: ['我的', 'me'],
  summary: '我的考勤、学习、党费，存了我的什么',
  moment: '我',
  examples: ['/我的'],
  allow: 'everyone',
  privateOnly: true,
  args: z.object({}),

  run: ctx => ctx.store.read(tx => aboutMe(ctx, tx)),
})

async function aboutMe(ctx: CommandContext, tx: CommandReadTx): Promise<Answer> {
  const { person } = ctx
  const [own] = person.memberships
  const places: string[] = []
  for (const membership of person.memberships) {
    places.push(membershipWords(membership, await tx.get(branches, membership.branchId)))
  }
  const facts = [
    `${person.name}，${nameIdentity(person.identity)}`,
    ...places,
    own ? markWords(person, own) : '',
    `今年会议：${yearWords(await yearAtMeetings(tx.township, person, yearOf(ctx.now)))}`,
    ...(await myStudy(tx.township, person)),
    yearInALine(person, await accountIn(tx.township, person.personId), monthOf(ctx.now)) ?? '',
  ]
  const kept = KEPT.map(([what, howLong]) => `${what}（${howLong.replace(' ', '')}）`).join('、')
  const look =
    ctx.client === 'cards' ? '选项用卡片给您看，要改请发：界面 文字' : '选项用文字给您看，要改请发：界面 卡片'
  const notes = [`存了您的：${kept}。聊天原话不保存。`, '有错请找支部书记或镇党建办改。', look]
  return { text: `${facts.filter(fact => fact !== '').join('\n')}\n\n${notes.join('\n')}` }
}
