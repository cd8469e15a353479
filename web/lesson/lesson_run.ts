/** One run of a lesson's experiment at a time: the engine and the model it needs, progress, points as they come, cancel. */
import { EngineError, type LessonResult, type LessonSpec, type NumberFormat, type Setting } from '../engine/engine'
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
  async start(settings: RunSettings): Promise<LessonResult | null> {
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    const isCurrent = () => this.#abort === abort
    this.#series = new Map()
    this.#set({ kind: 'loading', since: performance.now() })
    try {
      const engine = await this.#engine(abort.signal)
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
      return result
    } catch (error) {
      if (isCurrent()) this.#end(activityAfter(error))
      return null
    }
  }

  cancel(): void {
    this.#abort?.abort()
    if (this.#activity.kind === 'loading') this.session.cancel()
  }

  async #engine(signal: AbortSignal) {
    if (!this.spec.needs_model) return this.session.start()
    if (!this.session.state.model) await this.session.load(this.session.state.loading?.source ?? { kind: 'demo' }, this.formatWished() ?? undefined)
    if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.')
    const { engine, state } = this.session
    if (!engine) throw state.error ?? new EngineError('model_missing', 'There is no model.')
    return engine
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
