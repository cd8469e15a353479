import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { serve } from '../../tools/serve/server.mjs'

const outside = mkdtempSync(join(tmpdir(), 'soi-serve-'))
const folder = join(outside, 'site')
mkdirSync(join(folder, 'san-choi'), { recursive: true })
writeFileSync(join(outside, 'secret.txt'), 'secret')
writeFileSync(join(folder, 'index.html'), 'trang chủ')
writeFileSync(join(folder, 'san-choi/index.html'), 'sân chơi')
writeFileSync(join(folder, 'soi.wasm'), 'wasm')
writeFileSync(join(folder, 'demo.safetensors'), 'weights')
writeFileSync(join(folder, '_headers'), '/*')

const open = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((site) => site.close()))
})

async function start(options) {
  const site = await serve({ folder, ...options })
  open.push(site)
  return site
}

/** fetch would resolve `..` before it sends the path. */
function rawStatus(site, path) {
  const { hostname, port } = new URL(site.url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, (response) => resolve(response.resume().statusCode)).on('error', reject).end()
  })
}

describe('the static server', () => {
  test('sends the headers of a real host, on every answer', async () => {
    const site = await start()
    for (const path of ['', 'soi.wasm', 'no-such-file']) {
      const { headers } = await fetch(site.url + path)
      expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
      expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
      expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin')
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
      const policy = headers.get('Content-Security-Policy')
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("'wasm-unsafe-eval'")
      expect(policy).not.toMatch(/'unsafe-(eval|inline)'|https?:|\*/)
    }
  })

  test('without isolation, the page has no threads but keeps its policy', async () => {
    const { headers } = await fetch((await start({ isolation: false })).url)
    expect(headers.has('Cross-Origin-Opener-Policy')).toBe(false)
    expect(headers.has('Cross-Origin-Embedder-Policy')).toBe(false)
    expect(headers.has('Content-Security-Policy')).toBe(true)
  })

  test.each([
    ['', 'text/html; charset=utf-8', 'trang chủ'],
    ['san-choi/', 'text/html; charset=utf-8', 'sân chơi'],
    ['san-choi?hat=1', 'text/html; charset=utf-8', 'sân chơi'],
    ['soi.wasm', 'application/wasm', 'wasm'],
    ['demo.safetensors', 'application/octet-stream', 'weights'],
  ])('serves %j as %s', async (path, type, text) => {
    const response = await fetch((await start()).url + path)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe(type)
    expect(await response.text()).toBe(text)
  })

  test.each([
    ['/no-such-file', 404],
    ['/_headers', 404],
    ['/../secret.txt', 404],
    ['/%2e%2e/secret.txt', 404],
    ['/..%2fsecret.txt', 400],
    ['/..%5csecret.txt', 400],
    ['/%00', 400],
    ['/%ff', 400],
  ])('gives nothing for %s', async (path, status) => {
    expect(await rawStatus(await start(), path)).toBe(status)
  })

  test('answers HEAD without a body and refuses to be written to', async () => {
    const site = await start()
    const head = await fetch(`${site.url}soi.wasm`, { method: 'HEAD' })
    expect([head.status, head.headers.get('Content-Length'), await head.text()]).toEqual([200, '4', ''])
    expect((await fetch(site.url, { method: 'POST', body: 'x' })).status).toBe(405)
  })

  test('serves under a sub-path, and nothing beside it', async () => {
    const site = await start({ base: '/lop/soi/' })
    expect(await (await fetch(`${site.url}san-choi`)).text()).toBe('sân chơi')
    expect((await fetch(new URL('/', site.url))).status).toBe(404)
  })

  test('says that the port is taken', async () => {
    const { port } = new URL((await start()).url)
    await expect(serve({ folder, port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
