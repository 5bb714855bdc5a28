import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { WecomSettings } from './config.ts'
import { createSimulator, readDirectory, type Simulator } from './simulator/simulator.ts'

/** WeCom where no tenant is set: a corp of our own, both ends of whose wire are here. */

export const SIMULATED_CORP = 'wwsimulator00000001'

/** Its secrets are made anew for each process. */
export function simulatedWecom(): WecomSettings {
  return {
    corpId: SIMULATED_CORP,
    agentId: 1000002,
    secret: randomBytes(24).toString('hex'),
    token: randomBytes(12).toString('hex'),
    aesKey: randomBytes(33).toString('hex').slice(0, 42).concat('A'),
    apiBase: '',
  }
}

export async function buildSimulator(
  wecom: WecomSettings,
  roster: string | URL,
  callbackUrl: () => string,
): Promise<Simulator> {
  const directory = readDirectory(await readFile(roster, 'utf8'))
  return createSimulator({ ...wecom, callbackUrl, directory })
}
