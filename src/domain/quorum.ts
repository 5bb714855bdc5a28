import { UserError } from '../errors.ts'
import type { Ballot } from '../store/collections.ts'

/**
 * Denominators of votes and quorums. 应到 = all entitled to vote, 实到 = those of them present. "以上" and "不少于"
 * include the figure itself, "超过" does not. The bot shows numbers; whether a meeting is valid is for people to say.
 */
export type BallotKind = Ballot['kind']

/** More than half: the smallest whole number above N/2. */
const moreThanHalf = (total: number): number => Math.floor(total / 2) + 1

/** A general meeting is valid with half or more (半数以上) of those entitled present: 支部工作条例 art. 11. */
export const generalQuorum = (entitled: number): number => Math.ceil(entitled / 2)

/**
 * A committee meeting is valid with half or more of its members: 支部工作条例 art. 12. A local rule may ask for a
 * larger share (DOMAIN 13 `committeeQuorum`), never for a smaller one.
 */
export function committeeQuorum(entitled: number, share = 0.5): number {
  // 0.0000001 keeps 2/3 of 9 at 6, whatever binary fractions make of it.
  return Math.max(generalQuorum(entitled), Math.ceil(entitled * Math.min(share, 1) - 1e-7))
}

/** Admission and confirmation: those present must exceed (超过) half of 应到: 发展党员工作细则 arts 20, 21, 33. */
export const admissionQuorum = (entitled: number): number => moreThanHalf(entitled)

/** An election needs no fewer than four fifths (不少于五分之四) of 应到: 基层组织选举工作条例 (2020). */
export const electionQuorum = (entitled: number): number => Math.ceil((entitled * 4) / 5)

/** How many of those entitled must be present for a ballot of this kind. */
export function presenceNeeded(kind: BallotKind, entitled: number): number {
  if (kind === '选举') return electionQuorum(entitled)
  return kind === '一般' ? generalQuorum(entitled) : admissionQuorum(entitled)
}

/**
 * How many yes votes carry it: more than half of 应到 (支部工作条例 art. 11; 发展党员工作细则 art. 21), in an
 * election more than half of 实到 (基层组织选举工作条例).
 */
export const votesNeeded = (kind: BallotKind, entitled: number, present: number): number =>
  moreThanHalf(kind === '选举' ? present : entitled)

/** A meeting can be valid and yet too small to decide: with 10 entitled it is valid at 5, but 6 yes votes carry. */
export const canCarry = (figures: { present: number; yesNeeded: number }): boolean =>
  figures.present >= figures.yesNeeded

export interface Count {
  /** 有表决权应到 and 有表决权实到 at the moment of the count. */
  entitled: number
  present: number
  yes: number
  no: number
  abstain: number
  /** How many of the votes above came as written opinions of absent members, handed in before the meeting. */
  written: number
  /** Counted in a committee meeting. */
  committee: boolean
}

export type Verdict = Pick<Ballot, 'needed' | 'yesNeeded' | 'valid' | 'suffices'>

/**
 * Whether the presence and the votes suffice. A written opinion is a vote in 接收 and 转正 (发展党员工作细则 art. 21) and
 * never presence. `suffices` implies `valid`.
 * @throws {UserError} for a count that cannot be right
 */
export function judgeBallot(kind: BallotKind, count: Count, committeeShare = 0.5): Verdict {
  refuseWrongPlace(kind, count)
  refuseWrongWritten(kind, count)
  refuseTooManyVotes(count)
  const { entitled, present, committee } = count
  const needed = committee ? committeeQuorum(entitled, committeeShare) : presenceNeeded(kind, entitled)
  const yesNeeded = votesNeeded(kind, entitled, present)
  const valid = entitled > 0 && present >= needed
  return { needed, yesNeeded, valid, suffices: valid && count.yes >= yesNeeded }
}

function refuseWrongPlace(kind: BallotKind, { committee }: Count): void {
  if (committee && kind !== '一般') throw new UserError(`支委会不作${kind}表决。请在党员大会上表决后再记。`)
}

function refuseWrongWritten(kind: BallotKind, { entitled, present, written, yes, no, abstain }: Count): void {
  if (written === 0) return
  if (kind !== '接收' && kind !== '转正') {
    throw new UserError(`${kind}表决不计书面意见，只有接收和转正才计。请去掉“书面”再发一次。`)
  }
  const away = Math.max(0, entitled - present)
  if (written > away) {
    throw new UserError(`书面意见 ${written} 份，多于未到会的有表决权党员 ${away} 人。请核对后再发一次。`)
  }
  const votes = yes + no + abstain
  if (written > votes) {
    throw new UserError(
      `书面意见 ${written} 份，多于总票数 ${votes} 票。书面意见请一并计入赞成、反对、弃权后再发一次。`,
    )
  }
}

function refuseTooManyVotes({ present, written, yes, no, abstain }: Count): void {
  const votes = yes + no + abstain
  if (votes <= present + written) return
  const allowed = written > 0 ? `有表决权实到 ${present} 人加书面 ${written} 份` : `有表决权实到 ${present} 人`
  throw new UserError(`共 ${votes} 票，多于${allowed}。请核对票数；会议没结束的，漏签到的可以先补签。`)
}
