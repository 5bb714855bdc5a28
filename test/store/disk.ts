import type { FileSystem, OpenFile } from '../../src/store/files.ts'

/** What a file holds: for the processes, and for certain when the power goes. */
interface Node {
  live: Buffer
  durable: Buffer
}

/** What becomes of bytes and names that were not synced: a killed process loses nothing, a power cut all or some. */
export type Loss = 'nothing' | 'all' | 'some'

/** How the k-th call fails: not done; half of a write done and no error, or an error; that call and all later ones. */
export type Fault = 'error' | 'short' | 'half' | 'gone'

function remains({ live, durable }: Node, loss: Loss, random: () => number): Buffer {
  if (loss === 'all') return durable
  const grown = live.length >= durable.length && live.subarray(0, durable.length).equals(durable)
  if (!grown) return random() < 0.5 ? live : durable
  return live.subarray(0, durable.length + Math.floor((live.length - durable.length) * random()))
}

class DiskError extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

/**
 * A disk in memory that forgets what was not synced, as strictly as POSIX allows: bytes last since datasync, names since the
 * folder was synced. It can fail any call.
 */
export class Disk implements FileSystem {
  private names = new Map<string, Node>()
  private durableNames = new Map<string, Node>()
  private fault: { at: number; how: Fault } | undefined
  calls = 0
  failed = false
  /** Writes to such a path find the disk full. */
  full: (path: string) => boolean = () => false

  failAt(at: number, how: Fault): void {
    this.fault = { at, how }
    this.calls = 0
    this.failed = false
  }

  heal(): void {
    this.full = () => false
  }

  /**
   * The disk as it is found after the machine, or the process, stopped here. What the store that stopped still does, it does
   * to the old disk. `random` decides what of the unsynced lasts.
   */
  crash(loss: Loss, random: () => number = Math.random): Disk {
    const after = new Disk()
    if (loss === 'nothing') {
      // The kernel still has it all, and none of it is safer than before.
      after.names = new Map(this.names)
      after.durableNames = new Map(this.durableNames)
      return after
    }
    const pick = () => loss === 'some' && random() < 0.5
    for (const path of new Set([...this.names.keys(), ...this.durableNames.keys()])) {
      const node = (pick() ? this.names : this.durableNames).get(path)
      if (node) after.place(path, remains(node, loss, random))
    }
    return after
  }

  paths(): string[] {
    return [...this.names.keys()].sort()
  }

  content(path: string): Buffer {
    const node = this.names.get(path)
    if (!node) throw new DiskError('ENOENT')
    return node.live
  }

  place(path: string, content: Buffer): void {
    const node: Node = { live: content, durable: content }
    this.names.set(path, node)
    this.durableNames.set(path, node)
  }

  copy(): Disk {
    const disk = new Disk()
    for (const path of this.paths()) disk.place(path, Buffer.from(this.content(path)))
    return disk
  }

  async open(path: string, mode: 'append' | 'replace' | 'edit'): Promise<OpenFile> {
    await this.call()
    let node = this.names.get(path)
    if (!node) {
      if (mode === 'edit') throw new DiskError('ENOENT')
      node = { live: Buffer.alloc(0), durable: Buffer.alloc(0) }
      this.names.set(path, node)
    }
    if (mode === 'replace') node.live = Buffer.alloc(0)
    return this.opened(path, node)
  }

  async readFile(path: string): Promise<Buffer> {
    await this.call()
    return Buffer.from(this.content(path))
  }

  async readStart(path: string, length: number): Promise<Buffer> {
    return (await this.readFile(path)).subarray(0, length)
  }

  async list(folder: string): Promise<string[]> {
    await this.call()
    const inside = this.paths().filter(path => path.startsWith(`${folder}/`))
    return [...new Set(inside.map(path => path.slice(folder.length + 1).split('/')[0] ?? ''))].sort()
  }

  async rename(from: string, to: string): Promise<void> {
    await this.call()
    const node = this.names.get(from)
    if (!node) throw new DiskError('ENOENT')
    this.names.delete(from)
    this.names.set(to, node)
  }

  async remove(path: string): Promise<void> {
    await this.call()
    if (!this.names.delete(path)) throw new DiskError('ENOENT')
  }

  async removeFolder(path: string): Promise<void> {
    await this.call()
    for (const name of this.paths()) if (name.startsWith(`${path}/`)) this.names.delete(name)
  }

  async makeFolder(): Promise<void> {
    await this.call()
  }

  async syncFolder(): Promise<void> {
    await this.call()
    this.durableNames = new Map(this.names)
  }

  private opened(path: string, node: Node): OpenFile {
    return {
      write: async data => {
        if (this.full(path)) throw new DiskError('ENOSPC')
        const how = await this.call('write')
        const written = how ? data.subarray(0, Math.ceil(data.length / 2)) : data
        node.live = Buffer.concat([node.live, written])
        if (how === 'half') throw new DiskError('EIO')
        return written.length
      },
      datasync: async () => {
        await this.call()
        node.durable = node.live
      },
      truncate: async length => {
        await this.call()
        node.live = node.live.subarray(0, length)
      },
      close: () => this.call().then(() => undefined),
    }
  }

  /** Throws where this call is to fail; a failing write is told how far it comes. */
  private async call(kind?: 'write'): Promise<'short' | 'half' | undefined> {
    this.calls++
    await new Promise<void>(resolve => setImmediate(resolve))
    const { fault } = this
    if (!fault || this.calls < fault.at || (this.failed && fault.how !== 'gone')) return undefined
    this.failed = true
    if (kind === 'write' && (fault.how === 'short' || fault.how === 'half')) return fault.how
    if (fault.how === 'short') return undefined
    throw new DiskError('EIO')
  }
}
