/**
 * `<soi-matrix-view>`: heat_map.ts on a canvas. Drag and wheel with Ctrl (or two fingers) move and zoom it; arrow keys go
 * from cell to cell; plus, minus and 0 zoom.
 */
import { LitElement, type PropertyValues, html, nothing } from 'lit'
import { plotStrings as strings } from '../page/strings/plots'
import { drawFigure } from './figure_canvas'
import { type MatrixFrame, type Panel, cellText, matrixFrame } from './heat_map'
import { type View, panView, showCell, wholeView, zoomView } from './matrix_pool'
import { resolvePalette } from './palette'
import type { HeatMapPlot, MatricesPlot } from './plot_spec'
import { ThemeController, WidthController } from './redraw'
import { SelectEvent, type Selection, singlePosition } from './selection'

interface Cell {
  panel: number
  row: number
  column: number
}

const zoomStep = 1.6

export class MatrixView extends LitElement {
  static override properties = { plot: { attribute: false }, selection: { attribute: false }, view: { state: true }, cell: { state: true } }

  declare plot: HeatMapPlot | MatricesPlot | null
  /** The page's selected position, where an axis has positions. */
  declare selection: Selection | null
  declare view: View | null
  /** Under the pointer, or reached by keys. */
  declare cell: Cell | null

  readonly #width = new WidthController(this)
  #frame: MatrixFrame | null = null
  #byKey = false
  /** Where each pressing pointer was last. */
  readonly #pressed = new Map<number, { x: number; y: number }>()
  /** Whether the press that goes on has moved the map: it is then no choice of a cell. */
  #moved = false

  constructor() {
    super()
    new ThemeController(this)
    this.plot = null
    this.selection = null
    this.view = null
    this.cell = null
  }

  override connectedCallback() {
    super.connectedCallback()
    // A canvas keeps the font that it was drawn with.
    if ('fonts' in document) void document.fonts.ready.then(() => this.requestUpdate())
  }

  override createRenderRoot() {
    return this
  }

  override willUpdate(changed: PropertyValues<this>) {
    const before = changed.get('plot')
    const isOtherShape = before?.rows.count !== this.plot?.rows.count || before?.columns.count !== this.plot?.columns.count
    if (changed.has('plot') && isOtherShape) [this.view, this.cell] = [null, null]
    if (!this.plot || this.#width.width === 0 || isOnlyPointed(changed)) return
    this.#frame = matrixFrame(this.plot, this.#width.width, { view: this.view ?? undefined, cellPixels: 1 / this.#scale })
  }

  get #scale(): number {
    return Math.min(3, window.devicePixelRatio || 1)
  }

