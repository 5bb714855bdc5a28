/** What WeCom's API answers instead of `ok`: HTTP 200 with an errcode (WECOM.md 11). */
export class RefusalError extends Error {
  override readonly name = 'RefusalError'
  constructor(
    readonly code: number,
    readonly reason: string,
  ) {
    super(`${code} ${reason}`)
  }

  /** The errmsg in WeCom's form: nobody may match on its words, only read them. */
  get errmsg(): string {
    return `${this.reason}, hint: [simulator], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${this.code}`
  }
}

export function refuse(code: number, reason: string): never {
  throw new RefusalError(code, reason)
}

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

/** The longest beginning of at most `limit` UTF-8 bytes that splits no character. */
export function cutBytes(text: string, limit: number): string {
  if (bytesOf(text) <= limit) return text
  let size = 0
  let kept = ''
  for (const character of text) {
    size += bytesOf(character)
    if (size > limit) break
    kept += character
  }
  return kept
}
