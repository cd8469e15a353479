/** `<soi-attention-plot>`: all heads of a layer small, one of them large, and its selected row over the text. */
import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from 'lit'
import { formatSignificant } from '../page/numbers'
import { attentionStrings as strings } from '../page/strings/plots'
import { type AttentionData, type AttentionFrame, attentionFigure, attentionRow, cropPattern, thumbnailFigure } from './attention'
import { drawFigure } from './figure_canvas'
import { type ResolvedPalette, resolvePalette } from './palette'
import { ThemeController, WidthController } from './redraw'
import { moveFocus, SelectEvent, type Selection, selectionProperty, shownPositions, singlePosition } from './selection'

export class HeadEvent extends Event {
  static readonly type = 'soi-head'

  constructor(readonly head: number) {
    super(HeadEvent.type, { bubbles: true, composed: true })
  }
}

declare global {
  interface HTMLElementEventMap {
    'soi-head': HeadEvent
  }
}

interface Cell {
  query: number
  key: number
}

interface DrawnHeads {
  data: AttentionData
  first: number
  last: number
  palette: ResolvedPalette
}

const largestSide = 600
const thumbnailSide = 144
/** Heads in a row, for models of few heads and of many. */
const headColumns = (nHeads: number) => (nHeads <= 4 ? 2 : nHeads <= 12 ? 3 : 4)

export class AttentionPlot extends LitElement {
  static override properties = {
    data: { attribute: false },
    head: { attribute: false },
    selection: selectionProperty,
    cell: { state: true },
  }

  declare data: AttentionData | null
  declare head: number
  declare selection: Selection
  /** Under the pointer, or moved to by arrow keys. */
  declare cell: Cell | null

  readonly #width = new WidthController(this)
  #frame: AttentionFrame | null = null
  /** What the small heads show. */
  #drawn: DrawnHeads | null = null

  constructor() {
    super()
    new ThemeController(this)
    this.data = null
    this.head = 0
    this.selection = singlePosition(0)
    this.cell = null
  }