  override render() {
    const { plot } = this
    if (!plot || this.#width.width === 0) return nothing
    const zoomed = this.view !== null
    const button = (label: string, sign: string, act: () => void) =>
      html`<button type="button" class="quiet" aria-label=${label} title=${label} @click=${act}>${sign}</button>`
    return html`<div class="matrix-tools no-print">
        ${button(strings.zoomIn, '+', () => this.#zoom(zoomStep))} ${button(strings.zoomOut, '−', () => this.#zoom(1 / zoomStep))}
        ${zoomed ? html`<button type="button" class="quiet" @click=${() => (this.view = null)}>${strings.whole}</button>` : nothing}
      </div>
      <div class="matrix-area">
        <canvas
          class=${zoomed ? 'zoomed' : ''}
          role="application"
          aria-roledescription=${strings.areaRole}
          aria-label=${strings.mapLabel(plot.lead)}
          tabindex="0"
          @wheel=${this.#onWheel}
          @pointerdown=${this.#onDown}
          @pointermove=${this.#onMove}
          @pointerup=${this.#onUp}
          @pointercancel=${this.#onUp}
          @pointerleave=${this.#onLeave}
          @dblclick=${(event: MouseEvent) => this.#zoomAt(event, zoomStep ** 2)}
          @click=${this.#onClick}
          @touchstart=${keepTwoFingers}
          @touchmove=${keepTwoFingers}
          @keydown=${this.#onKeyDown}
        ></canvas>
        ${this.#renderSelected(plot)}${this.#renderCell(plot)}
      </div>
      ${this.#frame?.isMerged ? html`<p class="note">${strings.merged}</p>` : nothing}
      <p class="visually-hidden" role="status">${this.#byKey ? this.#cellText(plot) : nothing}</p>`
  }

  override updated(changed: PropertyValues<this>) {
    const canvas = this.querySelector('canvas')
    if (!this.#frame || !canvas || isOnlyPointed(changed)) return
    drawFigure(canvas, this.#frame.figure, resolvePalette(document), this.#scale)
    canvas.style.width = `${this.#frame.figure.width}px`
    canvas.style.height = `${this.#frame.figure.height}px`
  }

  #cellText(plot: HeatMapPlot | MatricesPlot): string {
    const panel = this.cell && this.#frame?.panels[this.cell.panel]
    return this.cell && panel ? cellText(plot, panel, this.cell.row, this.cell.column) : ''
  }

  #renderCell(plot: HeatMapPlot | MatricesPlot) {
    const { cell } = this
    const panel = cell && this.#frame?.panels[cell.panel]
    if (!cell || !panel || !this.#frame) return nothing
    const { view, figure } = this.#frame
    const perColumn = panel.width / (view.right - view.left)
    const perRow = panel.height / (view.bottom - view.top)
    const [x, y] = [panel.left + (cell.column - view.left) * perColumn, panel.top + (cell.row - view.top) * perRow]
    const [width, height] = [Math.max(5, perColumn), Math.max(5, perRow)]
    const side = x < figure.width / 2 ? `left: ${x + width + 8}px` : `right: ${figure.width - x + 8}px`
    return html`<div class="matrix-cell" .style=${`left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px`}></div>
      <div class="plot-tip" aria-hidden="true" .style=${`${side}; top: ${Math.max(0, y - 14)}px`}>${this.#cellText(plot)}</div>`
  }

  /** The selected position's row or column framed, in each panel where it is in view. */
  #renderSelected({ rows, columns }: HeatMapPlot | MatricesPlot) {
    const position = this.selection?.focus
    if (position === undefined || !this.#frame) return nothing
    const { view, panels } = this.#frame
    return panels.map(({ left, top, width, height }) => {
      const perColumn = width / (view.right - view.left)
      const perRow = height / (view.bottom - view.top)
      const [x, y] = [left + (position - view.left) * perColumn, top + (position - view.top) * perRow]
      const frame = (box: string) => html`<div class="matrix-selected" .style=${box}></div>`
      const column = columns.positions && position < columns.count && position >= Math.floor(view.left) && position < view.right
      const row = rows.positions && position < rows.count && position >= Math.floor(view.top) && position < view.bottom
      return [
        column ? frame(`left: ${Math.max(left, x)}px; top: ${top}px; width: ${Math.max(3, perColumn)}px; height: ${height}px`) : nothing,
        row ? frame(`left: ${left}px; top: ${Math.max(top, y)}px; width: ${width}px; height: ${Math.max(3, perRow)}px`) : nothing,
      ]
    })
  }

  #onClick = (event: MouseEvent) => {
    if (this.#moved) return
    this.cell = this.#cellAt(event.offsetX, event.offsetY)
    this.#select()
  }

  /** A finger that is lifted leaves its cell to be read. */
  #onLeave = (event: PointerEvent) => {
    this.#pressed.delete(event.pointerId)
    if (event.pointerType !== 'touch') this.cell = null
  }

  #select(): void {
    const { cell, plot } = this
    if (!cell || !plot) return
    const position = plot.columns.positions ? cell.column : plot.rows.positions ? cell.row : undefined
    if (position !== undefined) this.dispatchEvent(new SelectEvent(singlePosition(position)))
  }

