/** `<soi-model-chooser>`: which model answers, what it costs, and how to take another. */
import { LitElement, type TemplateResult, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { EngineError, type ModelInfo, type NumberFormat, numberFormats } from '../engine/engine'
import { type KeptModel, canKeepModels, forgetModel, keepModel, listKept } from '../models/kept_models'
import { type ModelSource, chooseFiles, openModel } from '../models/model_source'
import type { CheckpointPreview } from '../models/preview'
import type { ModelSession } from '../models/session'
import { faultHtml } from './fault'
import { formatBytes, formatCount, formatFixed, formatPercent, formatSeconds } from './numbers'
import { progressHtml, timeLeft } from './progress'
import { modelStrings as strings } from './strings/models'

/** A checkpoint that has been picked and not yet loaded. */
interface Candidate {
  source: ModelSource
  name: string
  preview: CheckpointPreview | null
  bytes: number
}

/** A copy in the making goes on while the reader takes another file or loads one: it tells its own name. */
type Keeping =
  | { kind: 'no' }
  | { kind: 'copying'; name: string; fraction: number; abort: AbortController }
  | { kind: 'done'; source: ModelSource; name: string }
  | { kind: 'failed'; error: EngineError }

export class ModelChooser extends LitElement {
  static override properties = {
    session: { attribute: false },
    format: { attribute: false },
    candidate: { state: true },
    problem: { state: true },
    kept: { state: true },
    keeping: { state: true },
    dragging: { state: true },
    open: { state: true },
    linkedFile: { attribute: false },
  }

  declare session: ModelSession | null
  /** Wished; null: the file's own. */
  declare format: NumberFormat | null
  declare candidate: Candidate | null
  declare problem: 'none' | 'several' | null
  declare kept: KeptModel[]
  declare keeping: Keeping
  declare dragging: boolean
  /** Whether the page's address was made with a file of somebody's own, which is not the model in use. */
  declare linkedFile: boolean
  /** Whether the choices are unfolded. */
  declare open: boolean
  /** The choice that was made last: an earlier one may still be read. */
  #taken: ModelSource | null = null

  constructor() {
    super()
    this.session = null
    this.format = null
    this.candidate = null
    this.problem = null
    this.kept = []
    this.keeping = { kind: 'no' }
    this.dragging = false
    this.open = false
    this.linkedFile = false
  }

  override createRenderRoot() {
    return this
  }

  override connectedCallback() {
    super.connectedCallback()
    document.addEventListener('dragover', this.#onDragOver)
    document.addEventListener('dragleave', this.#onDragLeave)
    document.addEventListener('drop', this.#onDrop)
    void this.#listKept()
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    document.removeEventListener('dragover', this.#onDragOver)
    document.removeEventListener('dragleave', this.#onDragLeave)
    document.removeEventListener('drop', this.#onDrop)
  }

  override firstUpdated() {
    this.session?.addEventListener('change', this.#onSession)
  }

  override render() {
    const state = this.session?.state
    if (!state) return nothing
    return html`${state.model ? this.#renderFacts(state.model) : nothing} ${this.#renderLoading()}
      ${state.error && !(state.error.code === 'cancelled' && state.model)
        ? faultHtml(state.error, state.model ? strings.oldStays : undefined)
        : nothing}
      ${this.linkedFile ? html`<p class="note prose">${strings.linkedFile}</p>` : nothing}
      <details class="model-change" .open=${live(this.open)} @toggle=${this.#onToggle}>
        <summary>${strings.change}</summary>
        ${this.#renderChoices()}
      </details>`
  }

  #renderFacts(model: ModelInfo): TemplateResult {
    const { build } = this.session?.state ?? {}
    const { nLayers, dModel, nHeads, nCtx } = model.config
    const shape = strings.shapeValue(String(nLayers), formatCount(dModel), String(nHeads), formatCount(nCtx))
    return html`<dl class="facts" aria-label=${strings.inUse}>
      ${fact(strings.name, model.name)} ${fact(strings.fileBytes, formatBytes(model.fileBytes))}
      ${fact(strings.shape, shape)} ${fact(strings.format, model.format)}
      ${fact(strings.weightBytes, formatBytes(model.weightBytes))} ${fact(strings.heapBytes, formatBytes(model.heapBytes))}
      ${build ? html`${fact(strings.threads, String(build.threads))} ${fact(strings.build, strings.variants[build.variant])}` : nothing}
      ${fact(strings.loadSeconds, formatSeconds(model.seconds))}
    </dl>
    ${globalThis.crossOriginIsolated ? nothing : html`<p class="note prose">${strings.noSharedMemory}</p>`}`
  }

  #renderLoading(): TemplateResult {
    const loading = this.session?.state.loading
    if (!loading) return html`<p class="visually-hidden" role="status">${this.session?.state.model ? strings.ready : ''}</p>`
    const { phase, fraction, since } = loading
    return html`<div class="run-status" role="status">
      ${progressHtml(strings.phases[phase], fraction, timeLeft(fraction, since))}
      <button type="button" class="quiet" @click=${() => this.session?.cancel()}>${strings.cancel}</button>
    </div>`
  }

  #renderChoices(): TemplateResult {
    return html`<div class="model-choices">
      <div class="model-choice">
        <button type="button" @click=${() => this.#take({ kind: 'demo' })}>${strings.demo}</button>
        <p class="note">${strings.demoNote}</p>
      </div>
      <div class=${this.dragging ? 'model-choice drop-target' : 'model-choice'}>
        <label class="button file-button">
          ${this.dragging ? strings.dropHere : strings.ownFile}
          <input class="visually-hidden" type="file" multiple accept=".safetensors,.json" @change=${this.#onPick} />
        </label>
        <p class="note">${strings.ownFileNote}</p>
      </div>
      ${this.kept.map((model) => this.#renderKept(model))}
      ${this.problem ? html`<p class="fault" role="alert">${strings.problems[this.problem]}</p>` : nothing}
      ${this.#renderSettings()} ${this.candidate ? this.#renderCandidate(this.candidate) : nothing}
      ${this.#renderKeeping()}
    </div>`
  }

  #renderKept({ name, bytes }: KeptModel): TemplateResult {
    return html`<div class="model-choice">
      <button type="button" @click=${() => this.#take({ kind: 'kept', name })}>${name}</button>
      <p class="note">
        ${strings.kept}, ${formatBytes(bytes)}.
        <button type="button" class="quiet" aria-label=${strings.forget(name)} @click=${() => this.#forget(name)}>
          ${strings.forgetShort}
        </button>
      </p>
    </div>`
  }

  #renderSettings(): TemplateResult {
    return html`<div class="model-settings">
      <label>
        ${strings.format}
        <select .value=${live(this.#shownFormat())} @change=${this.#onFormat}>
          ${numberFormats.map((format) => html`<option value=${format}>${strings.formats[format]}</option>`)}
        </select>
      </label>
      <div>
        <label class="check">
          <input type="checkbox" .checked=${this.session?.relaxed ?? false} @change=${this.#onRelaxed} />
          ${strings.relaxed}
        </label>
        <p class="note">${strings.relaxedNote}</p>
      </div>
    </div>`
  }

  #renderCandidate({ source, name, preview, bytes }: Candidate): TemplateResult {
    return html`<div class="candidate">
      <h3>${strings.about}</h3>
      <dl class="facts">
        ${fact(strings.name, name)} ${fact(strings.fileBytes, formatBytes(bytes))}
        ${preview ? this.#renderPreview(preview) : nothing}
      </dl>
      <button type="button" class="primary" @click=${this.#load}>${strings.load}</button>
      ${
        this.#canKeep(source) ? html`<button type="button" class="quiet" @click=${this.#keep}>${strings.keep}</button>` : nothing
      }
    </div>`
  }

  #renderPreview(preview: CheckpointPreview): TemplateResult {
    const { nLayers, dModel, nCtx, parameters, dtypes, weightBytes } = preview
    const shape = strings.shapeValue(String(nLayers), formatCount(dModel), null, formatCount(nCtx))
    const format = this.#shownFormat()
    return html`${fact(strings.shape, shape)}
    ${fact(strings.parameters, strings.parametersValue(formatFixed(parameters / 1e6, 1)))}
    ${fact(strings.format, `${format} (${strings.fileFormat(dtypes.join(', '))})`)}
    ${fact(strings.weightEstimate, formatBytes(weightBytes[format]))}`
  }

  /** One copy at a time, and each file once. */
  #canKeep(source: ModelSource): boolean {
    const { keeping } = this
    if (source.kind !== 'file' || !canKeepModels() || keeping.kind === 'copying') return false
    return !(keeping.kind === 'done' && keeping.source === source)
  }

  #renderKeeping(): TemplateResult | typeof nothing {
    const { keeping } = this
    switch (keeping.kind) {
      case 'no':
        return nothing
      case 'copying':
        return html`<div class="run-status" role="status">
          ${progressHtml(strings.keeping(keeping.name), keeping.fraction, formatPercent(keeping.fraction))}
          <button type="button" class="quiet" @click=${() => keeping.abort.abort()}>${strings.stopKeeping}</button>
        </div>`
      case 'done':
        return html`<div class="run-status" role="status"><span>${strings.keptNow(keeping.name)}</span></div>`
      case 'failed':
        return faultHtml(keeping.error)
    }
  }

  #shownFormat(): NumberFormat {
    return this.format ?? this.candidate?.preview?.defaultFormat ?? this.session?.state.model?.format ?? 'f32'
  }

  async #take(source: ModelSource): Promise<void> {
    this.#taken = source
    this.problem = null
    this.session?.forgetError()
    if (this.keeping.kind !== 'copying') this.keeping = { kind: 'no' }
    if (source.kind === 'demo') {
      this.candidate = null
      this.#loadSource(source)
      return
    }
    try {
      const { name, file } = await openModel(source)
      // Most readers take no file of their own: it comes when it is needed.
      const { previewCheckpoint } = await import('../models/preview')
      const preview = await previewCheckpoint(file)
      if (this.#taken === source) this.candidate = { source, name, bytes: file.size, preview }
    } catch {
      // A copy that is gone: the load says so in its own words.
      if (this.#taken === source) this.#loadSource(source)
    }
  }

  #load = () => {
    const { candidate } = this
    if (!candidate) return
    this.candidate = null
    this.#loadSource(candidate.source)
  }

  #loadSource(source: ModelSource): void {
    void this.session?.load(source, this.format ?? undefined).then(() => {
      // Another file, taken meanwhile, stays in sight.
      if (!this.candidate) this.open = Boolean(this.session?.state.error)
    })
  }

  #keep = async () => {
    if (!this.candidate) return
    const { source, name } = this.candidate
    const abort = new AbortController()
    const onProgress = (fraction: number) => (this.keeping = { kind: 'copying', name, fraction, abort })
    onProgress(0)
    try {
      const keptAs = await keepModel(await openModel(source), { signal: abort.signal, onProgress })
      this.keeping = { kind: 'done', source, name: keptAs }
      await this.#listKept()
    } catch (error) {
      const fault = error instanceof EngineError ? error : new EngineError('internal', String(error))
      this.keeping = fault.code === 'cancelled' ? { kind: 'no' } : { kind: 'failed', error: fault }
    }
  }

  async #listKept(): Promise<void> {
    this.kept = await listKept().catch(() => [])
  }

  async #forget(name: string): Promise<void> {
    await forgetModel(name).catch(() => undefined)
    await this.#listKept()
  }

  async #takeFiles(files: readonly File[]): Promise<void> {
    this.#unfold()
    const choice = chooseFiles(files)
    if ('problem' in choice) {
      this.session?.forgetError()
      this.#taken = null
      this.problem = choice.problem
      this.candidate = null
    } else {
      await this.#take(choice.source)
    }
  }

  /** The choices, with what they lie in on a lesson's page. */
  #unfold(): void {
    this.open = true
    for (let outer = this.closest('details'); outer; outer = outer.parentElement?.closest('details') ?? null) outer.open = true
  }

  #onSession = () => {
    const { model, loading, error } = this.session!.state
    // Without any model, the choices are what comes next.
    if (!model && !loading && error) this.open = true
    this.requestUpdate()
  }

  #onToggle = (event: Event) => {
    this.open = (event.target as HTMLDetailsElement).open
  }

  #onPick = (event: Event) => {
    const input = event.target as HTMLInputElement
    void this.#takeFiles([...(input.files ?? [])])
    input.value = ''
  }

  #onFormat = (event: Event) => {
    this.format = (event.target as HTMLSelectElement).value as NumberFormat
    this.dispatchEvent(new Event('soi-format'))
    this.#reload()
  }

  #onRelaxed = (event: Event) => {
    this.session?.setRelaxed((event.target as HTMLInputElement).checked)
    this.dispatchEvent(new Event('soi-relaxed'))
    this.#reload()
  }

  /** A setting that the model in use takes only by loading again. */
  #reload(): void {
    const source = this.session?.state.source
    if (source && !this.candidate) this.#loadSource(source)
  }

  #onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    this.dragging = true
    this.#unfold()
  }

  #onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) this.dragging = false
  }

  #onDrop = (event: DragEvent) => {
    this.dragging = false
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    void this.#takeFiles([...event.dataTransfer.files]).then(() => this.#showTaken())
  }

  /** Files may be dropped anywhere on the page. */
  async #showTaken(): Promise<void> {
    await this.updateComplete
    this.querySelector('.candidate, .model-choices > .fault')?.scrollIntoView({ block: 'nearest' })
  }
}

function fact(label: string, value: string): TemplateResult {
  return html`<div class="fact">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`
}

customElements.define('soi-model-chooser', ModelChooser)
