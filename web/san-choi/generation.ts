/** `<soi-generation>`: text drawn token by token, with the settings that decide how. */
import { LitElement, type TemplateResult, html, nothing } from 'lit'
import { type Engine, EngineError, type RankedToken } from '../engine/engine'
import { faultHtml } from '../page/fault'
import { formatCount, formatFixed, formatPercent, formatSeconds } from '../page/numbers'
import { progressHtml } from '../page/progress'
import { nextSeed } from '../page/seed'
import { generationStrings as strings } from '../page/strings/playground'
import { type PlaygroundState, fields } from './state'

export type GenerationSettings = Pick<PlaygroundState, 'temperature' | 'topK' | 'topP' | 'seed' | 'n'>

interface Piece {
  text: string
  probability: number
}

interface Finished {
  ids: number[]
  cancelled: boolean
  full: boolean
  seconds: number
  seed: number
  /** Whether an earlier run with the same input gave the same ids; null where there was none. */
  same: boolean | null
}

type GenerationRun =
  | { kind: 'idle' }
  | { kind: 'running'; nTokens: number }
  | { kind: 'finished'; result: Finished }
  | { kind: 'failed'; error: EngineError }

/** Changed settings, for the page's state. */
export class SettingsEvent extends Event {
  static readonly type = 'soi-settings'

  constructor(readonly settings: Partial<GenerationSettings>) {
    super(SettingsEvent.type)
  }
}

export class AdoptEvent extends Event {
  static readonly type = 'soi-adopt'

  constructor(readonly text: string) {
    super(AdoptEvent.type)
  }
}

declare global {
  interface HTMLElementEventMap {
    'soi-settings': SettingsEvent
    'soi-adopt': AdoptEvent
  }
}

export class Generation extends LitElement {
  static override properties = {
    engine: { attribute: false },
    ids: { attribute: false },
    prompt: { attribute: false },
    settings: { attribute: false },
    pieces: { state: true },
    run: { state: true },
  }

  declare engine: Engine | null
  /** The text's tokens that the model reads, and the text that they spell. */
  declare ids: number[]
  declare prompt: string
  declare settings: GenerationSettings
  declare pieces: Piece[]
  declare run: GenerationRun

  #abort: AbortController | null = null
  /** What was asked for in the run that is shown, and the prompt before it. */
  #shown = { key: '', prompt: '' }
  #earlier: { key: string; ids: number[] } | null = null

  constructor() {
    super()
    this.engine = null
    this.ids = []
    this.prompt = ''
    this.settings = { temperature: 0.8, topK: 40, topP: 1, seed: 1, n: 40 }
    this.pieces = []
    this.run = { kind: 'idle' }
  }

  override createRenderRoot() {
    return this
  }

  override render() {
    const running = this.run.kind === 'running'
    return html`<div class="generation-settings">
        ${this.#slider('temperature', strings.temperature, 0, 2, 0.05)} ${this.#number('topK', strings.topK, 1, strings.topKNote)}
        ${this.#slider('topP', strings.topP, 0.05, 1, 0.05)} ${this.#number('n', strings.nTokens, 1)}
        ${this.#number('seed', strings.seed, 1)}
      </div>
      <div class="generation-actions">
        ${running
          ? html`<button type="button" @click=${() => this.#abort?.abort()}>${strings.stop}</button>`
          : html`<button type="button" class="primary" ?disabled=${!this.#canRun()} @click=${this.#generate}>${strings.run}</button>`}
        <button type="button" ?disabled=${running} @click=${this.#changeSeed}>${strings.newSeed}</button>
        <div class="run-status" role="status">${this.#renderStatus()}</div>
      </div>
      ${this.run.kind === 'failed' ? faultHtml(this.run.error) : nothing} ${this.#renderOutput()}`
  }

  #renderStatus(): TemplateResult {
    const { run, pieces } = this
    if (run.kind !== 'running') return html`<span>${this.#outcome(run)}</span>`
    const count = strings.progress(formatCount(pieces.length), formatCount(run.nTokens))
    return progressHtml(strings.running, pieces.length / run.nTokens, count)
  }

  #outcome(run: GenerationRun): string {
    if (run.kind !== 'finished') return this.engine?.model && this.#isFull() ? strings.noRoom : ''
    const { ids, cancelled, full, seconds, seed, same } = run.result
    const count = formatCount(ids.length)
    if (cancelled) return strings.stopped(count)
    const rate = formatFixed(ids.length / Math.max(seconds, 1e-3), 1)
    const notes = [full ? strings.full : '', same === true ? strings.same : '']
    return [strings.done(count, formatSeconds(seconds), rate, String(seed)), ...notes].filter(Boolean).join(' ')
  }

  #renderOutput(): TemplateResult | typeof nothing {
    if (this.run.kind === 'idle') return nothing
    const pieces = this.pieces.map(
      ({ text, probability }) =>
        html`<span title=${formatPercent(probability)} .style=${`--probability: ${(100 * probability).toFixed(1)}%`}>${text}</span>`,
    )
    return html`<figure>
      <p class="generation-output" aria-label=${strings.output}><span class="prompt">${this.#shown.prompt}</span>${pieces}</p>
      <figcaption>
        ${strings.made}
        <button type="button" class="quiet no-print" ?disabled=${this.run.kind === 'running'} @click=${this.#adopt}>
          ${strings.adopt}
        </button>
      </figcaption>
    </figure>`
  }

