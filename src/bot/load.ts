import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { ROLES } from '../domain/roster.ts'
import type { Command } from './command.ts'
import type { Job } from './job.ts'
import { AliasIndex, wordsOf } from './line.ts'
import { isCron } from './scheduler.ts'

/**
 * The loader is loud: a file of the wrong shape, a name that differs from the file, an alias taken twice, and the start
 * fails and names the file. A bot with a command missing is worse than no bot.
 */
export class LoadError extends Error {
  override readonly name = 'LoadError'
}

const shape = z.object({
  name: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'name must be ASCII kebab-case'),
  aliases: z.array(z.string().min(1)).min(1),
  summary: z.string().min(1),
  moment: z.enum(['会前', '会中', '会后', '通知', '党费', '学习', '我']),
  examples: z.array(z.string().min(1)).min(1),
  allow: z.union([z.literal('everyone'), z.array(z.enum(ROLES)).min(1)]),
  privateOnly: z.boolean().optional(),
  audience: z.enum(['branch', 'people']).optional(),
  once: z.boolean().optional(),
  args: z.instanceof(z.ZodObject),
  run: z.function(),
  publish: z.function().optional(),
  publishOptions: z.array(z.string().min(1)).optional(),
})

export class Registry {
  readonly aliases = new AliasIndex<Command>()
  readonly #byName = new Map<string, Command>()
  readonly #owners = new Map<string, string>()

  get commands(): readonly Command[] {
    return [...this.#byName.values()]
  }

  find(name: string): Command | undefined {
    return this.#byName.get(name)
  }

  get(name: string): Command {
    const command = this.find(name)
    if (!command) throw new LoadError(`there is no command named ${name}`)
    return command
  }

  add(command: Command, file: string): void {
    if (command.name !== basename(file, '.ts')) {
      throw new LoadError(`${file}: its name is '${command.name}', it must be '${basename(file, '.ts')}'`)
    }
    for (const alias of command.aliases) this.#claim(alias, file)
    for (const [at, alias] of command.aliases.entries()) this.aliases.add(alias, command, at === 0)
    this.#byName.set(command.name, command)
  }

  #claim(alias: string, file: string): void {
    if (wordsOf(alias).length > 2) throw new LoadError(`${file}: alias '${alias}' has more than two words`)
    const compact = wordsOf(alias.toLowerCase()).join('')
    const owner = this.#owners.get(compact)
    if (owner) throw new LoadError(`${file}: alias '${alias}' is taken by ${owner}`)
    this.#owners.set(compact, file)
  }
}

/** Reads every .ts file of the folder; their order is that of their names. Throws LoadError. */
export async function loadCommands(folder: string): Promise<Registry> {
  const registry = new Registry()
  const files = await filesOf(folder)
  const commands = await Promise.all(files.map(file => loadFile<Command>(join(folder, file), shape)))
  for (const [at, command] of commands.entries()) registry.add(command, join(folder, files[at] ?? ''))
  return registry
}

const jobShape = z.object({
  name: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'name must be ASCII kebab-case'),
  summary: z.string().min(1),
  cron: z.string().regex(/^\S+( \S+){4}$/, 'cron must have five fields'),
  catchUpMinutes: z.number().int().nonnegative(),
  run: z.function(),
})

/** Reads every job of the folder; their order is that of their names. Throws LoadError. */
export async function loadJobs(folder: string): Promise<readonly Job[]> {
  return Promise.all((await filesOf(folder)).map(file => loadJob(join(folder, file))))
}

async function loadJob(path: string): Promise<Job> {
  const job = await loadFile<Job>(path, jobShape)
  if (job.name !== basename(path, '.ts')) {
    throw new LoadError(`${path}: its name is '${job.name}', it must be '${basename(path, '.ts')}'`)
  }
  if (!isCron(job.cron)) throw new LoadError(`${path}: cron: '${job.cron}' means nothing`)
  return job
}

async function filesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter(file => file.endsWith('.ts')).sort()
}

/** What a file exports, once it has the shape: its functions cannot be looked into. */
async function loadFile<T>(path: string, shape: z.ZodType): Promise<T> {
  const exported = ((await importFile(path)) as { default?: unknown }).default
  const result = shape.safeParse(exported)
  if (result.success) return exported as T
  const issue = result.error.issues[0]
  throw new LoadError(`${path}: ${issue?.path.join('.') || 'default export'}: ${issue?.message}`)
}

async function importFile(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href)
  } catch (cause) {
    throw new LoadError(`${path}: cannot be loaded`, { cause })
  }
}
