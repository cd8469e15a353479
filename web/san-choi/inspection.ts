/** From text to what the model computes for it: tokens at once, then distributions and patterns, then the lens. */
import {
  type Engine,
  EngineError,
  type InspectResult,
  type ModelInfo,
  type NextToken,
  type RankedToken,
  type TokenPiece,
  type Tokenized,
} from '../engine/engine'
import type { RunState } from '../page/run_status'

/** What a run read: equal inputs give equal results. */
export interface Input {
  model: ModelInfo
  ids: number[]
  pieces: TokenPiece[]
}

export interface Measured<T> {
  value: T
  input: Input
}

export interface Text {
  text: string
  /** All of it. */
  tokenized: Tokenized
  /** The tokens that the model reads: the first ones, as many as its context holds. */
  kept: TokenPiece[]
  /** The groups among `kept`: see Tokenized. */
  groups: number[]
}

export interface InspectionState {
  text: Text | null
  next: Measured<NextToken[]> | null
  patterns: Measured<Map<number, Float32Array>> | null
  lens: Measured<RankedToken[][][]> | null
  nextRun: RunState
  lensRun: RunState
}

type RunName = 'nextRun' | 'lensRun'

/** How many of the most probable tokens are shown. */
export const topTokens = 15
const lensTokens = 5

/** Runs that will take longer wait for the reader's word. */
const patienceSeconds: Record<RunName, number> = { nextRun: 2, lensRun: 3 }
/** Before anything was measured: multiply-adds a second for each thread, low enough for a phone. */
const assumedRate = 3e9
/** Patterns of all layers are asked for at once where they take no more bytes than this. */
const patternBudget = 64e6

