import type { ServerResponse } from 'node:http'
import type { Context } from 'koa'

/** A notice to forty people is one event, not forty. */
const GATHER_MS = 40
const HEART_BEAT_MS = 15_000

/** Server-sent events: who has something new on the screen. The page then asks for what it shows. */
export function openEventStream() {
  const open = new Set<ServerResponse>()
  let changed = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  const heartBeat = setInterval(() => write(': still here\n\n'), HEART_BEAT_MS)
  heartBeat.unref()

  function write(text: string): void {
    for (const stream of open) stream.write(text)
  }

  function flush(): void {
    timer = null
    write(`data: ${JSON.stringify({ changed: [...changed] })}\n\n`)
    changed = new Set()
  }

  /** Lets every open page know; '' stands for the clock and the switches. */
  function tell(userId: string): void {
    if (open.size === 0) return
    changed.add(userId)
    timer ??= setTimeout(flush, GATHER_MS).unref()
  }

  /** Past koa: a page that is closed is nothing to report. */
  function serve(ctx: Context): void {
    ctx.respond = false
    const { res } = ctx
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
    res.write('retry: 1000\n\n')
    open.add(res)
    res.on('close', () => open.delete(res))
  }

  function close(): void {
    clearInterval(heartBeat)
    if (timer) clearTimeout(timer)
    for (const stream of open) stream.end()
    open.clear()
  }

  return { tell, serve, close }
}
