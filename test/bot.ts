import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe } from 'vitest'
import { backupsIn, noteChecked } from '../src/backup/keeping.ts'
import type { Registry } from '../src/bot/load.ts'
import type { Client } from '../src/bot/message.ts'
import { moveClock, resetClock } from '../src/clock.ts'
import { readConfig } from '../src/config.ts'
import type { Collectors } from '../src/export/reports.ts'
import { setLogLevel } from '../src/log.ts'
import { createService, type Service } from '../src/service.ts'
import type { Item, Simulator } from '../src/simulator/simulator.ts'
import { nodeFiles } from '../src/store/files.ts'
import { afterThisTest } from './ending.ts'

/**
 * A whole bot on a temporary store and the simulator, over the real wire protocol: what members see is what tests see.
 * The township of `township.csv`, on Tuesday 24 November 2026, ten in the morning.
 */
export const TOWNSHIP = new URL('./township.csv', import.meta.url)
export const START = '2026-11-24T10:00:00+08:00'

/** How a pushed message introduces the words that stand for a button. */
const PUSHED_WORDS: Readonly<Record<string, string>> = {
  请假: '不能来',
  准假: '同意',
  不准: '不同意',
  收到: '看到了',
  开始答题: '想答',
}

/** Runs the tests once for people who see cards and once for people who see plain text (WECOM.md 4.6). */
export function inBothRenderings(name: string, tests: (client: Client) => void): void {
  describe.each(['cards', 'text'] as const)(`${name} (%s)`, tests)
}

interface BotOptions {
  client?: Client
  at?: string
  env?: Record<string, string>
  collectors?: Collectors
  registry?: Registry
  /** Restores its backups to check them; else it takes them for checked: a thread for each would be a third of the tests' time. */
  checksBackups?: boolean
  /** The records it begins with: a data folder, which it leaves as it is (`keepRecords`). */
  records?: string
}

export async function startBot(options: BotOptions = {}): Promise<TestBot> {
  setLogLevel('silent')
  const folder = await mkdtemp(join(tmpdir(), 'zhibu-'))
  const client = options.client ?? 'text'
  const config = readConfig({
    PORT: '1',
    CLIENT_DEFAULT: client,
    CLOCK: options.at ?? START,
    STORE_URL: `file:${folder}`,
    ...options.env,
  })
  const bot = new TestBot(folder, client, { ...config, port: 0 }, options)
  afterThisTest(async () => {
    await bot.close()
    resetClock()
  })
  if (options.records) await cp(options.records, folder, { recursive: true })
  if (!options.checksBackups) await takeForChecked(folder)
  await bot.start()
  return bot
}

async function takeForChecked(folder: string): Promise<void> {
  await nodeFiles.makeFolder(backupsIn(folder))
  await noteChecked(backupsIn(folder), { good: { file: '', day: '9999-12-31' } })
}

export class TestBot {
  #service: Service | undefined
  #ended: Promise<void> | undefined
  #port = 0
  readonly #seen = new Map<string, number>()

  constructor(
    readonly folder: string,
    readonly client: Client,
    private readonly config: ReturnType<typeof readConfig>,
    private readonly brought: Pick<BotOptions, 'collectors' | 'registry'>,
  ) {}

  get service(): Service {
    if (!this.#service) throw new Error('the bot is not running')
    return this.#service
  }

  /** Where its routes are. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get simulator(): Simulator {
    if (!this.service.simulator) throw new Error('no simulator')
    return this.service.simulator
  }

  async start(clock = this.config.clock): Promise<void> {
    const { collectors, registry } = this.brought
    const brought = { registry, ...(collectors && { collectors: () => collectors }) }
    const service = await createService({ ...this.config, clock }, await this.#roster(), brought)
    this.#service = service
    this.#port = await service.listen()
  }

  /** For plain text everybody is on WeChat, which the roster says (column 微信). */
  async #roster(): Promise<string> {
    const file = join(this.folder, '..', `${basename(this.folder)}.csv`)
    const [header = '', ...rows] = (await readFile(TOWNSHIP, 'utf8')).trimEnd().split('\n')
    const column = header.split(',').indexOf('微信')
    const marked = rows.map(row =>
      row
        .split(',')
        .with(column, this.client === 'text' ? '是' : '否')
        .join(','),
    )
    await writeFile(file, [header, ...marked].join('\n'))
    return file
  }

