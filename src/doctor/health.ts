import { get } from 'node:http'
import { readConfig } from '../config.ts'
import { callableHost } from '../control-file.ts'

/** Below the time-out of a container's health check, which is a few seconds. */
const WITHIN_MS = 2500

/** Whether the service on our own port is ready, for a container: nothing is said, and nothing of the house is loaded. */
export function isHealthy(): Promise<boolean> {
  const { host, port } = readConfig()
  return new Promise(resolve => {
    // Not by fetch, which takes longer to load than to ask.
    const request = get(`http://${callableHost(host)}:${port}/readyz`, response => {
      response.destroy()
      resolve(response.statusCode === 200)
    })
    request.on('error', () => resolve(false))
    request.setTimeout(WITHIN_MS, () => request.destroy(new Error('no answer')))
  })
}
