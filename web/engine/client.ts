/** The engine: starts workers, gives each request to the one that holds the model, replaces what breaks. */
import type {
  BuildInfo,
  Captured,
  Engine,
  InspectResult,
  LessonOptions,
  LessonResult,
  LessonSpec,
  RankedToken,
  RunOptions,
  Tokenized,
} from './engine'
import { EngineError, unreachable } from './error'
import type {
  CaptureRequest,
  GenerateRequest,
  InspectRequest,
  LessonPoints,
  LessonRequest,
  LoadRequest,
  ModelInfo,
} from './generated/messages'
import { type CallOptions, Host, type WorkerPort, cancelledError } from './host'
import { type Build, type Features, type PlatformWishes, chooseBuild, detectFeatures } from './platform'
import type { Request, RequestEvent, RequestName, Result } from './protocol'
import { toCaptured, toInspectResult, toLessonResult, toTokenized } from './results'
import { Vocabulary } from './vocabulary'

export interface EngineOptions extends PlatformWishes {
  /** Folder that holds `<variant>/soi.js` and `soi.wasm`; unset: `engine/` under the site's root. */
  coreFolder?: URL
}

/** What the client takes from the browser. */
export interface ClientParts {
  newWorker: () => WorkerPort
  compile: (url: URL) => Promise<WebAssembly.Module>
}

/**
 * Starts a core. Rejects with 'simd_missing' where the browser cannot run it, 'io_error' where it cannot be fetched.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  // Bundled code lies in a folder of the site's root, as this file does in the sources.
  const folder = options.coreFolder ?? new URL(/* @vite-ignore */ '../engine/', import.meta.url)
  return startClient(detectFeatures(), options, folder, { newWorker, compile })
}

/** The build that is wished; the plain one where the opt-in one cannot be had: without a network it may not have been kept. */
export async function startClient(
  features: Features,
  wishes: PlatformWishes,
  folder: URL,
  parts: ClientParts,
): Promise<Client> {
  const build = chooseBuild(features, wishes)
  try {
    return await Client.create(build, folder, parts)
  } catch (error) {
    const plain = chooseBuild(features, { ...wishes, relaxed: false })
    const isMissing = error instanceof EngineError && error.code === 'io_error'
    if (!isMissing || plain.variant === build.variant) throw error
    return Client.create(plain, folder, parts)
  }
}

function newWorker(): WorkerPort {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'soi' })
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  let response: Response
  let bytes: ArrayBuffer
  try {
    response = await fetch(url)
    bytes = await response.arrayBuffer()
  } catch (error) {
    throw unreachable(url.href, String(error))
  }
  if (!response.ok) throw unreachable(url.href, `status ${response.status}`)
  // Not compileStreaming: it refuses what a plain host serves without WebAssembly's media type.
  return WebAssembly.compile(bytes)
}

async function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  let refuse: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => (refuse = () => reject(cancelledError())))
  signal?.addEventListener('abort', refuse)
  if (signal?.aborted) refuse()
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal?.removeEventListener('abort', refuse)
  }
}

interface LoadedModel {
  file: Blob
  request: LoadRequest
  info: ModelInfo
}

/**
 * A worker holds one model at most. A new model is loaded in a worker of its own while the old one goes on answering:
 * a failed, cancelled or crashed load leaves it untouched, a cancel takes effect at once although reading is
 * synchronous, and the old model's memory goes back to the system, which WASM memory that only grows would not give.
 */
export class Client implements Engine {
  readonly build: BuildInfo
  readonly #folder: URL
  readonly #parts: ClientParts
  readonly #module: WebAssembly.Module
  readonly #hosts = new Set<Host>()
  #host: Promise<Host>
  #loaded: LoadedModel | null = null
  #loading: AbortController | null = null
  #vocabulary: Promise<Vocabulary> | null = null
  #lessons: Promise<LessonSpec[]> | null = null
  /** Settles when the last of the lessons that were asked for has ended. */
  #lessonsEnd: Promise<unknown> = Promise.resolve()
  /** Hosts that were ended to stop a request; what else they were asked is asked again. */
  readonly #abandoned = new WeakSet<Host>()
  #closed = false

  static async create(build: Build, folder: URL, parts: ClientParts): Promise<Client> {
    const module = await parts.compile(new URL(`${build.variant}/soi.wasm`, folder))
    const client = new Client(build, folder, parts, module)
    await client.#host
    return client
  }

  private constructor(build: Build, folder: URL, parts: ClientParts, module: WebAssembly.Module) {
    this.build = build
    this.#folder = folder
    this.#parts = parts
    this.#module = module
    this.#host = this.#readyHost()
  }

  get model(): ModelInfo | null {
    return this.#loaded?.info ?? null
  }