  override createRenderRoot() {
    return this
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('data') || changed.has('selection')) this.cell = null
  }

  override render() {
    const { data } = this
    if (!data || this.#width.width === 0) return nothing
    const heads = Array.from({ length: data.nHeads }, (_, head) => head)
    return html`<div
        class="attention-heads"
        role="group"
        aria-label=${strings.heads}
        .style=${`--head-columns: ${headColumns(data.nHeads)}`}
      >
        ${heads.map((head) => this.#renderHead(head))}
      </div>
      <div class="attention-large">
        <canvas
          class="attention-map"
          role="img"
          tabindex="0"
          aria-label=${strings.mapLabel(this.head)}
          aria-describedby=${`${this.id}-readout`}
          @pointermove=${(event: PointerEvent) => (this.cell = this.#cellAt(event))}
          @pointerleave=${() => (this.cell = null)}
          @click=${this.#onClick}
          @keydown=${this.#onKeyDown}
        ></canvas>
        <p class="plot-readout" id=${`${this.id}-readout`} aria-live="polite">${this.#renderReadout(data)}</p>
      </div>
      ${this.#renderRow(data)}`
  }

  override updated(changed: PropertyValues<this>) {
    const onlyCell = changed.size === 1 && changed.has('cell')
    if (!onlyCell) this.#draw()
  }

  #renderHead(head: number): TemplateResult {
    return html`<button
      class="attention-head"
      type="button"
      aria-pressed=${head === this.head}
      @click=${() => this.dispatchEvent(new HeadEvent(head))}
    >
      <canvas aria-hidden="true"></canvas><span>${strings.head(head)}</span>
    </button>`
  }

  #renderReadout(data: AttentionData): TemplateResult {
    const cell = this.cell ?? { query: this.selection.focus, key: this.#strongestKey(data) }
    const { query, key } = cell
    const label = (position: number) => html`<code>${data.labels[position] ?? ''}</code>`
    if (key > query) return html`${strings.future(query, key)}`
    const weight = attentionRow(data, this.head, query)[key] ?? 0
    return html`${strings.query} ${query} ${label(query)} → ${strings.key} ${key} ${label(key)}:
    <b>${formatSignificant(weight)}</b>; ${strings.uniform(query + 1, formatSignificant(1 / (query + 1)))}`
  }

  #strongestKey(data: AttentionData): number {
    const row = attentionRow(data, this.head, this.selection.focus)
    return row.indexOf(Math.max(...row))
  }

  /** The text, shaded by how strongly the selected position looks at each token. */
  #renderRow(data: AttentionData): TemplateResult {
    const query = this.selection.focus
    const row = attentionRow(data, this.head, query)
    const [first, last] = shownPositions(this.selection, data.labels.length)
    const positions = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    return html`<div class="attention-row">
      <p class="plot-readout">${strings.row(query, this.head)}</p>
      <p class="attention-text">
        ${positions.map((position) => {
          const weight = row[position] ?? 0
          const classes = position === query ? 'focus' : position > query ? 'future' : ''
          const title = position > query ? strings.future(query, position) : formatSignificant(weight)
          return html`<span class=${classes} title=${title} .style=${`--weight: ${(100 * weight).toFixed(1)}%`}
            >${data.labels[position]}</span
          >`
        })}
      </p>
    </div>`
  }

  #draw(): void {
    const { data } = this
    if (!data || this.#width.width === 0) {
      // Nothing is rendered: the canvases that come later are new, and empty.
      this.#drawn = null
      return
    }
    const palette = resolvePalette(document)
    const shown = shownPositions(this.selection, data.labels.length)
    this.#drawHeads(data, shown, palette)
    const canvas = this.querySelector<HTMLCanvasElement>('.attention-map')
    const room = this.querySelector('.attention-large')?.clientWidth ?? this.#width.width
    this.#frame = attentionFigure(data, this.head, shown, this.selection.focus, Math.min(room, largestSide))
    if (!canvas) return
    const { figure } = this.#frame
    drawFigure(canvas, figure, palette, screenScale())
    canvas.style.width = `${figure.width}px`
    canvas.style.height = `${figure.height}px`
  }

  #drawHeads(data: AttentionData, shown: readonly [number, number], palette: ResolvedPalette): void {
    const drawn = { data, first: shown[0], last: shown[1], palette }
    if (isSame(drawn, this.#drawn)) return
    this.#drawn = drawn
    this.querySelectorAll<HTMLCanvasElement>('.attention-head canvas').forEach((canvas, head) => {
      const figure = thumbnailFigure(cropPattern(data, head, shown), thumbnailSide, strings.head(head))
      drawFigure(canvas, figure, palette, screenScale())
    })
  }

  #cellAt(event: MouseEvent): Cell | null {
    const { data } = this
    if (!this.#frame || !data) return null
    const [first, last] = shownPositions(this.selection, data.labels.length)
    const { left, top, cell } = this.#frame
    const query = first + Math.floor((event.offsetY - top) / cell)
    const key = first + Math.floor((event.offsetX - left) / cell)
    // Beside the matrix, the labels stand for their row.
    if (query < first || query > last || key > last) return null
    return { query, key: Math.max(first, key) }
  }

  #onClick = (event: MouseEvent) => {
    const cell = this.#cellAt(event)
    if (cell) this.dispatchEvent(new SelectEvent(moveFocus(this.selection, cell.query)))
  }

  #onKeyDown = (event: KeyboardEvent) => {
    const { data } = this
    if (!data) return
    const { query, key } = this.cell ?? { query: this.selection.focus, key: this.#strongestKey(data) }
    if (event.key === 'Enter') {
      this.dispatchEvent(new SelectEvent(moveFocus(this.selection, query)))
      return
    }
    const [first, last] = shownPositions(this.selection, data.labels.length)
    const moves: Record<string, Cell> = {
      ArrowLeft: { query, key: Math.max(first, key - 1) },
      ArrowRight: { query, key: Math.min(last, key + 1) },
      ArrowUp: { query: Math.max(first, query - 1), key },
      ArrowDown: { query: Math.min(last, query + 1), key },
    }
    const target = moves[event.key]
    if (!target || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    this.cell = target
  }
}

function isSame(a: DrawnHeads, b: DrawnHeads | null): boolean {
  return b !== null && a.data === b.data && a.first === b.first && a.last === b.last && a.palette === b.palette
}

/** Pixels of the screen to one of CSS. */
function screenScale(): number {
  return Math.min(3, window.devicePixelRatio || 1)
}

customElements.define('soi-attention-plot', AttentionPlot)