export class Inspection extends EventTarget {
  #state: InspectionState = {
    text: null,
    next: null,
    patterns: null,
    lens: null,
    nextRun: { kind: 'waiting' },
    lensRun: { kind: 'waiting' },
  }
  #engine: Engine | null = null
  #layer = 0
  readonly #aborts = new Map<RunName, AbortController>()
  /** Seconds a token, by run: of the fastest one yet, for short texts cost more a token. */
  #pace: Partial<Record<RunName, number>> = {}
  #textNumber = 0

  /** 'change' is dispatched after each change. */
  get state(): InspectionState {
    return this.#state
  }

  /** The run's input now: tokens that the model reads. Null without a model or without text. */
  get input(): Input | null {
    const { text } = this.#state
    const model = this.#engine?.model
    if (!text || !model || text.kept.length === 0) return null
    return { model, ids: text.kept.map(({ id }) => id), pieces: text.kept }
  }

  get model(): ModelInfo | null {
    return this.#engine?.model ?? null
  }

  /** The bytes of a token that a run read. */
  bytesOf(input: Input, position: number): Uint8Array {
    return input.pieces[position]?.bytes ?? new Uint8Array()
  }

  isStale(measured: Measured<unknown> | null): boolean {
    const { input } = this
    if (!measured || !input) return measured !== null
    return measured.input.model !== input.model || !sameIds(measured.input.ids, input.ids)
  }

  /** A new model, or the first one. */
  setEngine(engine: Engine): void {
    this.#engine = engine
    this.#pace = {}
    void this.setText(this.#state.text?.text ?? '')
  }

  async setText(text: string): Promise<void> {
    const engine = this.#engine
    const model = engine?.model
    this.#textNumber += 1
    if (!engine || !model) {
      this.#state = { ...this.#state, text: { text, tokenized: { tokens: [], groups: [] }, kept: [], groups: [] } }
      return
    }
    const number = this.#textNumber
    try {
      const tokenized = await engine.tokenize(text)
      if (number !== this.#textNumber) return
      const kept = tokenized.tokens.slice(0, model.config.nCtx)
      const groups = tokenized.groups.filter((first) => first < kept.length)
      this.#update({ text: { text, tokenized, kept, groups } })
      this.#runOrWait('nextRun')
    } catch (error) {
      if (number === this.#textNumber) this.#update({ nextRun: failure(error) })
    }
  }

  /** Patterns of this layer are wanted. */
  setLayer(layer: number): void {
    this.#layer = layer
    const { patterns } = this.#state
    if (!patterns || this.isStale(patterns)) return
    const shown = this.#shownLayer(patterns.input)
    if (!patterns.value.has(shown)) void this.#runPatterns(shown)
  }

  /** A link may ask for a layer that this model does not have: its last one is shown. */
  #shownLayer({ model }: Input): number {
    return Math.min(this.#layer, model.config.nLayers - 1)
  }

  /** Runs now, however long it takes. */
  run(name: RunName): void {
    void (name === 'nextRun' ? this.#runNext() : this.#runLens())
  }

  cancel(name: RunName): void {
    this.#aborts.get(name)?.abort()
  }

  /** Seconds that a run over the present text will take, about. */
  estimate(name: RunName): number {
    const { input } = this
    if (!input) return 0
    const pace = this.#pace[name]
    if (pace !== undefined) return pace * input.ids.length
    const { nLayers, dModel, nVocab } = input.model.config
    const unembedding = nVocab * dModel
    const multiplyAdds = 12 * nLayers * dModel * dModel + unembedding * (name === 'lensRun' ? nLayers + 1 : 1)
    return (multiplyAdds * input.ids.length) / (assumedRate * (this.#engine?.build.threads ?? 1))
  }

  /** Ends a run whose result nobody waits for any more; unlike after `cancel`, its state is not told. */
  #drop(name: RunName): void {
    const abort = this.#aborts.get(name)
    this.#aborts.delete(name)
    abort?.abort()
  }

  #runOrWait(name: RunName): void {
    this.#drop(name)
    if (!this.input) {
      this.#drop('lensRun')
      this.#update({ nextRun: { kind: 'idle' }, lensRun: { kind: 'idle' } })
      return
    }
    const estimate = this.estimate(name)
    if (estimate <= patienceSeconds[name]) this.run(name)
    else this.#update({ [name]: { kind: 'ready', estimate, hasOlder: this.#state[name === 'nextRun' ? 'next' : 'lens'] !== null } })
    if (name === 'nextRun' && this.#state.nextRun.kind === 'ready') this.#runOrWait('lensRun')
  }

  async #runNext(): Promise<void> {
    const { input } = this
    if (!input) return
    const { nLayers, nHeads } = input.model.config
    const layers = Array.from({ length: nLayers }, (_, layer) => layer)
    const fits = 4 * nLayers * nHeads * input.ids.length ** 2 <= patternBudget
    const patternLayers = fits ? layers : [this.#shownLayer(input)]
    const result = await this.#run('nextRun', input, { top: topTokens, lensTop: 0, patternLayers })
    if (!result) return
    this.#update({ next: { value: result.next, input }, patterns: { value: result.patterns, input } })
    // Another layer may have been asked for meanwhile.
    this.setLayer(this.#layer)
    this.#runOrWait('lensRun')
  }

  async #runLens(): Promise<void> {
    const { input } = this
    if (!input) return
    const result = await this.#run('lensRun', input, { top: 1, lensTop: lensTokens, patternLayers: [] })
    if (result) this.#update({ lens: { value: result.lens, input } })
  }

  async #runPatterns(layer: number): Promise<void> {
    const { input } = this
    if (!input) return
    const result = await this.#run('nextRun', input, { top: 1, lensTop: 0, patternLayers: [layer] })
    const { patterns } = this.#state
    if (result && patterns && !this.isStale(patterns)) {
      this.#update({ patterns: { value: new Map([...patterns.value, ...result.patterns]), input } })
    }
  }

  /** Null where it was cancelled, replaced, or failed. */
  async #run(
    name: RunName,
    { ids, model }: Input,
    request: { top: number; lensTop: number; patternLayers: number[] },
  ): Promise<InspectResult | null> {
    const engine = this.#engine
    if (!engine) return null
    this.#drop(name)
    const abort = new AbortController()
    this.#aborts.set(name, abort)
    const isCurrent = () => this.#aborts.get(name) === abort
    const since = performance.now()
    this.#update({ [name]: { kind: 'running', fraction: 0, since } })
    try {
      const result = await engine.inspect(
        { ids, ...request },
        {
          signal: abort.signal,
          onProgress: (fraction) => {
            if (isCurrent()) this.#update({ [name]: { kind: 'running', fraction, since } })
          },
        },
      )
      if (!isCurrent()) return null
      this.#pace[name] = Math.min(this.#pace[name] ?? Infinity, result.seconds / ids.length)
      const { variant, threads } = engine.build
      this.#update({ [name]: { kind: 'done', model: model.name, variant, threads, seconds: result.seconds } })
      return result
    } catch (error) {
      if (!isCurrent()) return null
      this.#update({ [name]: failure(error) })
      if (name === 'nextRun') this.#update({ lensRun: { kind: 'idle' } })
      return null
    }
  }

  #update(changes: Partial<InspectionState>): void {
    this.#state = { ...this.#state, ...changes }
    this.dispatchEvent(new Event('change'))
  }
}

function sameIds(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}

function failure(error: unknown): RunState {
  const fault = error instanceof EngineError ? error : new EngineError('internal', String(error))
  return fault.code === 'cancelled' ? { kind: 'cancelled' } : { kind: 'failed', error: fault }
}
