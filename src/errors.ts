/**
 * Three kinds of trouble: the person can mend it (`UserError`, shown as it is), the platform said no (`WecomError`),
 * and everything else, which is a bug and reaches the person only as an incident number.
 */

/** A sentence for the person who spoke: first the fact, then the next step. Nothing was changed. */
export class UserError extends Error {
  override readonly name = 'UserError'
  /** Text for the button of the card that was pressed, where the refusal settles the matter ('已发布 m-17'). */
  readonly outcome: string | undefined

  constructor(message: string, options: { outcome?: string } = {}) {
    super(message)
    this.outcome = options.outcome
  }
}

/** An id that does not exist, or that lies outside what the person may see: the two are never told apart. */
export class UnknownIdError extends UserError {
  constructor(id: string) {
    super(`没有这个编号：${id}。${whereElse(id)}`)
  }
}

function whereElse(id: string): string {
  if (id.startsWith('d-')) return '要发请重新建一个预览。'
  if (id.startsWith('o-')) return '发“发送记录”可以看到发过的。'
  if (id.startsWith('c-')) return '发“待办”可以看到等着确认的党费。'
  if (/^D\d/.test(id)) return '请对照收据再发一次；发“党费”可以看到您的党费。'
  const what = id.startsWith('n-') ? '通知' : '会议'
  return `发“${what}”可以看到您的${what}。`
}

/** WeCom refused a call. `code` is its errcode (-1 … ), `advice` what an operator can do about it. */
export class WecomError extends Error {
  override readonly name = 'WecomError'
  constructor(
    readonly api: string,
    readonly code: number,
    readonly advice: string,
    /** Not to be called again before this instant (45009). */
    readonly retryAt?: Date,
    /** The address that WeCom saw and does not allow (60020). */
    readonly seenIp?: string,
  ) {
    super(`WeCom refused ${api} with ${code}: ${advice}`)
  }
}

/** The call never came to an answer. `ambiguous`: it may have been carried out all the same. */
export class WecomUnreachableError extends Error {
  override readonly name = 'WecomUnreachableError'
  constructor(
    readonly api: string,
    readonly ambiguous: boolean,
    options?: { cause?: unknown },
  ) {
    super(`WeCom did not answer ${api}`, options)
  }
}

/** What a job could not do, and is in the log already. */
export interface Undone {
  report: string
  /** It was broken off: its slot stays open. Else only a later slot tries again. */
  again: boolean
}
