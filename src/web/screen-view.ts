import { renderSVG } from 'uqr'
import { spellMoment } from '../clock.ts'
import { tally } from '../domain/attendance.ts'
import { checkInWindow } from '../domain/meeting.ts'
import { tokenAt } from '../domain/screen-token.ts'
import { isDue } from '../meeting/close-due.ts'
import { rollOf } from '../meeting/roll.ts'
import { fullTitleOf, timeFrom } from '../meeting/words.ts'
import { branches, type Meeting } from '../store/collections.ts'
import type { ReadTx } from '../store/records.ts'

/** What a venue screen shows of a meeting: sums, and nobody's name. */
export interface View {
  /** 'before' and 'after' the window of check-in; 'over': closed or cancelled, and the link with it. */
  phase: 'before' | 'open' | 'after' | 'over'
  branch: string
  title: string
  /** '11月26日 周四 19:00 · 村部' */
  where: string
  /** What to do now, or why there is nothing to do. */
  says: string
  /** For those who do not scan. */
  other: string
  /** The four digits; '' outside the window. */
  code: string
  /** '23 / 40'; '' before the window. */
  count: string
}

export async function viewOf(tx: ReadTx, meeting: Meeting): Promise<View> {
  const phase = phaseOf(meeting, tx.now)
  const { present, expected } = await tallyOf(tx, meeting)
  const { opens } = checkInWindow(meeting)
  const says = {
    before: `${timeFrom(opens, tx.now)} 开始签到`,
    open: '企业微信：点菜单“签到”，再点“扫码签到”',
    after: '签到时间已过，到会没签的请书记补签',
    over: meeting.state === 'cancelled' ? '会议已取消' : '会议已结束，谢谢大家',
  }
  const other = meeting.codeWanted ? '微信或不会扫码：发这四个数字' : '微信或不会扫码：发“签到”两个字'
  return {
    phase,
    branch: (await tx.get(branches, meeting.branchId))?.name ?? '',
    title: fullTitleOf(meeting),
    where: `${spellMoment(new Date(meeting.startsAt))} · ${meeting.place}`,
    says: says[phase],
    other: phase === 'open' ? other : '',
    code: phase === 'open' ? meeting.code : '',
    count: phase === 'open' || phase === 'after' ? `${present} / ${expected}` : '',
  }
}

export function phaseOf(meeting: Meeting, now: Date): View['phase'] {
  if (meeting.state !== 'open' || isDue(meeting, now)) return 'over'
  const { opens, closes } = checkInWindow(meeting)
  if (now < opens) return 'before'
  return now < closes ? 'open' : 'after'
}

async function tallyOf(tx: ReadTx, meeting: Meeting) {
  const roll = await rollOf(tx, meeting)
  return tally(roll.rows, roll.attendances)
}

export interface QrCode {
  svg: string
  /** What it says. */
  line: string
  livesMs: number
  slot: number
}

/** Medium correction, for a head in the projector's light. The page around the code is white, which is the rest of its border. */
export function qrAt(key: Uint8Array, meetingId: string, now: Date): QrCode {
  const { token, livesMs, slot } = tokenAt(key, meetingId, now)
  const line = `/签到 ${token}`
  return { svg: renderSVG(line, { ecc: 'M', border: 2, pixelSize: 1 }), line, livesMs, slot }
}
