/** One part of a multipart/form-data body. */
export interface FormPart {
  name: string
  filename: string
  contentType: string
  bytes: Buffer
}

/** Strict in what matters to an upload: a part has a head, an empty line and bytes. What is no such body has no parts. */
export function partsOf(body: Buffer, contentType: string): FormPart[] {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) return []
  // Every boundary but the first begins on a line of its own.
  const whole = Buffer.concat([Buffer.from('\r\n'), body])
  const mark = `\r\n--${boundary}`
  const parts: FormPart[] = []
  let from = whole.indexOf(mark)
  for (;;) {
    const to = from < 0 ? -1 : whole.indexOf(mark, from + mark.length)
    if (to < 0) return parts
    const part = partOf(whole.subarray(from + mark.length + 2, to))
    if (part) parts.push(part)
    from = to
  }
}

function partOf(bytes: Buffer): FormPart | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.subarray(0, end).toString('utf8')
  const field = (name: string) => new RegExp(`[;\\s]${name}="([^"]*)"`, 'i').exec(head)?.[1] ?? ''
  const contentType = /^content-type:\s*(\S+)/im.exec(head)?.[1] ?? ''
  return { name: field('name'), filename: field('filename'), contentType, bytes: bytes.subarray(end + 4) }
}
