/** One run of a lesson's experiment at a time: the engine and the model it needs, progress, points as they come, cancel. */
import { type BuildInfo, type Engine, EngineError, type LessonResult, type LessonSpec, type ModelInfo, type NumberFormat, type Setting } from '../engine/engine'
import type { ModelSource } from '../models/model_source'
import type { ModelSession } from '../models/session'
import { type RunSettings, allValues } from './settings'

export type RunActivity =
  | { kind: 'idle' }
  /** The core, and the model where one is needed. */
  | { kind: 'loading'; since: number }
  | { kind: 'running'; since: number; fraction: number; parameters: Readonly<Record<string, Setting>> }
  | { kind: 'cancelled' }
  | { kind: 'failed'; error: EngineError }

export interface GrowingSeries {
  steps: number[]
  values: number[]
}

export interface Outcome {
  result: LessonResult
  /** What computed it. */
  build: BuildInfo
  /** null: of a simulation. */
  model: ModelInfo | null
}

/** What a run loads where the reader has chosen no model. */
export const unchosenModel: ModelSource = { kind: 'demo' }

export class LessonRun {
  #activity: RunActivity = { kind: 'idle' }
  #abort: AbortController | null = null
  #series = new Map<string, GrowingSeries>()
  #frame = 0

  constructor(
    private readonly spec: LessonSpec,
    private readonly session: ModelSession,
    private readonly formatWished: () => NumberFormat | null,
    private readonly onChange: () => void,
  ) {}

  get activity(): RunActivity {
    return this.#activity
  }

  /** What has been observed so far; of the last run, where none goes on. */
  get series(): ReadonlyMap<string, GrowingSeries> {
    return this.#series
  }

  get isBusy(): boolean {
    return this.#abort !== null
  }

  /** null where it failed or was cancelled: see `activity`. A run that goes on is cancelled first. */
  async start(settings: RunSettings): Promise<Outcome | null> {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    const isCurrent = () => this.#abort === abort
    this.#series = new Map()
    this.#set({ kind: 'loading', since: performance.now() })
    try {
      const engine = await this.#engine(abort.signal)
      const { build, model } = engine
      const { protocol, seed, given } = settings
      const since = performance.now()
      const parameters = allValues(this.spec, settings)
      this.#set({ kind: 'running', since, fraction: 0, parameters })
      const result = await engine.runLesson(
        { name: this.spec.name, protocol, seed, settings: { ...given } },
        {
          signal: abort.signal,
          onProgress: (fraction) => isCurrent() && this.#setSoon({ kind: 'running', since, fraction, parameters }),
          onPoint: (series, step, value) => isCurrent() && this.#add(series, step, value),
        },
      )
      if (!isCurrent()) return null
      this.#end({ kind: 'idle' })
      return { result, build, model: this.spec.needs_model ? model : null }
    } catch (error) {
      if (isCurrent()) this.#end(activityAfter(error))
      return null
    }
  }

  cancel(): void {
    this.#abort?.abort()
    if (this.#activity.kind === 'loading') this.session.cancel()
  }

  async #engine(signal: AbortSignal): Promise<Engine> {
    if (!this.spec.needs_model) return this.session.start()
    const { session } = this
    if (!session.state.model && !session.state.loading) void session.load(unchosenModel, this.formatWished() ?? undefined)
    const waits = session.state.loading !== null
    await this.#loadsEnd(signal)
    if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.')
    const { engine, state } = session
    // A model from before is not the one that was asked for.
    if (waits && state.error) throw state.error
    if (!engine) throw new EngineError('model_missing', 'There is no model.')
    return engine
  }

  /** A load may be replaced by another: what counts is that none goes on. */
  #loadsEnd(signal: AbortSignal): Promise<void> {
    const { session } = this
    return new Promise((resolve) => {
      const look = () => {
        if (session.state.loading && !signal.aborted) return
        session.removeEventListener('change', look)
        signal.removeEventListener('abort', look)
        resolve()
      }
      session.addEventListener('change', look)
      signal.addEventListener('abort', look)
      look()
    })
  }

  #add(name: string, step: number, value: number): void {
    let series = this.#series.get(name)
    if (!series) this.#series.set(name, (series = { steps: [], values: [] }))
    series.steps.push(step)
    series.values.push(value)
    this.#setSoon(this.#activity)
  }

  #end(activity: RunActivity): void {
    this.#abort = null
    this.#set(activity)
  }

  #set(activity: RunActivity): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#activity = activity
    this.onChange()
  }

  /** Progress and points come more often than the screen shows them. */
  #setSoon(activity: RunActivity): void {
    this.#activity = activity
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.onChange()
    })
  }
}

function activityAfter(error: unknown): RunActivity {
  if (!(error instanceof EngineError)) return { kind: 'failed', error: new EngineError('internal', String(error)) }
  return error.code === 'cancelled' ? { kind: 'cancelled' } : { kind: 'failed', error }
}
