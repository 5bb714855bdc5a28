import { z } from 'zod'
import type { Config } from './config.ts'
import { type Control, findControl } from './control-file.ts'
import { UserError } from './errors.ts'

/** The command line's way to the running service. */

/** The service on this data folder, if it answers; a file left by a killed one does not count. */
export async function running(
  config: Pick<Config, 'folder'>,
  withinMs = ALIVE_WITHIN_MS,
): Promise<Control | undefined> {
  const control = await findControl(config.folder)
  if (!control) return undefined
  const alive = await fetch(`${addressOf(control)}/healthz`, { signal: AbortSignal.timeout(withinMs) }).then(
    response => response.ok,
    () => false,
  )
  return alive ? control : undefined
}

const ALIVE_WITHIN_MS = 5000
/** The longest that the service gives an import. */
const ANSWER_WITHIN_MS = 70_000

export const addressOf = ({ host, port }: Control): string => `http://${host}:${port}`

export async function post(
  control: Control,
  path: string,
  body: string | Uint8Array,
  { type = 'application/json', withinMs = ANSWER_WITHIN_MS }: { type?: string; withinMs?: number } = {},
): Promise<unknown> {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${control.token}`, 'content-type': type },
    body,
    signal: AbortSignal.timeout(withinMs),
  }
  const answer: unknown = await fetch(`${addressOf(control)}/control/${path}`, request)
    .then(response => response.json())
    .catch(() => {
      throw new UserError(`${addressOf(control)} 上的服务没有回答。请看它的日志。`)
    })
  const refused = z.object({ error: z.string() }).safeParse(answer)
  if (refused.success) throw new UserError(refused.data.error)
  return answer
}
