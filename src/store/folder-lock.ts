import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { log } from '../log.ts'
import { codeOf } from './files.ts'
import { refuseOthersFolder } from './folder-owner.ts'
import { StoreError } from './records.ts'

/** Lets the folder go. */
export type Unlock = () => Promise<void>

/**
 * One process per data folder. The lock is a listening socket without a file: an abstract socket on Linux, a named pipe on
 * Windows; the kernel takes it away with the process, also after kill -9, so nothing stale can stay behind. Limits: two
 * containers with their own network namespaces do not see each other's; other systems (macOS) have no such socket, there
 * the folder is not locked.
 */
export async function lockFolder(folder: string): Promise<Unlock> {
  await refuseOthersFolder(folder)
  const name = socketName(await realpath(folder))
  if (!name) {
    log.warn('folder-not-locked', { platform: process.platform })
    return async () => undefined
  }
  const server = createServer(socket => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(codeOf(error) === 'EADDRINUSE' ? inUse(folder) : error))
    server.listen(name, resolve)
  })
  server.unref()
  return () => new Promise(resolve => server.close(() => resolve()))
}

function socketName(path: string): string | undefined {
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 32)
  if (process.platform === 'linux') return `\0zhibu-${digest}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\zhibu-${digest}`
  return undefined
}

export class FolderInUseError extends StoreError {}

const inUse = (folder: string) =>
  new FolderInUseError(`数据文件夹 ${folder} 正被另一个进程用着。请先停止那一个，或者在 STORE_URL 里换一个文件夹。`)
