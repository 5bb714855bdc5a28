import { type Command, fold, takesAudience } from './command.ts'
import type { Awaited } from './conversation.ts'
import { foldInPlace, type Match, readArguments, startsCommand, withoutMark } from './line.ts'
import type { Registry } from './load.ts'
import type { Inbound } from './message.ts'

/** Turns what reached the bot into a command and its arguments, or into one of the few things that are no command. */
export type Heard =
  | { kind: 'command'; command: Command; rest: string; awaited: Awaited | null }
  | { kind: 'unknown'; text: string; slashed: boolean }
  | { kind: 'stale'; resume: string }
  | { kind: 'courtesy' }
  | { kind: 'nevermind' }
  | { kind: 'wordless' }
  | { kind: 'foreignCode' }

const COURTESIES = ['好的', '好', '谢谢您', '谢谢', '嗯', '收到了', '收到', '知道了', 'ok']
const COURTESY = new RegExp(`^(?:(?:${COURTESIES.join('|')})[\\s。.!！~～，,]*)+$`, 'u')
const isCourtesy = (text: string): boolean => COURTESY.test(foldInPlace(text.replace(PICTOGRAPHS, '').trim()))
/** '👌' '[抱拳]': how a phone sends a thumb. */
const PICTOGRAPHS = /\[\p{Script=Han}{1,4}\]|\[ok\]|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F/giu

/** Takes back the question that is open, and is silence where none is. */
const NEVERMINDS = ['算了', '不用了', '取消', '不弄了', '不是', '不对', '不是的']

export interface Listening {
  registry: Registry
  awaited: Awaited | null
  /** What was awaited too long ago to count. */
  stale: Awaited | null
}

export function hear(inbound: Pick<Inbound, 'line' | 'via'>, listening: Listening): Heard {
  if (inbound.via === 'wordless') return { kind: 'wordless' }
  const text = asConfirmation(asCheckIn(inbound.line.trim()))
  if (startsCommand(text))
    return (
      hearSlashed(asPayment(text), listening.registry) ?? { kind: 'unknown', text: withoutMark(text), slashed: true }
    )
  if (inbound.via === 'scan') return { kind: 'foreignCode' }
  return hearPlain(text, listening)
}

/** '@水泉 报表 签到' is '报表 签到 @水泉': the branch said first, as one names whom one talks about. */
function matchBehindAudience(text: string, said: 'slashed' | 'plain', registry: Registry): Match<Command> | undefined {
  const { audience, line } = /^(?<audience>[@＠]\S+)\s+(?<line>\S.*)$/su.exec(text)?.groups ?? {}
  const match = line === undefined ? undefined : registry.aliases.match(line, said)
  return match && takesAudience(match.command) ? { ...match, rest: `${audience} ${match.rest}`.trim() } : undefined
}

/** '签到码 4821' as it was read out, typed back: a check-in, never a question about the code. */
function asCheckIn(text: string): string {
  const code = /^[/／]?签到码(?:是|为)?[:：\s]*(\d{4})$/u.exec(fold(text))?.[1]
  return code ? `/签到 ${code}` : text
}

/** '替王五交 0.5' '交了五角' '党费交了': how people say that dues were paid. */
function asPayment(text: string): string {
  if (!/[交缴]/u.test(text)) return text
  const brought = /^[/／]?(?<for>[替代帮]\s*\S+?[交缴])了?的?(?:党费)?(?<rest>(?:\s|[\d０-９]).*|$)/su.exec(
    text,
  )?.groups
  if (brought) return `/党费 已缴 ${brought.for}${brought.rest}`
  const said = withoutStops(text)
  if (PAID.test(said)) return '/党费 已缴'
  const month = PAID_MONTH.exec(said)?.groups?.month
  if (month) return `/党费 已缴 ${month}`
  const paid = PAID_AMOUNT.exec(text)?.groups
  return paid?.amount ? `/党费 已缴 ${paid.amount.replace(/的?党费$/u, '')}` : text
}

/** '交了五角' '已缴0.5 11月'; no application ('交了一份入党申请书') and no three notebooks. */
const PAID_AMOUNT =
  /^[/／]?我?(?:党费)?(?:已[交缴]|[交缴]了)(?:党费)?(?<amount>[\d０-９一二两三四五六七八九十半][\d０-９〇零一二两三四五六七八九十百千半点.．。,，元块圆角毛分钱整月份年、至到\-\s]{0,20}(?:的?党费)?)$/u

/** '我交了党费' '党费我已经缴了': the word for dues is in it, so nothing else can be meant. */
const PAID = /^[/／]?我?(?:已经?[交缴]了?|[交缴]了)党费了?$|^[/／]?(?:我的?)?党费我?(?:已经?[交缴]了?|[交缴]了)$/u
/** '11月党费已交' */
const PAID_MONTH = /^[/／]?(?<month>[\d一二三四五六七八九十、-]{1,12}月份?)的?党费我?(?:已经?[交缴]了?|[交缴]了)$/u

