/** `<soi-lens-plot>`: the logit lens on the page. Only the columns in view are in the document. */
import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from 'lit'
import { formatPercent } from '../page/numbers'
import { lensStrings as strings } from '../page/strings/plots'
import { type LensData, type LensToken, lensRowLabel } from './lens'
import { WidthController } from './redraw'
import { moveFocus, SelectEvent, type Selection, selectionProperty, shownPositions, singlePosition } from './selection'
import { labelOf } from './token_label'

interface Cell {
  row: number
  position: number
}

/** Columns are as wide as the room allows, within these. */
const narrowest = 68
const widest = 96
const spareColumns = 3

export class LensPlot extends LitElement {
  static override properties = {
    data: { attribute: false },
    selection: selectionProperty,
    hovered: { state: true },
    focusRow: { state: true },
    view: { state: true },
  }

  declare data: LensData | null
  declare selection: Selection
  declare hovered: Cell | null
  declare focusRow: number
  /** Columns [first, end) that are in the document. */
  declare view: [first: number, end: number]
  readonly #width = new WidthController(this)
  #rows = 0

  constructor() {
    super()
    this.data = null
    this.selection = singlePosition(0)
    this.hovered = null
    this.focusRow = -1
    this.view = [0, 20]
  }

  override createRenderRoot() {
    return this
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('data')) this.hovered = null
    const rows = this.data?.cells.length ?? 0
    // Another model's layers are others: begin at the output again.
    if (rows !== this.#rows) this.focusRow = rows - 1
    this.#rows = rows
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('data')) this.#updateView()
    if (changed.has('selection') && changed.get('selection')) this.#scrollToColumn(this.selection.focus)
  }

  override render() {
    const { data } = this
    if (!data) return nothing
    const [first, last] = this.#columns()
    const from = Math.max(first, Math.min(this.view[0], last))
    const to = Math.min(last + 1, this.view[1])
    const rows = data.cells.length
    const columns = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
    const columnWidth = this.#columnWidth()
    const before = `width: ${columnWidth * (from - first)}px`
    const after = `width: ${columnWidth * (last + 1 - to)}px`
    const spacer = (style: string) => html`<div class="lens-spacer" role="presentation" .style=${style}></div>`
    return html`<div class="lens-scroll" @scroll=${this.#updateView}>
        <div
          class="lens-grid"
          role="grid"
          aria-label=${strings.gridLabel}
          aria-rowcount=${rows + 1}
          aria-colcount=${last - first + 2}
          .style=${`--column-width: ${columnWidth}px`}
          @keydown=${this.#onKeyDown}
          @pointerleave=${() => (this.hovered = null)}
        >
          <div class="lens-row lens-head" role="row">
            <div class="lens-row-label" role="columnheader">${strings.corner}</div>
            ${spacer(before)}${columns.map((position) => this.#renderColumnHead(data, position))}${spacer(after)}
          </div>
          ${data.cells.map(
            (_, row) =>
              html`<div class="lens-row" role="row">
                <div class="lens-row-label" role="rowheader">${lensRowLabel(row, rows)}</div>
                ${spacer(before)}${columns.map((position) => this.#renderCell(data, { row, position }, first))}${spacer(after)}
              </div>`,
          )}
        </div>
      </div>
      ${this.#renderDetail(data)}`
  }

  /** Positions [first, last] that are shown. */
  #columns(): readonly [first: number, last: number] {
    return shownPositions(this.selection, this.data?.tokens.length ?? 1)
  }

  #columnWidth(): number {
    const [first, last] = this.#columns()
    const label = this.querySelector('.lens-row-label')?.clientWidth ?? 0
    const room = Math.floor((this.#width.width - label) / (last - first + 1))
    return Math.min(widest, Math.max(narrowest, room))
  }

  #renderColumnHead(data: LensData, position: number): TemplateResult {
    const label = labelOf(data.tokens[position]?.bytes ?? new Uint8Array()).text
    const classes = position === this.selection.focus ? 'lens-column-head focus' : 'lens-column-head'
    return html`<div class=${classes} role="columnheader" @click=${() => this.#select(position)}>
      <span class="lens-position">${position}</span><span class="lens-token">${label}</span>
    </div>`
  }

  #renderCell(data: LensData, cell: Cell, first: number): TemplateResult {
    const { row, position } = cell
    const top = data.cells[row]?.[position]?.[0]
    if (!top) return html``
    const label = labelOf(top.bytes).text
    const isFocus = position === this.selection.focus
    const classes = ['lens-cell', isFocus && 'focus', this.#isRight(data, cell, top) && 'right']
    return html`<div
      class=${classes.filter(Boolean).join(' ')}
      role="gridcell"
      aria-colindex=${position - first + 2}
      aria-label=${strings.cell(label, formatPercent(top.probability))}
      aria-selected=${isFocus}
      data-row=${row}
      data-position=${position}
      tabindex=${isFocus && row === this.focusRow ? 0 : -1}
      .style=${`--probability: ${(100 * top.probability).toFixed(1)}%`}
      @pointerenter=${() => (this.hovered = cell)}
      @click=${() => this.#choose(cell)}
      @focus=${() => (this.focusRow = row)}
    >
      <span class="lens-token">${label}</span>
    </div>`
  }

  /** Whether the most probable token is the one that really follows. */
  #isRight(data: LensData, { position }: Cell, top: LensToken): boolean {
    return data.tokens[position + 1]?.id === top.id
  }

  #renderDetail(data: LensData): TemplateResult {
    const cell = this.hovered ?? { row: this.focusRow, position: this.selection.focus }
    const tokens = data.cells[cell.row]?.[cell.position]
    if (!tokens) return html``
    const input = labelOf(data.tokens[cell.position]?.bytes ?? new Uint8Array()).text
    return html`<div class="lens-detail">
      <p class="plot-readout">
        ${strings.detail(lensRowLabel(cell.row, data.cells.length), cell.position)} <code>${input}</code>
      </p>
      <ol>
        ${tokens.map(
          ({ bytes, probability }) =>
            html`<li><code>${labelOf(bytes).text}</code> <span>${formatPercent(probability)}</span></li>`,
        )}
      </ol>
    </div>`
  }

  #choose({ row, position }: Cell): void {
    this.focusRow = row
    this.#select(position)
  }

  #select(position: number): void {
    this.dispatchEvent(new SelectEvent(moveFocus(this.selection, position)))
  }

  #onKeyDown = async (event: KeyboardEvent) => {
    const [first, last] = this.#columns()
    const { focus } = this.selection
    const rows = this.data?.cells.length ?? 0
    const moves: Record<string, Cell> = {
      ArrowLeft: { row: this.focusRow, position: Math.max(first, focus - 1) },
      ArrowRight: { row: this.focusRow, position: Math.min(last, focus + 1) },
      ArrowUp: { row: Math.max(0, this.focusRow - 1), position: focus },
      ArrowDown: { row: Math.min(rows - 1, this.focusRow + 1), position: focus },
      Home: { row: this.focusRow, position: first },
      End: { row: this.focusRow, position: last },
    }
    const target = moves[event.key]
    if (!target || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    this.hovered = null
    this.#choose(target)
    await this.updateComplete
    this.#scrollToColumn(target.position)
    await this.updateComplete
    this.querySelector<HTMLElement>(`[data-row="${target.row}"][data-position="${target.position}"]`)?.focus()
  }

  #scrollToColumn(position: number): void {
    const scroll = this.querySelector('.lens-scroll')
    const label = this.querySelector('.lens-row-label')
    if (!scroll || !label) return
    const columnWidth = this.#columnWidth()
    const left = columnWidth * (position - this.#columns()[0])
    const room = scroll.clientWidth - label.clientWidth
    if (left < scroll.scrollLeft) scroll.scrollLeft = left
    else if (left + columnWidth > scroll.scrollLeft + room) scroll.scrollLeft = left + columnWidth - room
    this.#updateView()
  }

  #updateView = () => {
    const scroll = this.querySelector('.lens-scroll')
    if (!scroll) return
    const [start] = this.#columns()
    const columnWidth = this.#columnWidth()
    const first = start + Math.floor(scroll.scrollLeft / columnWidth) - spareColumns
    const end = start + Math.ceil((scroll.scrollLeft + scroll.clientWidth) / columnWidth) + spareColumns
    const view: [number, number] = [Math.max(0, first), end]
    if (view[0] !== this.view[0] || view[1] !== this.view[1]) this.view = view
  }
}

customElements.define('soi-lens-plot', LensPlot)
