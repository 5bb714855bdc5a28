import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Koa from 'koa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verificationFiles } from '../../src/http/verification.ts'

let folder: string
let server: Server

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhibu-verify-'))
  await mkdir(join(folder, 'verify'))
  const at = (name: string) => join(folder, 'verify', name)
  await writeFile(join(folder, 'secret.txt'), 'hush')
  await writeFile(at('WW_verify_a1B2c3D4e5F6g7H8.txt'), 'a1B2c3D4e5F6g7H8')
  await writeFile(at('WW_verify_full.txt'), 'x'.repeat(1024))
  await writeFile(at('WW_verify_large.txt'), 'x'.repeat(1025))
  await writeFile(at('WW_verify_page.html'), 'hush')
  await writeFile(at('other.txt'), 'hush')
  await symlink(join(folder, 'secret.txt'), at('WW_verify_link.txt'))
  await mkdir(at('WW_verify_folder.txt'))
  execFileSync('mkfifo', [at('WW_verify_pipe.txt')])
  const app = new Koa()
  app.use(verificationFiles(join(folder, 'verify')))
  server = createServer(app.callback())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

/** Not by fetch, which tidies a path before it is sent. */
const ask = (path: string, method = 'GET') =>
  new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    const { port } = server.address() as AddressInfo
    request({ port, host: '127.0.0.1', path, method }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: String(response.headers['content-type']), body }),
      )
    })
      .on('error', reject)
      .end()
  })

describe('the files that prove a domain', () => {
  it('are given out byte for byte, as plain text', async () => {
    const path = '/WW_verify_a1B2c3D4e5F6g7H8.txt'
    expect(await ask(path)).toEqual({ status: 200, type: 'text/plain; charset=utf-8', body: 'a1B2c3D4e5F6g7H8' })
    expect(await ask(`${path}?from=wecom`)).toMatchObject({ status: 200, body: 'a1B2c3D4e5F6g7H8' })
    expect(await ask(path, 'HEAD')).toMatchObject({ status: 200, body: '' })
    expect((await ask('/WW_verify_full.txt')).body).toHaveLength(1024)
  })

  it.each([
    '/WW_verify_missing.txt',
    '/WW_verify_large.txt',
    '/WW_verify_link.txt',
    '/WW_verify_folder.txt',
    '/WW_verify_pipe.txt',
    '/WW_verify_page.html',
    '/other.txt',
    '/',
    '/verify/',
    '/WW_verify_',
    '/WW_verify_.txt',
    '/WW_verify_../secret.txt',
    '/../secret.txt',
    '/WW_verify_%2e%2e%2fsecret.txt',
    '/WW_verify_..%2f..%2fsecret.txt',
    '/WW_verify_full%2etxt',
    '/WW_verify_full.txt%00',
    '/WW_verify_full.txt/',
    '/WW_verify_full.txt/..',
    '//WW_verify_full.txt',
    '/x/WW_verify_full.txt',
    '/WW_verify_full.txt%0a',
    '/ww_verify_full.txt',
    '/WW_verify_full.TXT',
    `/WW_verify_${'x'.repeat(65)}.txt`,
  ])('%s is not there', async path => {
    expect(await ask(path)).toMatchObject({ status: 404, body: 'Not Found' })
  })

  it('cannot be written', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask('/WW_verify_full.txt', method)).status).toBe(404)
  })
})