  #slider(name: 'temperature' | 'topP', label: string, min: number, max: number, step: number): TemplateResult {
    const value = this.settings[name]
    return html`<label>
      <span>${label} <span class="value">${formatFixed(value, 2)}</span></span>
      <input type="range" min=${min} max=${max} step=${step} .value=${String(value)} @input=${this.#change(name)} />
    </label>`
  }

  #number(name: 'topK' | 'seed' | 'n', label: string, step: number, note?: string): TemplateResult {
    return html`<label>
      <span>${label}${note === undefined ? nothing : html` <small>${note}</small>`}</span>
      <input type="number" min="0" step=${step} .value=${String(this.settings[name])} @change=${this.#change(name)} />
    </label>`
  }

  #change = (name: keyof GenerationSettings) => (event: Event) => {
    const input = event.target as HTMLInputElement
    const value = fields[name].read(input.value) ?? this.settings[name]
    input.value = String(value)
    this.dispatchEvent(new SettingsEvent({ [name]: value }))
  }

  #changeSeed = () => {
    this.dispatchEvent(new SettingsEvent({ seed: nextSeed(this.settings.seed) }))
  }

  #isFull(): boolean {
    return this.ids.length >= (this.engine?.model?.config.nCtx ?? Infinity)
  }

  #canRun(): boolean {
    return this.engine !== null && this.ids.length > 0 && !this.#isFull()
  }

  #generate = async () => {
    const { engine, ids, settings, prompt } = this
    const model = engine?.model
    if (!engine || !model) return
    const { n: nTokens, ...sampling } = settings
    const request = { ids, nTokens, ...sampling }
    const { variant } = engine.build
    this.#shown = { key: JSON.stringify([model.name, model.fileBytes, model.format, variant, request]), prompt }
    this.#abort = new AbortController()
    this.pieces = []
    this.run = { kind: 'running', nTokens }
    const decoder = new TextDecoder('utf-8')
    const onToken = ({ bytes, probability }: RankedToken) => {
      this.pieces = [...this.pieces, { text: decoder.decode(bytes, { stream: true }), probability }]
    }
    try {
      const { ids: drawn, cancelled, seconds } = await engine.generate(request, onToken, { signal: this.#abort.signal })
      const full = ids.length + drawn.length >= model.config.nCtx && drawn.length < nTokens
      const same = this.#compare(drawn, cancelled)
      this.run = { kind: 'finished', result: { ids: drawn, cancelled, full, seconds, seed: settings.seed, same } }
    } catch (error) {
      const fault = error instanceof EngineError ? error : new EngineError('internal', String(error))
      this.run = fault.code === 'cancelled' ? { kind: 'idle' } : { kind: 'failed', error: fault }
    }
  }

  /** Whether the run before this one, with the same input, drew the same tokens. */
  #compare(ids: number[], cancelled: boolean): boolean | null {
    if (cancelled) return null
    const { key } = this.#shown
    const earlier = this.#earlier?.key === key ? this.#earlier.ids : null
    this.#earlier = { key, ids }
    return earlier === null ? null : earlier.join() === ids.join()
  }

  #adopt = () => {
    this.dispatchEvent(new AdoptEvent(this.#shown.prompt + this.pieces.map(({ text }) => text).join('')))
  }
}

customElements.define('soi-generation', Generation)
