/** One version of the site in the browser's cache. */
import { copyPrefix } from '../page/site_copy'
import type { FetchTime, SiteFile, SiteManifest } from './manifest'

export interface CacheParts {
  caches: Pick<CacheStorage, 'open' | 'has' | 'keys' | 'delete'>
  fetch: typeof fetch
}

const hashHeader = 'X-Soi-Hash'
/** A file's bytes. Every answer is made of them anew: a clone that nobody reads holds up the other in Firefox. */
interface Whole {
  bytes: ArrayBuffer
  headers: Record<string, string>
  /** Why the browser did not keep them; null: it did. */
  refusal: Error | null
}

/** As many as browsers open to one host under HTTP/1.1. */
const downloadsAtOnce = 6

export class SiteCache {
  private readonly files: Map<string, SiteFile>
  private readonly pending = new Map<string, Promise<Whole>>()
  private readonly prefix: string

  /**
   * @param scope the site's root, an absolute address with a slash at its end
   * @param headers what every answer carries beside its type: COOP and COEP among them
   */
  constructor(
    private readonly manifest: SiteManifest,
    private readonly scope: string,
    private readonly headers: Record<string, string>,
    private readonly parts: CacheParts,
  ) {
    this.files = new Map(manifest.files.map((file) => [file.path, file]))
    this.prefix = copyPrefix(scope)
  }

  private get name(): string {
    return this.prefix + this.manifest.version
  }

  /** The site's file for an address; a folder's is its index.html. Undefined where the site has none. */
  fileOf(url: string): SiteFile | undefined {
    const { origin, pathname } = new URL(url)
    const address = origin + pathname
    if (!address.startsWith(this.scope)) return undefined
    const path = decodeURIComponent(address.slice(this.scope.length))
    return this.files.get(path === '' || path.endsWith('/') ? `${path}index.html` : path)
  }

  /** Is this the address of a folder without its slash? Relative links would then lead astray. */
  lacksSlash(url: string): boolean {
    const { origin, pathname } = new URL(url)
    return this.fileOf(url) === undefined && this.fileOf(`${origin}${pathname}/`) !== undefined
  }

  /** Rejects, leaving what was there before, where a file cannot be had as this version has it, or not be kept. */
  async install(): Promise<void> {
    await this.parts.caches.open(this.name)
    await this.keepAll('install')
    // What an older version holds is lost with it. What there is no room for comes from the host when it is asked for.
    for (const file of this.manifest.files) {
      if (file.time !== 'install') await this.adopt(file)
    }
  }

  /** Fetches what may come late. Rejects where it cannot be had or not be kept. */
  async fill(): Promise<void> {
    if (await this.parts.caches.has(this.name)) await this.keepAll('background')
  }

  async deleteOthers(): Promise<void> {
    for (const name of await this.otherNames()) await this.parts.caches.delete(name)
  }

  /** Kept or fetched; an error where the host no longer has the file as this version has it. */
  async answer(file: SiteFile): Promise<Response> {
    try {
      return (await this.kept(file).catch(() => undefined)) ?? (await this.download(file))
    } catch {
      return Response.error()
    }
  }

  private async keepAll(time: FetchTime): Promise<void> {
    const queue = this.manifest.files.filter((file) => file.time === time)
    const worker = async () => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        if ((await this.kept(file)) || (await this.adopt(file))) continue
        const { refusal } = await this.whole(file)
        if (refusal === null) continue
        queue.length = 0
        throw refusal
      }
    }
    await Promise.all(Array.from({ length: downloadsAtOnce }, worker))
  }

  private address(file: SiteFile): string {
    return this.scope + encodeURI(file.path)
  }

  /** Null once the reader has erased it: what was erased stays so, though this worker still serves a page that is open. */
  private async cache(): Promise<Cache | null> {
    const { caches } = this.parts
    return (await caches.has(this.name)) ? caches.open(this.name) : null
  }

  private async kept(file: SiteFile): Promise<Response | undefined> {
    return (await this.cache())?.match(this.address(file))
  }

  /** Takes an unchanged file over from another version. */
  private async adopt(file: SiteFile): Promise<boolean> {
    for (const name of await this.otherNames()) {
      const response = await (await this.parts.caches.open(name)).match(this.address(file))
      if (response?.headers.get(hashHeader) !== file.hash) continue
      const { refusal } = await this.keep(file, await response.arrayBuffer(), response.headers.get('Content-Type'))
      return refusal === null
    }
    return false
  }

  private async download(file: SiteFile): Promise<Response> {
    const { bytes, headers } = await this.whole(file)
    return new Response(bytes, { headers })
  }

  /** One download for all who ask at the same time. */
  private whole(file: SiteFile): Promise<Whole> {
    let running = this.pending.get(file.path)
    if (running === undefined) {
      running = this.fetchWhole(file).finally(() => this.pending.delete(file.path))
      this.pending.set(file.path, running)
    }
    return running
  }

  private async fetchWhole(file: SiteFile): Promise<Whole> {
    const response = await this.parts.fetch(this.address(file), { cache: 'no-cache' })
    if (!response.ok) throw new Error(`${file.path}: status ${response.status}`)
    const bytes = await response.arrayBuffer()
    if ((await hashOf(bytes)) !== file.hash) throw new Error(`${file.path}: not as in version ${this.manifest.version}`)
    return this.keep(file, bytes, response.headers.get('Content-Type'))
  }

  private async keep(file: SiteFile, bytes: ArrayBuffer, type: string | null): Promise<Whole> {
    const headers = {
      ...this.headers,
      'Content-Type': type ?? 'application/octet-stream',
      'Content-Length': String(bytes.byteLength),
      [hashHeader]: file.hash,
    }
    const refusal = await this.put(file, new Response(bytes, { headers }))
    return { bytes, headers, refusal }
  }

  /** A browser without room for it refuses: whoever asked for the bytes has them nevertheless. */
  private async put(file: SiteFile, response: Response): Promise<Error | null> {
    try {
      const cache = await this.cache()
      if (cache === null) return new Error(`${file.path}: the copy was erased`)
      await cache.put(this.address(file), response)
      return null
    } catch (error) {
      return new Error(`${file.path} cannot be kept`, { cause: error })
    }
  }

  private async otherNames(): Promise<string[]> {
    return (await this.parts.caches.keys()).filter((name) => name.startsWith(this.prefix) && name !== this.name)
  }
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
