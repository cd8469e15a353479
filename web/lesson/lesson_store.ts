/**
 * A lesson's page as data: settings, guesses, the result that is shown and where it came from, and the run that goes on.
 * Elements read it and call it; each change is told by a 'change' event.
 */
import { createEngine } from '../engine/engine'
import { ModelSession } from '../models/session'
import { type Agreement, compareResults } from './agreement'
import type { Guess, LessonDefinition, PlotContext } from './define_lesson'
import type { LessonResult, LessonSpec, Setting } from '../engine/engine'
import { type Guesses, keep, readKept } from './kept_work'
import type { ClaimMeta } from './ledger_html'
import { LessonLink } from './lesson_link'
import { LessonRun, type RunActivity } from './lesson_run'
import { type RunSettings, allValues, settingsOf } from './settings'
import type { Selection } from '../plots/selection'

export interface LessonFacts {
  slug: string
  spec: LessonSpec
  metas: Readonly<Record<string, ClaimMeta>>
}

export type Origin =
  | { kind: 'precomputed' }
  | { kind: 'measured'; build: string; agreement: Agreement | null }
  /** By this browser, of an earlier visit. */
  | { kind: 'kept' }
  | { kind: 'opened' }

export interface Shown {
  result: LessonResult
  origin: Origin
}

/** A run that was shorter follows the controls by itself. */
const cheapSeconds = 0.1
const settlingPause = 120

export class LessonStore extends EventTarget {
  readonly session: ModelSession
  readonly run: LessonRun
  readonly link: LessonLink
  #settings: RunSettings
  #shown: Shown | null = null
  #guesses: Guesses = {}
  #precomputed: Promise<LessonResult | null> = Promise.resolve(null)
  #settling = 0
  #selection: Selection | null = null

  constructor(
    readonly definition: LessonDefinition,
    readonly facts: LessonFacts,
  ) {
    super()
    this.link = new LessonLink(facts.spec, () => this.#onNavigate())
    this.#settings = this.link.settings
    this.session = new ModelSession(createEngine, this.link.relaxed)
    this.run = new LessonRun(facts.spec, this.session, () => this.link.format, () => this.#changed())
    this.session.addEventListener('change', () => this.#onSession())
  }

  /** `precomputed`: what the build computed; null where it cannot be fetched. */
  async start(precomputed: Promise<LessonResult | null>): Promise<void> {
    this.#precomputed = precomputed
    const kept = await readKept(this.facts.slug)
    this.#guesses = { ...kept.guesses, ...this.#guesses }
    if (!this.#shown && kept.result && this.#mayShow(kept.result)) this.#show({ result: kept.result, origin: { kind: 'kept' } })
    else this.#changed()
    const result = await precomputed
    if (!this.#shown && result) this.#show({ result, origin: { kind: 'precomputed' } })
  }

  get settings(): RunSettings {
    return this.#settings
  }

  get shown(): Shown | null {
    return this.#shown
  }

  get activity(): RunActivity {
    return this.run.activity
  }

  get values(): Record<string, Setting> {
    return allValues(this.facts.spec, this.#settings)
  }

  /** What in the settings is no longer that of the result shown. */
  get staleness(): 'fresh' | 'parameters' | 'model' {
    const result = this.#shown?.result
    if (!result) return 'fresh'
    const { protocol, seed } = this.#settings
    const values = Object.entries(this.values)
    const isSame = result.protocol === protocol && result.seed === seed && values.every(([name, value]) => result.parameters[name] === value)
    if (!isSame) return 'parameters'
    const model = this.session.state.model?.name
    return this.facts.spec.needs_model && model !== undefined && model !== result.model ? 'model' : 'fresh'
  }

  get context(): PlotContext {
    const names = Object.keys(this.definition.predictions ?? {})
    return { predictions: Object.fromEntries(names.map((name) => [name, this.#guesses[name] ?? null])) }
  }

  /** undefined: not asked yet; null: skipped. */
  guessOf(prediction: string): Guess | null | undefined {
    return this.#guesses[prediction]
  }

  guess(prediction: string, guess: Guess | null | undefined): void {
    const others = Object.entries(this.#guesses).filter(([name]) => name !== prediction)
    this.#guesses = Object.fromEntries(guess === undefined ? others : [...others, [prediction, guess]])
    void keep(this.facts.slug, { guesses: this.#guesses })
    this.#changed()
  }

  /** The position chosen in any plot; all plots whose points are positions show it. */
  get selection(): Selection | null {
    return this.#selection
  }

  select(selection: Selection): void {
    this.#selection = selection
    this.#changed()
  }

  change(settings: RunSettings): void {
    this.#settings = settings
    this.link.update(settings)
    this.#changed()
    clearTimeout(this.#settling)
    const origin = this.#shown?.origin.kind
    const isCheap = origin === 'measured' && this.#shown!.result.seconds < cheapSeconds
    if (isCheap && this.staleness !== 'fresh') this.#settling = window.setTimeout(() => void this.measure(), settlingPause)
  }

  async measure(): Promise<void> {
    clearTimeout(this.#settling)
    const result = await this.run.start(this.#settings)
    if (!result) return
    const precomputed = await this.#precomputed
    const agreement = precomputed && !this.session.relaxed ? compareResults(precomputed, result) : null
    this.#show({ result, origin: { kind: 'measured', build: result.build, agreement } })
    void keep(this.facts.slug, { result })
  }

  /** A run from a file: the settings become those that it was made with. */
  open(result: LessonResult): void {
    this.#adopt(result)
    this.#show({ result, origin: { kind: 'opened' } })
  }

  #adopt(result: LessonResult): void {
    this.#settings = settingsOf(this.facts.spec, result)
    this.link.update(this.#settings)
  }

  #show(shown: Shown): void {
    this.#shown = shown
    this.#changed()
  }

  /** A kept result is shown where the address asks for nothing, or for just that run. */
  #mayShow(result: LessonResult): boolean {
    if (result.lesson !== this.facts.spec.name) return false
    if (this.link.isBare) {
      this.#adopt(result)
      return true
    }
    const { protocol, seed } = this.#settings
    return result.protocol === protocol && result.seed === seed && Object.entries(this.values).every(([name, value]) => result.parameters[name] === value)
  }

  #onSession(): void {
    const { source, error } = this.session.state
    if (source && !error) this.link.setModel(source.kind === 'demo' ? 'demo' : 'file')
    this.#changed()
  }

  #onNavigate(): void {
    this.#settings = this.link.settings
    this.#changed()
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}