  async loadModel(file: Blob, request: LoadRequest, { signal, onProgress }: RunOptions = {}): Promise<ModelInfo> {
    this.#loading?.abort() // of two loads at once, the later one is meant
    const loading = new AbortController()
    this.#loading = loading
    const cancel = () => loading.abort()
    signal?.addEventListener('abort', cancel)
    if (signal?.aborted) cancel()
    try {
      const { host, info } = await this.#loadInNewHost(file, request, loading.signal, onProgress)
      const old = this.#host
      this.#host = Promise.resolve(host)
      this.#loaded = { file, request, info }
      void old.then((replaced) => replaced.endWhenIdle(), () => undefined)
      return info
    } finally {
      signal?.removeEventListener('abort', cancel)
      if (this.#loading === loading) this.#loading = null
    }
  }

  async tokenize(text: string, { special = false } = {}): Promise<Tokenized> {
    const bytes = new TextEncoder().encode(text)
    return toTokenized(await this.#call('tokenize', { text: bytes, special }), bytes)
  }

  async inspect(request: InspectRequest, { signal, onProgress }: RunOptions = {}): Promise<InspectResult> {
    const unique = { ...request, patternLayers: [...new Set(request.patternLayers)] }
    const columns = await this.#call('inspect', unique, { signal, onProgress })
    return toInspectResult(columns, unique, await this.#tokenBytes())
  }

  async generate(
    request: GenerateRequest,
    onToken: (token: RankedToken) => void,
    { signal, onProgress }: RunOptions = {},
  ): Promise<{ ids: number[]; cancelled: boolean; seconds: number }> {
    const vocabulary = await this.#tokenBytes()
    return this.#call('generate', request, {
      signal,
      onProgress,
      onEvent: (token) => onToken({ ...token, bytes: vocabulary.bytesOf(token.id) }),
      partial: true,
    })
  }

  async capture(request: CaptureRequest, { signal, onProgress }: RunOptions = {}): Promise<Map<string, Captured>> {
    const unique = { ...request, hooks: [...new Set(request.hooks)] }
    return toCaptured(await this.#call('capture', unique, { signal, onProgress }), unique)
  }

  lessons(): Promise<LessonSpec[]> {
    this.#lessons ??= this.#call('lessons', {}).then(({ json }) => JSON.parse(json) as LessonSpec[])
    this.#lessons.catch(() => (this.#lessons = null))
    return this.#lessons
  }

  async runLesson(request: LessonRequest, options: LessonOptions = {}): Promise<LessonResult> {
    const before = this.#lessonsEnd
    let end: () => void = () => undefined
    this.#lessonsEnd = Promise.all([before, new Promise<void>((resolve) => (end = resolve))])
    try {
      await unlessAborted(before, options.signal)
      return await this.#runLesson(request, options)
    } finally {
      end()
    }
  }

  close(): void {
    this.#closed = true
    for (const host of this.#hosts) host.end()
  }

  async #runLesson(
    request: LessonRequest,
    { signal, onProgress, onPoint }: LessonOptions,
  ): Promise<LessonResult> {
    const onEvent = ({ series, steps, values }: LessonPoints) =>
      series.forEach((name, i) => onPoint?.(name, steps[i]!, values[i]!))
    // Without threads it is one call, in which the worker hears nothing.
    const deaf = this.build.variant === 'simd'
    return toLessonResult(await this.#call('lesson', request, { signal, onProgress, onEvent, deaf }))
  }

  /** `deaf`: the worker cannot hear a cancel while it answers. */
  async #call<Name extends RequestName>(
    name: Name,
    request: Request<Name>,
    { deaf = false, onEvent, ...options }: CallOptions<Name> & { deaf?: boolean } = {},
  ): Promise<Result<Name>> {
    const { signal } = options
    let nHeard = 0
    for (;;) {
      // A recovery that failed (the file moved, say) is tried again by the next call.
      this.#host = this.#host.catch(() => this.#recover())
      const host = await this.#host
      if (deaf && signal?.aborted) throw cancelledError()
      const abandon = () => this.#abandon(host)
      if (deaf) signal?.addEventListener('abort', abandon)
      let nEvents = 0
      const onNewEvent = (event: RequestEvent<Name>) => {
        if (++nEvents <= nHeard) return // heard from a host that was abandoned
        nHeard = nEvents
        onEvent?.(event)
      }
      try {
        return await host.call(name, request, { ...options, onEvent: onNewEvent })
      } catch (error) {
        if (!this.#abandoned.has(host) || this.#closed || signal?.aborted) throw error
      } finally {
        signal?.removeEventListener('abort', abandon)
      }
    }
  }

  #abandon(host: Host): void {
    this.#abandoned.add(host)
    this.#replace(host)
    host.end()
  }

  #tokenBytes(): Promise<Vocabulary> {
    this.#vocabulary ??= this.#call('vocabulary', {}).then((columns) => new Vocabulary(columns))
    this.#vocabulary.catch(() => (this.#vocabulary = null))
    return this.#vocabulary
  }

  #newHost(): Host {
    if (this.#closed) throw cancelledError()
    const { variant, threads } = this.build
    const glue = new URL(`${variant}/soi.js`, this.#folder).href
    const host = new Host(this.#parts.newWorker(), { glue, module: this.#module, threads }, (crashed) => {
      this.#hosts.delete(host)
      if (crashed) this.#replace(host)
    })
    this.#hosts.add(host)
    return host
  }

  async #readyHost(): Promise<Host> {
    const host = this.#newHost()
    await host.ready
    return host
  }

  /** If it was the ending host that answers requests, another takes its place. */
  #replace(ending: Host): void {
    const current = this.#host
    const replaced = current.then((host) => (host === ending ? this.#recover() : host))
    replaced.catch(() => undefined) // the next call reports it
    this.#host = replaced
  }

  async #loadInNewHost(
    file: Blob,
    request: LoadRequest,
    signal?: AbortSignal,
    onProgress?: (fraction: number) => void,
  ): Promise<{ host: Host; info: ModelInfo }> {
    if (signal?.aborted) throw cancelledError()
    const host = this.#newHost()
    const end = () => host.end()
    signal?.addEventListener('abort', end)
    try {
      await host.ready
      return { host, info: await host.load(file, request, onProgress) }
    } catch (error) {
      host.end()
      throw error
    } finally {
      signal?.removeEventListener('abort', end)
    }
  }

  /** A new worker in place of one that crashed, with the model that it held. */
  async #recover(): Promise<Host> {
    if (!this.#loaded) return this.#readyHost()
    const { file, request } = this.#loaded
    return (await this.#loadInNewHost(file, request)).host
  }
}
