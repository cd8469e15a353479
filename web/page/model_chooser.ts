/** `<soi-model-chooser>`: which model answers, what it costs, and how to take another. */
import { LitElement, type TemplateResult, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { EngineError, type ModelInfo, type NumberFormat, numberFormats } from '../engine/engine'
import { type KeptModel, canKeepModels, forgetModel, keepModel, listKept } from '../models/kept_models'
import { type ModelSource, chooseFiles, openModel } from '../models/model_source'
import { type CheckpointPreview, previewCheckpoint } from '../models/preview'
import type { ModelSession } from '../models/session'
import { faultHtml } from './fault'
import { formatBytes, formatCount, formatFixed, formatPercent, formatSeconds } from './numbers'
import { modelStrings as strings } from './strings/models'
import { runStrings } from './strings/run'

/** A checkpoint that has been picked and not yet loaded. */
interface Candidate {
  source: ModelSource
  name: string
  preview: CheckpointPreview | null
  bytes: number
}

type Keeping = { kind: 'no' } | { kind: 'copying'; fraction: number } | { kind: 'done' } | { kind: 'failed'; error: EngineError }

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
    const elapsed = (performance.now() - since) / 1000
    const left = fraction !== null && fraction > 0.05 && elapsed > 1 ? (elapsed * (1 - fraction)) / fraction : null
    return html`<div class="run-status" role="status">
      <span>${strings.phases[phase]}${left === null ? '' : `, ${runStrings.left(formatSeconds(left))}`}</span>
      <progress max="1" .value=${fraction ?? 0} aria-label=${strings.phases[phase]}></progress>
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

  #renderCandidate({ name, preview, bytes }: Candidate): TemplateResult {
    return html`<div class="candidate">
      <h3>${strings.about}</h3>
      <dl class="facts">
        ${fact(strings.name, name)} ${fact(strings.fileBytes, formatBytes(bytes))}
        ${preview ? this.#renderPreview(preview) : nothing}
      </dl>
      <button type="button" class="primary" @click=${this.#load}>${strings.load}</button>
      ${this.#renderKeep()}
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

  #renderKeep(): TemplateResult | typeof nothing {
    if (this.candidate?.source.kind !== 'file' || !canKeepModels()) return nothing
    switch (this.keeping.kind) {
      case 'no':
        return html`<button type="button" class="quiet" @click=${this.#keep}>${strings.keep}</button>`
      case 'copying':
        return html`<span class="note" role="status">${strings.keeping(formatPercent(this.keeping.fraction))}</span>`
      case 'done':
        return html`<span class="note" role="status">${strings.keptNow}</span>`
      case 'failed':
        return faultHtml(this.keeping.error)
    }
  }

  #shownFormat(): NumberFormat {
    return this.format ?? this.candidate?.preview?.defaultFormat ?? this.session?.state.model?.format ?? 'f32'
  }

  async #take(source: ModelSource): Promise<void> {
    this.problem = null
    this.keeping = { kind: 'no' }
    if (source.kind === 'demo') {
      this.candidate = null
      this.#loadSource(source)
      return
    }
    try {
      const { name, file } = await openModel(source)
      this.candidate = { source, name, bytes: file.size, preview: await previewCheckpoint(file) }
    } catch {
      // A copy that is gone: the load says so in its own words.
      this.#loadSource(source)
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
      this.open = Boolean(this.session?.state.error)
    })
  }

  #keep = async () => {
    const source = this.candidate?.source
    if (!source) return
    this.keeping = { kind: 'copying', fraction: 0 }
    try {
      const opened = await openModel(source)
      await keepModel(opened, { onProgress: (fraction) => (this.keeping = { kind: 'copying', fraction }) })
      this.keeping = { kind: 'done' }
      await this.#listKept()
    } catch (error) {
      const fault = error instanceof EngineError ? error : new EngineError('internal', String(error))
      this.keeping = { kind: 'failed', error: fault }
    }
  }

  async #listKept(): Promise<void> {
    this.kept = await listKept().catch(() => [])
  }

  async #forget(name: string): Promise<void> {
    await forgetModel(name).catch(() => undefined)
    await this.#listKept()
  }

  #takeFiles(files: readonly File[]): void {
    this.open = true
    const choice = chooseFiles(files)
    if ('problem' in choice) {
      this.problem = choice.problem
      this.candidate = null
    } else {
      void this.#take(choice.source)
    }
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
    this.#takeFiles([...(input.files ?? [])])
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
    this.open = true
  }

  #onDragLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) this.dragging = false
  }

  #onDrop = (event: DragEvent) => {
    this.dragging = false
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    this.#takeFiles([...event.dataTransfer.files])
  }
}

function fact(label: string, value: string): TemplateResult {
  return html`<div class="fact">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`
}

customElements.define('soi-model-chooser', ModelChooser)
