import { fold } from '../bot/command.ts'
import { UserError } from '../errors.ts'

/** '修路 18 1 0', '修路 赞成18 反对1 弃权0 书面 2': a matter of any words, then three numbers, in order or by name. */
export interface SaidBallot {
  matter: string
  /** Where several meetings may be meant. */
  meetingId: string | null
  yes: number
  no: number
  abstain: number
  written: number
}

const NAMES: Readonly<Record<string, 'yes' | 'no' | 'abstain'>> = {
  赞成: 'yes',
  同意: 'yes',
  反对: 'no',
  不赞成: 'no',
  不同意: 'no',
  弃权: 'abstain',
}
/** Longer names first, so that 不同意 is not read as 同意. */
const NAME = '不赞成|不同意|赞成|同意|反对|弃权'
const BREAK = '[\\s,，、;；]'
/** A number stands after a break or after the name of its votes, so that 181 is never read as 18 and 1. */
const VOTES = `(?:${BREAK}+|(?=${NAME}))(?:(${NAME})[\\s:：]*)?([0-9０-９]{1,4})\\s*票?`
const WRITTEN = `(?:${BREAK}*(?:其中)?书面(?:意见)?[\\s:：]*([0-9０-９]{1,4})\\s*[票份]?)?`
const BALLOT = new RegExp(`^(.+?)${VOTES}${VOTES}${VOTES}${WRITTEN}[\\s。]*$`, 'su')
const MEETING = /(?:^|\s)(?:m-?|会议)(\d{1,9})(?=\s|$)/iu

export function readBallot(text: string): SaidBallot {
  const [, number] = MEETING.exec(text.normalize('NFKC')) ?? []
  const rest = number === undefined ? text : text.normalize('NFKC').replace(MEETING, ' ')
  const [, matter, name1, votes1, name2, votes2, name3, votes3, written] = BALLOT.exec(rest.trim()) ?? []
  const votes = orderVotes([name1, name2, name3], [votes1, votes2, votes3])
  if (matter === undefined || !votes) {
    throw new UserError('没看懂票数。这样发：表决 一般 村内道路维修 赞成18 反对1 弃权0')
  }
  return {
    ...votes,
    matter: matter.trim(),
    meetingId: number ? `m-${Number(number)}` : null,
    written: numberOf(written),
  }
}

const numberOf = (text = '0'): number => Number(fold(text))

/** Named numbers go where their name says, the others in order; null where one name stands twice. */
function orderVotes(names: readonly (string | undefined)[], votes: readonly (string | undefined)[]) {
  const counted = new Map<'yes' | 'no' | 'abstain', number>()
  const open = new Set(['yes', 'no', 'abstain'] as const)
  names.forEach((name, at) => {
    const key = name && NAMES[name]
    if (key && open.delete(key)) counted.set(key, numberOf(votes[at]))
  })
  const unnamed = votes.filter((_, at) => !names[at])
  if (unnamed.length !== open.size) return null
  const places = [...open]
  unnamed.forEach((vote, at) => {
    const key = places[at]
    if (key) counted.set(key, numberOf(vote))
  })
  return { yes: counted.get('yes') ?? 0, no: counted.get('no') ?? 0, abstain: counted.get('abstain') ?? 0 }
}
