/** The page's one engine and its model: started once, loaded from a source, replaced only by what has loaded. */
import {
  type BuildInfo,
  type Engine,
  EngineError,
  type EngineOptions,
  type ModelInfo,
  type NumberFormat,
} from '../engine/engine'
import { type ModelSource, openModel } from './model_source'

export interface Loading {
  source: ModelSource
  phase: 'start' | 'fetch' | 'load'
  /** In [0, 1]; null while it is not known. */
  fraction: number | null
  /** When it began, as performance.now() counts. */
  since: number
}

export interface SessionState {
  build: BuildInfo | null
  /** What answers requests now, and where it came from. */
  model: ModelInfo | null
  source: ModelSource | null
  loading: Loading | null
  /** Why the last load did not succeed; the model from before stays. */
  error: EngineError | null
}

export type EngineMaker = (options: EngineOptions) => Promise<Engine>

export class ModelSession extends EventTarget {
  #state: SessionState = { build: null, model: null, source: null, loading: null, error: null }
  #started: { engine: Engine; relaxed: boolean } | null = null
  #relaxed: boolean
  #abort: AbortController | null = null

  /** 'change' is dispatched after each change of `state`. */
  constructor(
    private readonly makeEngine: EngineMaker,
    relaxed = false,
  ) {
    super()
    this.#relaxed = relaxed
  }

  get state(): SessionState {
    return this.#state
  }

  /** What to send requests to; null until a model has loaded. */
  get engine(): Engine | null {
    return this.#state.model ? this.#engine : null
  }

  get relaxed(): boolean {
    return this.#relaxed
  }

  /** The engine alone, for what needs no model. Rejects where the browser cannot run it. */
  async start(): Promise<Engine> {
    const relaxed = this.#relaxed
    const engine = await this.#startedEngine()
    if (engine !== this.#engine) {
      this.#engine?.close()
      this.#started = { engine, relaxed }
    }
    this.#update({ build: engine.build })
    return engine
  }

  /** Resolves when the load has ended, well or not: see `state`. A later call replaces it. */
  async load(source: ModelSource, format?: NumberFormat): Promise<void> {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    const isCurrent = () => this.#abort === abort
    const loading: Loading = { source, phase: 'start', fraction: null, since: performance.now() }
    this.#update({ loading, error: null })
    const progress = (phase: Loading['phase']) => (fraction: number) => {
      if (isCurrent()) this.#update({ loading: { ...loading, phase, fraction } })
    }
    let engine: Engine | null = null
    try {
      const opening = openModel(source, { signal: abort.signal, onProgress: progress('fetch') })
      opening.catch(() => undefined) // awaited below, unless there is no engine
      engine = await this.#startedEngine()
      const { name, file, configJson } = await opening
      const request = { name, ...(format && { format }), ...(configJson !== undefined && { configJson }) }
      const model = await engine.loadModel(file, request, { signal: abort.signal, onProgress: progress('load') })
      if (isCurrent()) this.#replaceEngine(engine, { model, source })
    } catch (error) {
      if (isCurrent()) this.#update({ loading: null, error: toEngineError(error) })
      abort.abort() // a download that has lost its purpose
    } finally {
      if (isCurrent()) this.#abort = null
      if (engine !== this.#engine) engine?.close()
    }
  }

  cancel(): void {
    this.#abort?.abort()
  }

  /** The reader goes on to another file: what was wrong with the last one says nothing of it. */
  forgetError(): void {
    if (this.#state.error) this.#update({ error: null })
  }

  /** Takes effect with the next load. */
  setRelaxed(relaxed: boolean): void {
    this.#relaxed = relaxed
    this.dispatchEvent(new Event('change'))
  }

  /** The engine of the model, or another where a different build is wished. */
  async #startedEngine(): Promise<Engine> {
    const started = this.#started
    if (started?.relaxed === this.#relaxed) return started.engine
    const relaxed = this.#relaxed
    const engine = await this.makeEngine({ relaxed })
    this.#started ??= { engine, relaxed }
    return engine
  }

  #replaceEngine(engine: Engine, { model, source }: { model: ModelInfo; source: ModelSource }): void {
    if (this.#engine !== engine) {
      this.#engine?.close()
      this.#started = { engine, relaxed: this.#relaxed }
    }
    this.#update({ build: engine.build, model, source, loading: null })
  }

  get #engine(): Engine | null {
    return this.#started?.engine ?? null
  }

  #update(changes: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...changes }
    this.dispatchEvent(new Event('change'))
  }
}

function toEngineError(error: unknown): EngineError {
  return error instanceof EngineError ? error : new EngineError('internal', String(error))
}