  get #view(): View {
    return this.view ?? wholeView(this.plot!.rows.count, this.plot!.columns.count)
  }

  /** A view of everything is no view: the button for it goes. */
  #show(view: View): void {
    const { rows, columns } = this.plot!
    const isWhole = view.right - view.left >= columns.count && view.bottom - view.top >= rows.count
    this.view = isWhole ? null : view
  }

  #zoom(factor: number, x = 0.5, y = 0.5): void {
    const { rows, columns } = this.plot!
    this.#show(zoomView(this.#view, rows.count, columns.count, factor, x, y))
  }

  #zoomAt(event: MouseEvent, factor: number): void {
    const place = this.#placeOf(event.offsetX, event.offsetY)
    if (place) this.#zoom(factor, place.x, place.y)
  }

  /** Which panel a point of the canvas lies on, and where on it, from 0 to 1. */
  #placeOf(offsetX: number, offsetY: number): { panel: number; box: Panel; x: number; y: number } | null {
    for (const [panel, box] of (this.#frame?.panels ?? []).entries()) {
      const [x, y] = [(offsetX - box.left) / box.width, (offsetY - box.top) / box.height]
      if (x >= 0 && x < 1 && y >= 0 && y < 1) return { panel, box, x, y }
    }
    return null
  }

  #onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return // the page scrolls
    event.preventDefault()
    this.#zoomAt(event, Math.exp(-event.deltaY / 300))
  }

  #onDown = (event: PointerEvent) => {
    if (this.#pressed.size === 0) this.#moved = false
    this.#pressed.set(event.pointerId, { x: event.offsetX, y: event.offsetY })
    if (this.view || this.#pressed.size > 1) (event.currentTarget as Element).setPointerCapture(event.pointerId)
  }

  #onUp = (event: PointerEvent) => {
    this.#pressed.delete(event.pointerId)
  }

  #onMove = (event: PointerEvent) => {
    const now = { x: event.offsetX, y: event.offsetY }
    const before = this.#pressed.get(event.pointerId)
    if (before) this.#pressed.set(event.pointerId, now)
    const box = this.#frame?.panels[0]
    if (!box || !this.plot) return
    const other = [...this.#pressed].find(([id]) => id !== event.pointerId)?.[1]
    if (before && other) {
      this.#moved = true
      const distance = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y)
      const middle = this.#placeOf((now.x + other.x) / 2, (now.y + other.y) / 2)
      this.#zoom(distance(now) / Math.max(1, distance(before)), middle?.x, middle?.y)
    } else if (before && this.view) {
      const { rows, columns } = this.plot
      const dx = ((before.x - now.x) * (this.view.right - this.view.left)) / box.width
      const dy = ((before.y - now.y) * (this.view.bottom - this.view.top)) / box.height
      if (Math.hypot(before.x - now.x, before.y - now.y) > 1) this.#moved = true
      this.#show(panView(this.view, rows.count, columns.count, dx, dy))
    }
    this.#byKey = false
    this.cell = this.#cellAt(now.x, now.y)
  }

  #cellAt(offsetX: number, offsetY: number): Cell | null {
    const place = this.#placeOf(offsetX, offsetY)
    const view = this.#view
    return (
      place && {
        panel: place.panel,
        row: Math.floor(view.top + place.y * (view.bottom - view.top)),
        column: Math.floor(view.left + place.x * (view.right - view.left)),
      }
    )
  }

  #onKeyDown = (event: KeyboardEvent) => {
    const { plot } = this
    if (!plot || event.ctrlKey || event.metaKey || event.altKey) return
    const zooms: Record<string, () => void> = {
      Enter: () => this.#select(),
      '+': () => this.#zoom(zoomStep),
      '=': () => this.#zoom(zoomStep),
      '-': () => this.#zoom(1 / zoomStep),
      '0': () => (this.view = null),
      Escape: () => (this.cell = null),
    }
    const act = zooms[event.key] ?? this.#moveBy(event.key, event.shiftKey ? 10 : 1)
    if (!act) return
    event.preventDefault()
    this.#byKey = true
    act()
  }

  #moveBy(key: string, cells: number): (() => void) | undefined {
    const { rows, columns } = this.plot!
    const at = this.cell ?? { panel: 0, row: Math.floor(this.#view.top), column: Math.floor(this.#view.left) }
    const to = { ArrowLeft: [0, -cells], ArrowRight: [0, cells], ArrowUp: [-cells, 0], ArrowDown: [cells, 0] }[key]
    if (!to) return undefined
    return () => {
      const row = Math.max(0, Math.min(at.row + to[0]!, rows.count - 1))
      const column = Math.max(0, Math.min(at.column + to[1]!, columns.count - 1))
      this.cell = this.cell ? { ...at, row, column } : at
      if (this.view) this.view = showCell(this.view, rows.count, columns.count, row, column)
    }
  }
}

/** Nothing on the canvas changes: a frame lies over it. */
function isOnlyPointed(changed: PropertyValues<MatrixView>): boolean {
  return changed.size > 0 && [...changed.keys()].every((name) => name === 'cell' || name === 'selection')
}

/** Two fingers zoom the map: else the browser takes them to scroll the page, and their moves are not told. */
function keepTwoFingers(event: TouchEvent): void {
  if (event.touches.length > 1 && event.cancelable) event.preventDefault()
}

customElements.define('soi-matrix-view', MatrixView)
