import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Where the running service leaves its address and control token for the CLI: `control.json` in the data folder, 0600. */
const control = z.object({ host: z.string().default('127.0.0.1'), port: z.number().int(), token: z.string() })
export type Control = z.infer<typeof control>

const pathIn = (folder: string): string => join(folder, 'control.json')

export async function announceControl(folder: string, announced: Control): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await rm(pathIn(folder), { force: true })
  await writeFile(pathIn(folder), JSON.stringify(announced), { mode: 0o600 })
}

export const withdrawControl = (folder: string): Promise<void> => rm(pathIn(folder), { force: true })

/** undefined: no service has announced itself (or what it left is not readable). */
export async function findControl(folder: string): Promise<Control | undefined> {
  try {
    return control.parse(JSON.parse(await readFile(pathIn(folder), 'utf8')))
  } catch {
    return undefined
  }
}

/** What a URL on this machine calls a service that listens on `host`: every address is not one that can be called. */
export function callableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