  /** Says a line; resolves with everything the bot then showed this person, oldest first, as words. */
  async says(userId: string, line: string): Promise<string> {
    this.#markSeen(userId)
    await this.simulator.say(userId, line)
    await this.idle()
    return this.newFor(userId)
  }

  /** Binds the group of this officer's branch by a robot's key, as he would; its first post says that it works. */
  async bindsGroup(userId: string): Promise<void> {
    const key = '693a91f6-7a0c-4bc4-97a0-0ec2sifa5aaa'
    this.simulator.addWebhook(key, '支部群')
    const answer = await this.says(userId, `群 机器人 ${key}`)
    if (!answer.includes('绑定')) throw new Error(answer)
  }

  /** What was posted in groups since they were bound. */
  posts(): string[] {
    return this.simulator.groups.flatMap(({ posts }) => posts.slice(1).map(({ text }) => text))
  }

  /** Presses the button, or says what plain text names for it: the digit of a reply, the words of a message. */
  async chooses(userId: string, label: string): Promise<string> {
    if (this.client === 'cards') {
      this.#markSeen(userId)
      await this.simulator.press(userId, { label })
      await this.idle()
      return this.newFor(userId)
    }
    return this.says(userId, this.#wordsFor(userId, label))
  }

  /** Ticks these options of the newest open vote card ('AC') and submits it, or says the letters. */
  async answers(userId: string, letters: string): Promise<string> {
    if (this.client === 'text') return this.says(userId, letters)
    this.#markSeen(userId)
    await this.simulator.submit(userId, [...letters])
    await this.idle()
    return this.newFor(userId)
  }

  #wordsFor(userId: string, label: string): string {
    const texts = this.items(userId)
      .map(item => item.text)
      .reverse()
    for (const text of texts) {
      const digit = new RegExp(`(\\d) ${label}(?:\u3000|$)`, 'mu').exec(text)?.[1]
      if (digit) return digit
      const said = new RegExp(`^${PUSHED_WORDS[label] ?? label}请回：(.+)$`, 'mu').exec(text)?.[1]
      if (said) return said
    }
    throw new Error(`nothing offers ${label} to ${userId}`)
  }

  /** Every message this person got, oldest first, as words. */
  sentTo(userId: string): string[] {
    return this.items(userId).map(item => item.text)
  }

  /** What he got since his last line (or since `forget`). */
  newFor(userId: string): string {
    return this.sentTo(userId)
      .slice(this.#seen.get(userId) ?? 0)
      .join('\n')
  }

  forget(userId: string): void {
    this.#markSeen(userId)
  }

  items(userId: string): Item[] {
    return this.simulator.inbox(userId)
  }

  #markSeen(userId: string): void {
    this.#seen.set(userId, this.items(userId).length)
  }

  /** Moves the clock; what falls due by that happens. */
  async at(instant: string): Promise<void> {
    moveClock(new Date(instant))
    await this.idle()
  }

  async idle(): Promise<void> {
    await this.service.idle()
  }

  /** Ends it as SIGTERM would, and starts it again on the same data. */
  async restart(): Promise<void> {
    await this.service.close()
    await this.start()
  }

  /** The machine sleeps until then. What it was sent before is forgotten: the simulator begins anew. */
  async sleepsUntil(instant: string): Promise<void> {
    await this.service.close()
    this.#seen.clear()
    await this.start(new Date(instant))
    await this.idle()
  }

  /** Ends it, and leaves what it recorded in a folder of the caller's. */
  async keepRecords(folder: string): Promise<void> {
    await this.service.close()
    await cp(this.folder, folder, { recursive: true })
    await this.close()
  }

  close(): Promise<void> {
    this.#ended ??= this.#end()
    return this.#ended
  }

  async #end(): Promise<void> {
    await this.service.close()
    await rm(this.folder, { recursive: true, force: true })
    await rm(`${this.folder}.csv`, { force: true })
  }
}
