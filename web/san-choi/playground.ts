/** The playground: holds the page's parts together. What the model computes: inspection.ts; the address: state.ts. */
import { createEngine } from '../engine/engine'
import type { ModelSource } from '../models/model_source'
import { ModelSession } from '../models/session'
import { followInPageLinks } from '../page/in_page_links'
import { ModelChooser } from '../page/model_chooser'
import { pageElement } from '../page/page_element'
import { Permalink } from '../page/permalink'
import { RunStatus } from '../page/run_status'
import { playgroundStrings as strings } from '../page/strings/playground'
import { type Selection, SelectEvent, clampSelection, singlePosition } from '../plots/selection'
import { TokenStrip } from '../plots/token_strip'
import { AttentionSection } from './attention_section'
import { AdoptEvent, Generation, SettingsEvent } from './generation'
import { Inspection } from './inspection'
import { LensSection } from './lens_section'
import { NextTokenSection } from './next_token_section'
import { PrecomputedParts } from './precomputed'
import { type PlaygroundState, fields, readSelection, writeSelection } from './state'
import { TextSection } from './text_section'

/** What the sections draw. */
export interface View {
  state: PlaygroundState
  inspection: Inspection
  selection: Selection
}

/** What runs until the reader has chosen. */
const unchosenModel: ModelSource = { kind: 'demo' }

class Playground {
  readonly #link = new Permalink(fields, (state, before) => this.#onNavigate(state, before))
  readonly #session = new ModelSession(createEngine, this.#link.state.relaxed)
  readonly #inspection = new Inspection()
  readonly #chooser = pageElement('soi-model-chooser', ModelChooser)
  readonly #strip = pageElement('#strip', TokenStrip)
  readonly #nextStatus = pageElement('#next-status', RunStatus)
  readonly #lensStatus = pageElement('#lens-status', RunStatus)
  readonly #generation = pageElement('#generation', Generation)
  readonly #precomputed = new PrecomputedParts()
  readonly #rangeState = pageElement('#range-state', HTMLParagraphElement)
  readonly #sections = [
    new TextSection((text) => this.#onText(text)),
    new NextTokenSection((changes) => this.#change(changes)),
    new LensSection(),
    new AttentionSection((changes) => this.#change(changes)),
  ]

  constructor() {
    const { state } = this.#link
    this.#chooser.session = this.#session
    this.#chooser.format = state.format || null
    this.#listen()
    void this.#inspection.setText(state.text)
    this.#inspection.setLayer(state.layer)
    this.#render()
    void this.#session.load(unchosenModel, state.format || undefined)
  }

  #listen(): void {
    this.#session.addEventListener('change', this.#onSession)
    this.#inspection.addEventListener('change', () => this.#render())
    document.addEventListener(SelectEvent.type, ({ selection }) => this.#select(selection))
    for (const [status, name] of [
      [this.#nextStatus, 'nextRun'],
      [this.#lensStatus, 'lensRun'],
    ] as const) {
      status.addEventListener('soi-run', () => this.#inspection.run(name))
      status.addEventListener('soi-cancel', () => this.#inspection.cancel(name))
    }
    this.#chooser.addEventListener('soi-format', () => this.#change({ format: this.#chooser.format ?? '' }))
    this.#chooser.addEventListener('soi-relaxed', () => this.#change({ relaxed: this.#session.relaxed }))
    this.#generation.addEventListener(SettingsEvent.type, ({ settings }) => this.#change(settings))
    this.#generation.addEventListener(AdoptEvent.type, ({ text }) => this.#onText(text))
  }

  #model: unknown = null

  #onSession = () => {
    const { model } = this.#session.state
    if (!model || model === this.#model || !this.#session.engine) return
    this.#model = model
    this.#inspection.setEngine(this.#session.engine)
    const chosen = this.#chosenModel
    this.#chooser.linkedFile = chosen === null && this.#link.state.model === 'file'
    if (chosen) this.#change({ model: chosen })
  }

  /** null until the reader has chosen: the address keeps asking for what it asks for. */
  get #chosenModel(): PlaygroundState['model'] | null {
    const { source } = this.#session.state
    if (source === null || source === unchosenModel) return null
    return source.kind === 'demo' ? 'demo' : 'file'
  }

  #onText(text: string): void {
    // A new text is read from its end, unless the reader has chosen a place in it.
    this.#change({ text, range: '' })
    void this.#inspection.setText(text)
  }

  #onNavigate(state: PlaygroundState, before: PlaygroundState): void {
    const chosen = this.#chosenModel
    if (chosen) this.#link.correct({ model: chosen })
    else this.#chooser.linkedFile = this.#model !== null && state.model === 'file'
    if (state.format !== before.format || state.relaxed !== before.relaxed) this.#loadAgain(state)
    if (state.text !== this.#inspection.state.text?.text) void this.#inspection.setText(state.text)
    this.#inspection.setLayer(state.layer)
    this.#render()
  }

  /** The number format and the build are the address's. */
  #loadAgain({ format, relaxed }: PlaygroundState): void {
    this.#chooser.format = format || null
    this.#session.setRelaxed(relaxed)
    const source = this.#session.state.loading?.source ?? this.#session.state.source
    if (source) void this.#session.load(source, format || undefined)
  }

  #select(selection: Selection): void {
    const count = this.#inspection.state.text?.kept.length ?? 0
    this.#change(writeSelection(clampSelection(selection, count), count))
  }

  #change(changes: Partial<PlaygroundState>): void {
    this.#link.update(changes)
    if (changes.layer !== undefined) this.#inspection.setLayer(changes.layer)
    this.#render()
  }

  #renderRange({ focus, range }: Selection): void {
    const [words, button] = this.#rangeState.children
    this.#rangeState.hidden = range === null
    if (!range || !words || !(button instanceof HTMLButtonElement)) return
    words.textContent = strings.range(...range)
    button.textContent = strings.wholeText
    button.onclick = () => this.#select(singlePosition(focus))
  }

  #render(): void {
    const { state } = this.#link
    const inspection = this.#inspection
    const { text, nextRun, lensRun } = inspection.state
    const selection = readSelection(state, text?.kept.length ?? 0)
    if (text) {
      this.#strip.tokens = text.kept
      this.#strip.groups = text.groups
    }
    this.#strip.selection = selection
    this.#renderRange(selection)
    this.#nextStatus.state = nextRun
    this.#lensStatus.state = lensRun
    this.#precomputed.render(state, inspection)
    for (const section of this.#sections) section.render({ state, inspection, selection })
    const { temperature, topK, topP, seed, n } = state
    this.#generation.settings = { temperature, topK, topP, seed, n }
    this.#generation.engine = this.#session.engine
    this.#generation.ids = inspection.input?.ids ?? []
    this.#generation.prompt = readText(text?.kept ?? [])
  }
}

/** The text that these tokens spell. */
function readText(tokens: { bytes: Uint8Array }[]): string {
  const decoder = new TextDecoder()
  return tokens.map(({ bytes }) => decoder.decode(bytes, { stream: true })).join('') + decoder.decode()
}

followInPageLinks(document)
new Playground()
