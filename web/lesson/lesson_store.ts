/**
 * A lesson's page as data: settings, guesses, the result that is shown and where it came from, and the run that goes on.
 * Elements read it and call it; each change is told by a 'change' event.
 */
import { createEngine } from '../engine/engine'
import { ModelSession } from '../models/session'
import { type Agreement, type ModelIdentity, compareResults, isSameModel } from './agreement'
import type { Guess, LessonDefinition, PlotContext } from './define_lesson'
import type { BuildInfo, LessonResult, LessonSpec, ModelInfo, Setting } from '../engine/engine'
import { type Guesses, keep, readKept } from './kept_work'
import type { ClaimMeta } from './ledger_html'
import { LessonLink, type LoadWishes } from './lesson_link'
import { LessonRun, type RunActivity, unchosenModel } from './lesson_run'
import { type RunSettings, allValues, settingsOf } from './settings'
import type { Selection } from '../plots/selection'

export interface LessonFacts {
  slug: string
  spec: LessonSpec
  metas: Readonly<Record<string, ClaimMeta>>
  /** Tells the core and the site's own model from those of another version of the site. */
  engine: string
  /** The site's own model, as the build ran it. */
  demo: ModelIdentity
}

export type Origin =
  | { kind: 'precomputed' }
  /** `agreement`: with what the build computed; null where that is not there, or of another run. */
  | { kind: 'measured'; build: BuildInfo; agreement: Agreement | null }
  /** By this browser, of an earlier visit. */
  | { kind: 'kept' }
  | { kind: 'opened' }

export interface Shown {
  result: LessonResult
  /** null: of a simulation, or of a file that knows its model's name alone. */
  model: ModelIdentity | null
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
  #isPrecomputedLost = false
  #replacements = 0
  #settling = 0
  #selection: Selection | null = null

  constructor(
    readonly definition: LessonDefinition,
    readonly facts: LessonFacts,
  ) {
    super()
    this.link = new LessonLink(facts.spec, (before) => this.#onNavigate(before))
    this.#settings = this.link.settings
    this.session = new ModelSession(createEngine, this.link.relaxed)
    this.run = new LessonRun(facts.spec, this.session, () => this.link.format, () => this.#changed())
    this.session.addEventListener('change', () => this.#onSession())
  }

  /** `precomputed`: what the build computed; null where it cannot be fetched. */
  async start(precomputed: Promise<LessonResult | null>): Promise<void> {
    this.#precomputed = precomputed
    const { slug, engine, spec, demo } = this.facts
    const kept = await readKept(slug, engine)
    this.#guesses = { ...kept.guesses, ...this.#guesses }
    const { run } = kept
    if (!this.#shown && run && this.#mayShow(run.result)) this.#show({ result: run.result, model: run.model, origin: { kind: 'kept' } })
    else this.#changed()
    const result = await precomputed
    this.#isPrecomputedLost = result === null
    if (!this.#shown && result) this.#show({ result, model: spec.needs_model ? demo : null, origin: { kind: 'precomputed' } })
    else this.#changed()
  }

  get settings(): RunSettings {
    return this.#settings
  }

  get shown(): Shown | null {
    return this.#shown
  }

  /** Whether what the build computed could not be fetched. */
  get isPrecomputedLost(): boolean {
    return this.#isPrecomputedLost
  }

  /** How often the settings have come as a whole, from a file or from the history. */
  get replacements(): number {
    return this.#replacements
  }

  /** Whether the address was made with a file of somebody's own, in whose place the site's own model runs. */
  get lacksFile(): boolean {
    const { source } = this.session.state
    return this.facts.spec.needs_model && this.link.wantsFile && (source === null || source.kind === 'demo')
  }

  get activity(): RunActivity {
    return this.run.activity
  }

  get values(): Record<string, Setting> {
    return allValues(this.facts.spec, this.#settings)
  }

  /** What in the settings is no longer that of the result shown. */
  get staleness(): 'fresh' | 'parameters' | 'model' {
    if (!this.#shown) return 'fresh'
    const { result, model: shownModel } = this.#shown
    const { protocol, seed } = this.#settings
    const values = Object.entries(this.values)
    const isSame = result.protocol === protocol && result.seed === seed && values.every(([name, value]) => result.parameters[name] === value)
    if (!isSame) return 'parameters'
    const { model } = this.session.state
    if (!this.facts.spec.needs_model || !model) return 'fresh'
    const isSameModelNow = shownModel ? isSameModel(shownModel, model) : result.model === model.name
    return isSameModelNow ? 'fresh' : 'model'
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
    void keep(this.facts.slug, this.facts.engine, { guesses: this.#guesses })
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
    const outcome = await this.run.start(this.#settings)
    if (!outcome) return
    const { result, build } = outcome
    const model = outcome.model && identityOf(outcome.model)
    const shown: Shown = { result, model, origin: { kind: 'measured', build, agreement: null } }
    this.#show(shown)
    void keep(this.facts.slug, this.facts.engine, { run: { result, model, engine: this.facts.engine } })
    const agreement = this.#agreementWith(await this.#precomputed, shown, build)
    if (agreement && this.#shown === shown) this.#show({ ...shown, origin: { kind: 'measured', build, agreement } })
  }

  /** Of the strict builds: relaxed SIMD rounds as it likes. */
  #agreementWith(precomputed: LessonResult | null, { result, model }: Shown, { variant }: BuildInfo): Agreement | null {
    if (!precomputed || variant === 'relaxed-threads') return null
    return model && !isSameModel(model, this.facts.demo) ? null : compareResults(precomputed, result)
  }

  /** A run from a file: the settings become those that it was made with. */
  open({ result, model }: Pick<Shown, 'result' | 'model'>): void {
    this.#adopt(result)
    this.#show({ result, model, origin: { kind: 'opened' } })
  }

  #adopt(result: LessonResult): void {
    this.#settings = settingsOf(this.facts.spec, result)
    this.#replacements += 1
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
    const model = this.#chosenModel
    if (model && !this.session.state.error) this.link.setModel(model)
    this.#changed()
  }

  /** null until the reader has chosen one: the address may ask for a file meanwhile. */
  get #chosenModel(): 'demo' | 'file' | null {
    const { source } = this.session.state
    if (source === null || source === unchosenModel) return null
    return source.kind === 'demo' ? 'demo' : 'file'
  }

  #onNavigate(before: LoadWishes): void {
    this.#settings = this.link.settings
    this.#replacements += 1
    const model = this.#chosenModel
    if (model) this.link.correctModel(model)
    const { relaxed, format } = this.link
    if (relaxed !== before.relaxed || format !== before.format) this.#loadAgain()
    this.#changed()
  }

  /** The number format and the build are the address's. */
  #loadAgain(): void {
    const { relaxed, format } = this.link
    this.session.setRelaxed(relaxed)
    const source = this.session.state.loading?.source ?? this.session.state.source
    if (source) void this.session.load(source, format ?? undefined)
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}

function identityOf({ name, fileBytes, format }: ModelInfo): ModelIdentity {
  return { name, fileBytes, format }
}
