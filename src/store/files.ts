import fs from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { refuseOthersFolder } from './folder-owner.ts'

/** One open file. All that the store does with the bytes of a file goes through here, so that a test can fail any of it. */
export interface OpenFile {
  /** Writes at the end or at the running position; resolves with the bytes really written, which may be fewer. */
  write(data: Uint8Array): Promise<number>
  /** The bytes, and the length needed to read them again, are on disk. */
  datasync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** Every file-system call of the store. */
export interface FileSystem {
  /** 'append': made where it is missing; 'replace': emptied; 'edit': must exist. New files are 0600. */
  open(path: string, mode: 'append' | 'replace' | 'edit'): Promise<OpenFile>
  readFile(path: string): Promise<Buffer>
  /** The first bytes of a file. */
  readStart(path: string, length: number): Promise<Buffer>
  /** File names of a folder, sorted; a folder that is not there has none. */
  list(folder: string): Promise<string[]>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  /** With all that is in it; where there is none nothing happens. */
  removeFolder(path: string): Promise<void>
  /** With its parents; 0700. */
  makeFolder(path: string): Promise<void>
  /** Names made, renamed or removed in the folder are on disk. */
  syncFolder(path: string): Promise<void>
}

const FLAGS = { append: 'a', replace: 'w', edit: 'r+' } as const

const open = promisify(fs.open)
const ftruncate = promisify(fs.ftruncate)
const close = promisify(fs.close)

/** Callbacks and not fs.promises: its file handles cost a journal with one writer a third of its commits. */
class NodeFile implements OpenFile {
  constructor(readonly descriptor: number) {}

  write(data: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.write(this.descriptor, data, 0, data.length, null, (error, written) =>
        error ? reject(error) : resolve(written),
      )
    })
  }

  datasync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.descriptor, error => (error ? reject(error) : resolve()))
    })
  }

  truncate(length: number): Promise<void> {
    return ftruncate(this.descriptor, length)
  }

  close(): Promise<void> {
    return close(this.descriptor)
  }
}

async function list(folder: string): Promise<string[]> {
  const names = await fs.promises.readdir(folder).catch(error => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  return names.sort()
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const handle = await fs.promises.open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; NTFS journals its names itself.
  if (process.platform === 'win32') return
  const handle = await fs.promises.open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export const nodeFiles: FileSystem = {
  open: async (path, mode) => new NodeFile(await open(path, FLAGS[mode], 0o600)),
  readFile: path => fs.promises.readFile(path),
  readStart,
  list,
  rename: (from, to) => fs.promises.rename(from, to),
  remove: path => fs.promises.unlink(path),
  removeFolder: path => fs.promises.rm(path, { recursive: true, force: true }),
  makeFolder: async path => {
    await refuseOthersFolder(path)
    await fs.promises.mkdir(path, { recursive: true, mode: 0o700 })
    await fs.promises.chmod(path, 0o700)
  },
  syncFolder,
}

/** Writes all of it: a call may write less than it was given (full disk, signal), and says so only by its result. */
export async function writeAll(file: OpenFile, data: Uint8Array): Promise<void> {
  let rest = data
  while (rest.length > 0) {
    const written = await file.write(rest)
    if (written <= 0) throw new Error('the file takes no more bytes')
    rest = rest.subarray(written)
  }
}

/**
 * Replaces a file so that a crash leaves the old or the new one, whole: written beside it, synced, renamed, folder synced.
 * These are the steps of write-file-atomic 7.0.1. The package itself is not used, for three reasons: it takes no file
 * system, so no test could fail its k-th call; it ignores the result of fs.write (index.js, `writeFileAsync`), so a short
 * write on a full disk would be renamed over a good file; it wants the content in one piece, which for a large
 * collection blocks the loop.
 */
export async function replaceFile(
  files: FileSystem,
  path: string,
  write: (file: OpenFile) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    const file = await files.open(temporary, 'replace')
    try {
      await write(file)
      await file.datasync()
    } finally {
      await file.close()
    }
    await files.rename(temporary, path)
  } catch (error) {
    // What stays behind is removed at the next start.
    await files.remove(temporary).catch(() => undefined)
    throw error
  }
  await files.syncFolder(dirname(path))
}

export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : typeof error
}
