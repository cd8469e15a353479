import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { type SiteManifest, fetchTime } from '../../../web/offline/manifest'
import { SiteCache } from '../../../web/offline/site_cache'

const scope = 'https://host.example/lop/soi/'
const headers = { 'Cross-Origin-Embedder-Policy': 'require-corp' }

/** What a browser keeps. */
class FakeCaches {
  readonly stores = new Map<string, Map<string, Response>>()
  /** Addresses that there is no room for. */
  isFull: (url: string) => boolean = () => false

  open(name: string): Promise<Cache> {
    const store = this.stores.get(name) ?? new Map<string, Response>()
    this.stores.set(name, store)
    const cache = {
      match: (url: string) => Promise.resolve(store.get(url)?.clone()),
      put: (url: string, response: Response) =>
        this.isFull(url) ? Promise.reject(new DOMException('', 'QuotaExceededError')) : Promise.resolve(void store.set(url, response)),
    }
    return Promise.resolve(cache as unknown as Cache)
  }

  has = (name: string) => Promise.resolve(this.stores.has(name))

  keys = () => Promise.resolve([...this.stores.keys()])

  delete = (name: string) => Promise.resolve(this.stores.delete(name))
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

function manifestOf(version: string, files: Record<string, string>): SiteManifest {
  const entries = Object.entries(files).map(([path, text]) => ({ path, hash: hashOf(text), time: fetchTime(path) }))
  return { version, files: entries }
}

const first = {
  'index.html': 'home 1',
  'bai-hoc/a b/index.html': 'lesson 1',
  'models/demo/model.safetensors': 'weights',
  'engine/simd/soi.wasm': 'core 1',
  'engine/relaxed-threads/soi.wasm': 'relaxed 1',
}

describe('SiteCache', () => {
  let caches: FakeCaches
  let host: Record<string, string>
  let asked: string[]

  const fetchFromHost = (url: string | URL | Request) => {
    const path = decodeURI((url as string).slice(scope.length))
    asked.push(path)
    const text = host[path]
    return Promise.resolve(new Response(text ?? 'Not found', { status: text === undefined ? 404 : 200 }))
  }
  const siteCache = (manifest: SiteManifest) => new SiteCache(manifest, scope, headers, { caches, fetch: fetchFromHost })

  beforeEach(() => {
    caches = new FakeCaches()
    host = { ...first }
    asked = []
  })

  it('fetches the pages when it is installed, large files later, the opt-in core when it is asked for', async () => {
    const cache = siteCache(manifestOf('v1', first))
    await cache.install()
    expect(asked.sort()).toEqual(['bai-hoc/a b/index.html', 'index.html'])
    asked = []
    await cache.fill()
    expect(asked.sort()).toEqual(['engine/simd/soi.wasm', 'models/demo/model.safetensors'])
    asked = []
    expect(await (await cache.answer(cache.fileOf(`${scope}engine/relaxed-threads/soi.wasm`)!)).text()).toBe('relaxed 1')
    expect(asked).toEqual(['engine/relaxed-threads/soi.wasm'])
  })

  it('answers without the host once a file is kept, with the headers for threads', async () => {
    const cache = siteCache(manifestOf('v1', first))
    await cache.install()
    host = {}
    const response = await cache.answer(cache.fileOf(`${scope}bai-hoc/a%20b/?seed=1`)!)
    expect(await response.text()).toBe('lesson 1')
    expect(response.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    expect(response.headers.get('Content-Length')).toBe('8')
  })

  it('is not installed from a host that has another version of one file', async () => {
    host['index.html'] = 'home 2'
    await expect(siteCache(manifestOf('v1', first)).install()).rejects.toThrow('index.html: not as in version v1')
  })

  it('gives no file of another version, and keeps none', async () => {
    const cache = siteCache(manifestOf('v1', first))
    await cache.install()
    const core = cache.fileOf(`${scope}engine/simd/soi.wasm`)!
    host['engine/simd/soi.wasm'] = 'core 2'
    expect((await cache.answer(core)).type).toBe('error')
    host['engine/simd/soi.wasm'] = 'core 1'
    expect(await (await cache.answer(core)).text()).toBe('core 1')
  })

  it('takes from the version before what has not changed, and leaves it alone until told', async () => {
    const old = siteCache(manifestOf('v1', first))
    await old.install()
    await old.fill()
    const second = { ...first, 'index.html': 'home 2', 'engine/simd/soi.wasm': 'core 2' }
    host = { 'index.html': 'home 2' }
    asked = []
    const cache = siteCache(manifestOf('v2', second))
    await cache.install()
    expect(asked).toEqual(['index.html'])
    expect(await (await cache.answer(cache.fileOf(`${scope}models/demo/model.safetensors`)!)).text()).toBe('weights')
    expect(await (await old.answer(old.fileOf(scope)!)).text()).toBe('home 1')
    await cache.deleteOthers()
    expect([...caches.stores.keys()]).toEqual([`soi ${scope} v2`])
  })

  it('deletes nothing of a site under another path', async () => {
    caches.stores.set('soi https://host.example/ v0', new Map())
    const cache = siteCache(manifestOf('v1', first))
    await cache.install()
    await cache.deleteOthers()
    expect(await caches.keys()).toContain('soi https://host.example/ v0')
  })

  it('gives what the browser has no room to keep, and is not installed without room for the pages', async () => {
    const cache = siteCache(manifestOf('v1', first))
    await cache.install()
    caches.isFull = () => true
    expect(await (await cache.answer(cache.fileOf(`${scope}engine/simd/soi.wasm`)!)).text()).toBe('core 1')
    await expect(cache.fill()).rejects.toThrow('cannot be kept')
    await expect(siteCache(manifestOf('v2', first)).install()).rejects.toThrow('cannot be kept')
  })

  it('updates the pages where there is no room for a second copy of the large files', async () => {
    const old = siteCache(manifestOf('v1', first))
    await old.install()
    await old.fill()
    caches.isFull = (url) => url.includes('models/')
    await siteCache(manifestOf('v2', first)).install()
    expect(caches.stores.get(`soi ${scope} v2`)?.size).toBe(3)
  })

  it('serves an open page after the reader has erased the copy, and does not make it again', async () => {
    const cache = siteCache(manifestOf('v1', first))
    await cache.install()
    await caches.delete(`soi ${scope} v1`)
    asked = []
    await cache.fill()
    expect(asked).toEqual([])
    expect(await (await cache.answer(cache.fileOf(`${scope}engine/simd/soi.wasm`)!)).text()).toBe('core 1')
    expect(await caches.keys()).toEqual([])
  })

  it('downloads a file once for all who ask at the same time', async () => {
    const cache = siteCache(manifestOf('v1', first))
    const core = cache.fileOf(`${scope}engine/simd/soi.wasm`)!
    const answers = await Promise.all([cache.answer(core), cache.answer(core), cache.answer(core)])
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['core 1', 'core 1', 'core 1'])
    expect(asked).toHaveLength(1)
  })

  it('knows its own addresses', () => {
    const cache = siteCache(manifestOf('v1', first))
    expect(cache.fileOf(`${scope}#seed=2`)?.path).toBe('index.html')
    expect(cache.fileOf(`${scope}nowhere.html`)).toBeUndefined()
    expect(cache.fileOf('https://host.example/index.html')).toBeUndefined()
    expect(cache.lacksSlash(`${scope}bai-hoc/a%20b`)).toBe(true)
    expect(cache.lacksSlash(`${scope}bai-hoc/a%20b/`)).toBe(false)
    expect(cache.lacksSlash(`${scope}nowhere`)).toBe(false)
  })
})