/** '收到，谢谢' and '好的收到' are what '收到' is. */
function asConfirmation(text: string): string {
  return isCourtesy(text) && foldInPlace(text).includes('收到') ? '收到' : text
}

function hearSlashed(text: string, registry: Registry, awaited: Awaited | null = null): Heard | undefined {
  const line = withoutMark(text)
  const match = registry.aliases.match(line, 'slashed') ?? matchBehindAudience(line, 'slashed', registry)
  return match && { kind: 'command', command: match.command, rest: match.rest, awaited }
}

function hearPlain(text: string, listening: Listening): Heard {
  const { registry, awaited, stale } = listening
  if (awaited) {
    const answered = hearAnswer(text, registry, awaited)
    if (answered) return answered
  }
  const paid = asPayment(text)
  if (paid !== text) return hearSlashed(paid, registry) ?? { kind: 'unknown', text, slashed: false }
  const match = matchPlain(text, registry) ?? wholeWords(text, registry)
  if (match) return { kind: 'command', command: match.command, rest: match.rest, awaited: null }
  if (/^\d{4}$/.test(fold(text)))
    return hearSlashed(`/签到 ${fold(text)}`, registry) ?? { kind: 'unknown', text, slashed: false }
  if (stale && (isChoice(text) || (stale.line !== null && isLetters(text))))
    return { kind: 'stale', resume: stale.resume }
  if (NEVERMINDS.includes(withoutStops(text))) return { kind: 'nevermind' }
  if (isCourtesy(text)) return { kind: 'courtesy' }
  return { kind: 'unknown', text, slashed: false }
}

const matchPlain = (text: string, registry: Registry) =>
  registry.aliases.match(text, 'plain') ?? matchBehindAudience(text, 'plain', registry)

function wholeWords(text: string, registry: Registry) {
  const command = registry.aliases.whole(withoutStops(text))
  return command && { command, rest: '' }
}

/** A digit answers a numbered choice, other text completes the awaited line; a command, said as such, stays a command. */
function hearAnswer(text: string, registry: Registry, awaited: Awaited): Heard | undefined {
  if (isChoice(text)) {
    const chosen = awaited.digits[Number(fold(text)) - 1]
    if (chosen) return hearSlashed(chosen, registry, awaited)
  }
  // '收到' may confirm a notice: the command finds out, and says nothing where it does not.
  if (isCourtesy(text) && !wholeWords(text, registry)) return { kind: 'courtesy' }
  if (awaited.line === null || isNevermind(text, awaited.line) || isCommand(text, registry, awaited.line))
    return undefined
  return hearSlashed(`${awaited.line} ${text}`, registry, awaited)
}

export const isChoice = (text: string): boolean => /^\d{1,2}$/.test(fold(text))

/** How a question with options is answered; where none is open it says nothing else. */
const isLetters = (text: string): boolean => /^(?:[a-h]{1,8}|对|错)$/.test(fold(text))

const withoutStops = (text: string): string => foldInPlace(text.trim()).replace(/[。.!！~～，,]+$/u, '')

/** '不对' to a statement of a quiz is its answer. */
const isNevermind = (text: string, awaited: string): boolean =>
  NEVERMINDS.includes(withoutStops(text)) && !(QUESTION.test(awaited) && /^不[是对]/u.test(text.trim()))

const QUESTION = /^\/(?:答题|错题)\s/u

/**
 * Any command clears what was awaited: a reason must never swallow '准假 张三'. Only the colloquial aliases, which also
 * begin sentences ('到医院看病', '来了客人'), count as a command alone or with a code, not with other words behind them.
 */
function isCommand(text: string, registry: Registry, awaited: string): boolean {
  if (wholeWords(text, registry)) return true
  // The answer to a question of a quiz is no sentence: what begins with the name of a command is that command, understood or not.
  if (QUESTION.test(awaited) && registry.aliases.match(text, 'plain')?.byFirstAlias) return true
  const behind = matchBehindAudience(text, 'plain', registry)
  if (behind) return behind.byFirstAlias && isUnderstood(behind.command, behind.rest)
  const said = registry.aliases.match(text, 'answer')
  if (said === undefined) return false
  if (/^\d+$/.test(fold(said.rest))) return true
  return said.byFirstAlias && (said.words > 1 || isUnderstood(said.command, said.rest))
}

/** '会议 冲突' is a reason: no meeting is called so. Whether a word names somebody is not known here, so it may. */
function isUnderstood(command: Command, rest: string): boolean {
  try {
    readArguments(command.args, rest, { namesPerson: () => true })
    return true
  } catch {
    return false
  }
}
