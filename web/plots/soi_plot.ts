/**
 * `<soi-plot>`: a PlotSpec on the page: the sentence that says what to see, the drawing with its values under pointer and
 * arrow keys, how it was made, the table behind it, and its export.
 *
 *   html`<soi-plot .plot=${spec} ?stale=${changed} ?live=${running} .note=${'Tính sẵn, seed 1.'}></soi-plot>`
 *
 * What the element holds in the page's HTML (plotToHtml) stays until it has a plot.
 */
import { LitElement, type PropertyValues, html, nothing, svg } from 'lit'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'
import { keptText } from '../page/kept_words'
import { plotStrings as strings } from '../page/strings/plots'
import type { KeptDomains } from './cartesian'
import './export_bar'
import { figureToSvg } from './figure_svg'
import { pagePalette } from './palette'
import { layoutPlot } from './plot'
import './plot_data'
import './matrix_view'
import type { PlotFrame, Target } from './plot_frame'
import type { HeatMapPlot, MatricesPlot, PlotSpec } from './plot_spec'
import { fileTableOf } from './plot_table'
import { WidthController } from './redraw'
import { SelectEvent, type Selection, singlePosition } from './selection'
import { nearestTarget, targetAfterKey } from './target_search'

const exportWidth = 800

export class SoiPlot extends LitElement {
  static override properties = {
    plot: { attribute: false },
    stale: { type: Boolean },
    live: { type: Boolean },
    note: { attribute: false },
    selection: { attribute: false },
    target: { state: true },
  }

  declare plot: PlotSpec | null
  /** A control has moved since: the plot stands, dimmed. */
  declare stale: boolean
  /** A run goes on: ranges grow, and never jump back. */
  declare live: boolean
  /** Where the numbers come from; after the caption. */
  declare note: string
  /** The page's selected position, in plots whose points are positions. */
  declare selection: Selection | null
  /** Index of the target under the pointer or reached by keys; -1: none. */
  declare target: number

  readonly #width = new WidthController(this)
  #frame: PlotFrame | null = null
  #drawn = ''
  #kept: { name: string; domains: KeptDomains } | null = null
  #byKey = false

  constructor() {
    super()
    this.plot = null
    this.stale = false
    this.live = false
    this.note = ''
    this.selection = null
    this.target = -1
  }

  override createRenderRoot() {
    return this
  }

  override shouldUpdate() {
    return this.plot !== null && this.#width.width > 0
  }

  override willUpdate(changed: PropertyValues<this>) {
    // The build's drawing stands here until there is one to take its place.
    if (!this.hasUpdated) this.replaceChildren()
    const onlyTarget = changed.size === 1 && changed.has('target')
    if (onlyTarget || !this.plot || isMatrix(this.plot)) return
    const kept = this.live && this.#kept?.name === this.plot.name ? this.#kept.domains : undefined
    this.#frame = layoutPlot(this.plot, this.#width.width, kept)
    this.#kept = { name: this.plot.name, domains: this.#frame.domains }
    this.#drawn = figureToSvg(this.#frame.figure, pagePalette)
    if (this.target >= this.#frame.targets.length) this.target = -1
  }

  override render() {
    const { plot } = this
    if (!plot) return nothing
    return html`<figure class="plot">
      <p class="plot-lead">${keptText(plot.lead)}</p>
      ${isMatrix(plot)
        ? html`<soi-matrix-view class=${this.stale ? 'stale' : ''} .plot=${plot} .selection=${this.selection}></soi-matrix-view>`
        : this.#renderArea(plot)}
      <figcaption>${keptText(plot.caption ?? '')} ${keptText(this.note)}${this.stale ? html` <b>${strings.stale}</b>` : nothing}</figcaption>
      ${this.live ? nothing : this.#renderTools(plot)}
    </figure>`
  }

  /** Not while it grows: what is saved or read is the whole. */
  #renderTools(plot: PlotSpec) {
    return html`<div class="plot-tools">
      <soi-plot-data .plot=${plot}></soi-plot-data>
      <soi-export-bar .exportable=${this.#exportable(plot)}></soi-export-bar>
    </div>`
  }

  #renderArea(plot: PlotSpec) {
    const { figure, targets } = this.#frame!
    const target = targets[this.target]
    const chosen = this.selection && targets.filter(({ position }) => position === this.selection?.focus)
    return html`<div
        class=${this.stale ? 'plot-area stale' : 'plot-area'}
        role="application"
        aria-roledescription=${strings.areaRole}
        aria-label=${strings.areaLabel(plot.lead)}
        tabindex="0"
        @pointermove=${this.#onPointer}
        @pointerdown=${this.#onPointer}
        @pointerleave=${this.#onLeave}
        @blur=${() => (this.target = -1)}
        @click=${() => this.#select()}
        @keydown=${this.#onKeyDown}
      >
        ${unsafeHTML(this.#drawn)}${chosen ? this.#renderMarks(chosen) : nothing}${target ? this.#renderTip(target, figure.width) : nothing}
      </div>
      <p class="visually-hidden" role="status">${target && this.#byKey ? target.text() : nothing}</p>`
  }

  /** A ring about each point, or its box framed. */
  #renderMarks(targets: readonly Target[]) {
    return html`<svg class="plot-mark" aria-hidden="true">
      ${targets.map(({ x, y, box }) =>
        box
          ? svg`<rect x=${box.x} y=${box.y} width=${box.width} height=${box.height} fill="none" stroke="var(--ink)" stroke-width="1.75"></rect>`
          : svg`<circle cx=${x} cy=${y} r="6.5" fill="none" stroke="var(--ink)" stroke-width="1.5"></circle>`,
      )}
    </svg>`
  }

  #renderTip(target: Target, width: number) {
    const { x, y, box } = target
    // Beside the point, on the side with more room.
    const place = x < width / 2 ? `left: ${x + 12}px` : `right: ${width - x + 12}px`
    const top = box ? box.y + box.height + 4 : Math.max(0, y - 14)
    return html`${this.#renderMarks([target])}
      <div class="plot-tip" aria-hidden="true" .style=${`${place}; top: ${top}px`}>${target.text()}</div>`
  }

  #exportable(plot: PlotSpec) {
    return {
      name: plot.name,
      figure: () => layoutPlot(plot, exportWidth).figure,
      table: () => {
        const { columns, rows } = fileTableOf(plot)
        return { columns: columns.map(({ label }) => label), rows }
      },
    }
  }

  #select(): void {
    const position = this.#frame?.targets[this.target]?.position
    if (position !== undefined) this.dispatchEvent(new SelectEvent(singlePosition(position)))
  }

  #onPointer = (event: PointerEvent) => {
    const area = (event.currentTarget as HTMLElement).getBoundingClientRect()
    this.#byKey = false
    this.target = nearestTarget(this.#frame?.targets ?? [], event.clientX - area.left, event.clientY - area.top)
  }

  /** A finger that is lifted leaves its point to be read, and chosen by the click that follows. */
  #onLeave = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') this.target = -1
  }

  #onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') this.target = -1
    if (event.key === 'Enter') this.#select()
    const next = targetAfterKey(this.#frame?.targets ?? [], this.target, event.key)
    if (next === null) return
    event.preventDefault()
    this.#byKey = true
    this.target = next
  }
}

function isMatrix(plot: PlotSpec): plot is HeatMapPlot | MatricesPlot {
  return plot.kind === 'heat-map' || plot.kind === 'matrices'
}

customElements.define('soi-plot', SoiPlot)

declare global {
  interface HTMLElementTagNameMap {
    'soi-plot': SoiPlot
  }
}
