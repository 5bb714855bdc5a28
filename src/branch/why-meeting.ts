import type { CommandContext, CommandReadTx } from '../bot/command.ts'
import { dayOf } from '../clock.ts'
import { COMMITTEE_QUORUM, EXEMPTION, GENERAL_QUORUM } from '../domain/grounds.ts'
import { isVoting } from '../domain/meeting.ts'
import { answersFor } from '../meeting/agenda.ts'
import { reportOf } from '../meeting/close.ts'
import { namesIn } from '../meeting/names.ts'
import { type Roll, rollOf } from '../meeting/roll.ts'
import { fullTitleOf, quorumWords } from '../meeting/words.ts'
import type { Meeting, Person, RollRow } from '../store/collections.ts'

/** Behind the numbers of one meeting: who is expected, who votes, and by which article. Names to who answers for it alone. */
export async function whyMeeting(ctx: CommandContext, tx: CommandReadTx, meeting: Meeting): Promise<string> {
  const roll = await rollOf(tx.township, meeting)
  const mine = roll.rows.find(row => row.personId === ctx.person.personId)
  const lines = [
    `${meeting.meetingId} ${fullTitleOf(meeting)}`,
    ...(meeting.closed ? ['按结束时的名册算，以后改名册不影响。'] : ['按现在的名册算，结束时定下来。']),
    expectedWords(meeting, roll),
    ...standingLines(meeting, roll, answersFor(ctx.person, meeting)),
    ...(mine ? [`您：${STANDINGS[mine.standing]}${isVoting(meeting.kinds) ? votesWords(mine) : ''}`] : []),
    ...(isVoting(meeting.kinds) ? await quorumLines(ctx, tx, meeting, roll) : []),
  ]
  return lines.join('\n')
}

const STANDINGS: Readonly<Record<RollRow['standing'], string>> = {
  expected: '应到',
  exempt: '可免考勤，不计应到',
  observer: '列席，不计应到',
  away: '流动党员长期请假，不计应到',
  left: '已不在名单，不计应到',
}
const votesWords = ({ votes }: RollRow): string => (votes ? '，计入有表决权' : '，不计有表决权')

const rowsOf = (roll: Roll, standing: RollRow['standing']) => roll.rows.filter(row => row.standing === standing)

/** '应到 15 人 = 正式党员 14 + 预备党员 1（本支部党员）' */
function expectedWords(meeting: Meeting, roll: Roll): string {
  const expected = rowsOf(roll, 'expected')
  const of = (test: (person: Person | undefined) => boolean) =>
    expected.filter(row => test(roll.people.get(row.personId))).length
  const parts = [
    ['正式党员', of(person => person?.identity === 'full')],
    ['预备党员', of(person => person?.identity === 'probationary')],
    ['其他', of(person => person?.identity !== 'full' && person?.identity !== 'probationary')],
  ] as const
  const sum = parts.flatMap(([name, count]) => (count > 0 ? [`${name} ${count}`] : [])).join(' + ')
  return `应到 ${expected.length} 人${sum === '' ? '' : ` = ${sum}`}（${whoIsCalled(meeting)}）`
}

function whoIsCalled({ kinds, group, invited }: Meeting): string {
  if (invited !== null) return '召集人点名的人'
  const circles = kinds.map(kind =>
    kind === '支委会' ? '支委会成员' : kind === '党小组会' ? `${group ?? ''}党员` : '本支部党员',
  )
  return [...new Set(circles)].join('和')
}

function standingLines(meeting: Meeting, roll: Roll, named: boolean): string[] {
  const nameOf = namesIn(roll, meeting.branchId)
  return (['exempt', 'observer', 'away'] as const).flatMap(standing => {
    const rows = rowsOf(roll, standing)
    if (rows.length === 0) return []
    const names = named ? `：${rows.map(row => nameOf(row.personId)).join('、')}` : ''
    const rule = standing === 'exempt' ? `\n　${EXEMPTION.says}（${EXEMPTION.cite}）` : ''
    return [`${STANDINGS[standing]} ${rows.length} 人${names}${rule}`]
  })
}

/** Full members who are left out of the denominator are told apart by why, as the roster stands now. */
async function quorumLines(
  ctx: CommandContext,
  tx: CommandReadTx,
  meeting: Meeting,
  roll: Roll,
): Promise<readonly string[]> {
  const { quorum } = await reportOf(tx.township, meeting)
  if (!quorum) return []
  const ground = meeting.kinds.includes('党员大会') ? GENERAL_QUORUM : COMMITTEE_QUORUM
  const named = answersFor(ctx.person, meeting)
  return [quorumWords(quorum), ...withoutVote(meeting, roll, named), `　${ground.says}（${ground.cite}）`]
}

function withoutVote(meeting: Meeting, roll: Roll, named: boolean): string[] {
  const nameOf = namesIn(roll, meeting.branchId)
  const groups = new Map<string, string[]>()
  for (const row of roll.rows.filter(one => !one.votes && one.standing !== 'observer' && one.standing !== 'left')) {
    const why = whyNoVote(meeting, roll.people.get(row.personId))
    groups.set(why, [...(groups.get(why) ?? []), nameOf(row.personId)])
  }
  return [...groups].map(([why, names]) => `　不计：${why} ${names.length} 人${named ? `（${names.join('、')}）` : ''}`)
}

function whyNoVote({ startsAt }: Meeting, person: Person | undefined): string {
  if (person?.identity === 'probationary') return '预备党员没有表决权'
  if (person?.confirmedOn && dayOf(new Date(startsAt)) <= person.confirmedOn) return '开会时还没有转正'
  if (person?.votingRight === false) return '没有表决权'
  if (person && person.excludedFromQuorum !== false) return '经批准不计法定人数'
  return '组织关系不在本支部，或不是委员'
}
