import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { read } from '../house/sources.ts'
import { type Directive, locationFor, named, readNginx } from './nginx-conf.ts'

const TEXT = read('docs/deploy/nginx.conf')
const conf = readNginx(TEXT)
const [plain, secure] = named(conf, 'server') as [Directive, Directive]
const wordsOf = (block: Directive, name: string) => named(block.inside, name).map(({ words }) => words.join(' '))
const goesOn = (server: Directive, path: string) => named(locationFor(server, path).inside, 'proxy_pass').length === 1

describe('the reverse proxy', () => {
  it.each([
    '/wecom/app',
    '/screen/9f2c',
    '/screen/9f2c/stream',
    '/screen/assets/screen.js',
    '/WW_verify_AbC123.txt',
    '/healthz',
  ])('lets %s through', path => {
    expect(goesOn(secure, path)).toBe(true)
  })

  it.each([
    '/',
    '/control/say',
    '/control/jobs/backup',
    '/metrics',
    '/readyz',
    '/simulator',
    '/simulator/api/file/a/b',
    '/WW_verify_../.env.txt',
    '/WW_verify_a.txt/x',
    '/healthz/x',
    '/.env',
  ])('keeps %s inside', path => {
    expect(wordsOf(locationFor(secure, path), 'return')).toEqual(['404'])
  })

  it('serves nothing without TLS, and leads only people to it', () => {
    expect(wordsOf(plain, 'listen')).toEqual(['80', '[::]:80'])
    for (const path of ['/wecom/app', '/control/say', '/healthz', '/'])
      expect(wordsOf(locationFor(plain, path), 'return')).toEqual(['404'])
    expect(wordsOf(locationFor(plain, '/screen/9f2c'), 'return')).toEqual(['301 https://$host$request_uri'])
    expect(wordsOf(secure, 'ssl_protocols')).toEqual(['TLSv1.2 TLSv1.3'])
    expect(wordsOf(secure, 'add_header')).toContain(
      'Strict-Transport-Security max-age=31536000; includeSubDomains always',
    )
  })

  it('writes neither signatures nor secret paths into its log', () => {
    const format = named(conf, 'log_format')[0]?.words.join(' ') ?? ''
    expect(format).toContain('$uri')
    expect(format).not.toMatch(/\$(request|request_uri|args|query_string|http_\w+)\b/)
    for (const server of [plain, secure]) {
      expect(wordsOf(server, 'access_log')).toEqual(['/var/log/nginx/zhibu.log zhibu'])
      expect(wordsOf(locationFor(server, '/screen/9f2c'), 'access_log')).toEqual(['off'])
      // Where the upstream is down nginx writes the whole request line, at the level 'error'.
      expect(wordsOf(locationFor(server, '/screen/9f2c'), 'error_log')).toEqual(['/var/log/nginx/error.log crit'])
    }
  })

  it('passes the live count on as it comes', () => {
    expect(wordsOf(locationFor(secure, '/screen/9f2c/stream'), 'proxy_buffering')).toEqual(['off'])
  })

  it.skipIf(spawnSync('nginx', ['-v']).error)('is taken by nginx itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zhibu-nginx-'))
    const own = (name: string) => join(folder, name)
    const files = ['-keyout', own('key.pem'), '-out', own('certificate.pem'), '-days', '1', '-subj', '/CN=localhost']
    spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files])
    const site = TEXT.replace('/etc/ssl/certs/zhibu.pem', own('certificate.pem'))
      .replace('/etc/ssl/private/zhibu.key', own('key.pem'))
      .replaceAll('/var/log/nginx/zhibu.log', own('access.log'))
      .replaceAll('/var/log/nginx/error.log', own('error.log'))
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${own(kind)};`)
    await writeFile(own('nginx.conf'), `pid ${own('pid')}; events {} http { ${paths.join(' ')} ${site} }`)
    const { status, stderr } = spawnSync('nginx', ['-t', '-c', own('nginx.conf'), '-e', own('error.log')])
    expect(stderr.toString()).toContain('test is successful')
    expect(status).toBe(0)
    await rm(folder, { recursive: true, force: true })
  })
})

describe('the reader of nginx files', () => {
  it('refuses what nginx refuses', () => {
    expect(() => readNginx('server { listen 80 }')).toThrow('semicolon')
    expect(() => readNginx('server { listen 80;')).toThrow('brace')
    expect(() => readNginx('server { listen 80; } }')).toThrow('brace')
  })
})
