import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Middleware } from 'koa'

/** A name that WeCom hands out (WECOM.md 12), and no other: neither a folder nor an encoded character can stand in it. */
const NAME = /^\/(WW_verify_[A-Za-z0-9]{1,64}\.txt)$/
const MOST_BYTES = 1024

/**
 * The files by which WeCom sees that a domain is ours: `/WW_verify_….txt`, out of one folder. Only plain files: a link could
 * show what lies elsewhere.
 */
export function verificationFiles(folder: string): Middleware {
  return async (ctx, next) => {
    const name = NAME.exec(ctx.path)?.[1]
    if (!name || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
    const bytes = await readSmallFile(join(folder, name))
    if (!bytes) return
    ctx.type = 'text/plain; charset=utf-8'
    ctx.set('x-content-type-options', 'nosniff')
    ctx.body = bytes
  }
}

/** undefined: there is none, or it is not what WeCom hands out. */
async function readSmallFile(path: string): Promise<Buffer | undefined> {
  let file: FileHandle
  try {
    // Without O_NONBLOCK a pipe of that name would hold the request for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const found = await file.stat()
    return found.isFile() && found.size <= MOST_BYTES ? await file.readFile() : undefined
  } finally {
    await file.close()
  }
}
