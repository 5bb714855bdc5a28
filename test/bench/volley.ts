import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What a server made of a number of requests. */
export interface Volley {
  perSecond: number
  /** One per request, in no order. */
  latenciesMs: number[]
  /** Bodies in the order of the requests. */
  bodies: string[]
}

/**
 * Sends requests that were made before, over keep-alive connections, one at a time on each. Plain sockets: an HTTP client
 * would cost more than the server that is measured. Throws at the first answer that is not 200 or is empty.
 */
export async function fire(port: number, requests: readonly Buffer[], connections = 64): Promise<Volley> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const volley: Volley = { perSecond: 0, latenciesMs: [], bodies: new Array<string>(requests.length) }
  let next = 0
  const start = performance.now()
  try {
    await Promise.all(sockets.map(socket => converse(socket, () => next++, requests, volley)))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  volley.perSecond = requests.length / ((performance.now() - start) / 1000)
  return volley
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** Takes requests until there are none left. */
function converse(socket: Socket, take: () => number, requests: readonly Buffer[], volley: Volley): Promise<void> {
  return new Promise((resolve, reject) => {
    let number = 0
    let sentAt = 0
    let seen: Buffer = Buffer.alloc(0)
    const send = () => {
      number = take()
      const request = requests[number]
      if (!request) return resolve()
      sentAt = performance.now()
      socket.write(request)
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.on('data', chunk => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
      try {
        const body = readResponse(seen)
        if (body === undefined) return
        volley.latenciesMs.push(performance.now() - sentAt)
        volley.bodies[number] = body
        seen = Buffer.alloc(0)
        send()
      } catch (error) {
        reject(error)
      }
    })
    send()
  })
}

/** The body of a whole response; undefined: there is more to come. */
function readResponse(bytes: Buffer): string | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
  if (!head.startsWith('HTTP/1.1 200 ') || !(length > 0)) throw new Error(`an answer began with ${head.slice(0, 80)}`)
  return bytes.length < end + 4 + length ? undefined : bytes.toString('utf8', end + 4)
}
