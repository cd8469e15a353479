/** `<soi-curve-pad>`: a frame in which a curve is drawn by one stroke, or by arrow keys. */
import { LitElement, type TemplateResult, html, nothing, svg } from 'lit'
import { formatNumber, formatSignificant } from '../page/numbers'
import { predictionStrings as strings } from '../page/strings/lesson'
import type { CurveAxis } from './define_lesson'

export class CurveDrawnEvent extends Event {
  static readonly type = 'soi-curve'

  constructor(readonly points: [x: number, y: number][]) {
    super(CurveDrawnEvent.type)
  }
}

/** Places along x at which the curve has a height. */
const columns = 41
const width = 400
const height = 200

export class CurvePad extends LitElement {
  static override properties = { x: { attribute: false }, y: { attribute: false }, heights: { state: true }, cursor: { state: true } }

  declare x: CurveAxis
  declare y: CurveAxis
  /** In [0, 1], upwards; null where nothing is drawn yet. */
  declare heights: (number | null)[]
  /** The column that the keys move. */
  declare cursor: number
  #isDrawing = false
  #last: number | null = null

  constructor() {
    super()
    this.x = { label: '', minimum: 0, maximum: 1 }
    this.y = { label: '', minimum: 0, maximum: 1 }
    this.heights = Array.from({ length: columns }, () => null)
    this.cursor = 0
  }

  override createRenderRoot() {
    return this
  }

  override render(): TemplateResult {
    return html`<div class="curve-pad">
      <p class="note">${strings.draw}</p>
      <p class="curve-axis">${this.y.label}</p>
      <div
        class="curve-frame"
        role="slider"
        tabindex="0"
        aria-label=${strings.pad(this.y.label, this.x.label)}
        aria-valuemin=${this.y.minimum}
        aria-valuemax=${this.y.maximum}
        aria-valuenow=${this.#valueAt(this.cursor)}
        aria-valuetext=${strings.height(formatSignificant(this.#placeOf(this.cursor)), formatSignificant(this.#valueAt(this.cursor)))}
        @keydown=${this.#onKey}
        @pointerdown=${this.#onDown}
        @pointermove=${this.#onMove}
        @pointerup=${this.#onUp}
        @pointercancel=${this.#onUp}
      >
        <span class="curve-end top" aria-hidden="true">${formatNumber(this.y.maximum)}</span>
        <span class="curve-end bottom" aria-hidden="true">${formatNumber(this.y.minimum)}</span>
        <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
          <path class="curve-line" d=${this.#path()} vector-effect="non-scaling-stroke"></path>
          ${this.#isDrawn() ? svg`<circle class="curve-cursor" cx=${this.#left(this.cursor)} cy=${this.#top(this.cursor)} r="4"></circle>` : nothing}
        </svg>
      </div>
      <p class="curve-axis of-x">
        <span aria-hidden="true">${formatNumber(this.x.minimum)}</span><span>${this.x.label}</span><span aria-hidden="true">${formatNumber(this.x.maximum)}</span>
      </p>
      ${this.#isDrawn() ? html`<button type="button" @click=${this.#keep}>${strings.keep}</button>` : nothing}
    </div>`
  }

  #isDrawn(): boolean {
    return this.heights.some((each) => each !== null)
  }

  #left(column: number): number {
    return (width * column) / (columns - 1)
  }

  #top(column: number): number {
    return height * (1 - (this.heights[column] ?? 0.5))
  }

  #placeOf(column: number): number {
    return this.x.minimum + ((this.x.maximum - this.x.minimum) * column) / (columns - 1)
  }

  #valueAt(column: number): number {
    return this.y.minimum + (this.y.maximum - this.y.minimum) * (this.heights[column] ?? 0.5)
  }

  #path(): string {
    let isOpen = false
    return this.heights
      .map((each, column) => {
        if (each === null) {
          isOpen = false
          return ''
        }
        const command = isOpen ? 'L' : 'M'
        isOpen = true
        return `${command}${this.#left(column)} ${this.#top(column)}`
      })
      .join('')
  }

  #onDown = (event: PointerEvent) => {
    this.#isDrawing = true
    this.#last = null
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.#draw(event)
  }

  #onMove = (event: PointerEvent) => {
    if (this.#isDrawing) this.#draw(event)
  }

  /** A stroke across most of the frame is a whole answer. */
  #onUp = () => {
    if (!this.#isDrawing) return
    this.#isDrawing = false
    const drawn = this.heights.filter((each) => each !== null).length
    if (drawn > 0.6 * columns) this.#keep()
  }

  #draw(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const column = clamp(Math.round(((event.clientX - box.left) / box.width) * (columns - 1)), columns - 1)
    const at = Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height))
    const heights = [...this.heights]
    // A fast stroke skips columns: what lies between goes straight.
    const from = this.#last ?? column
    const fromHeight = heights[from] ?? at
    const distance = Math.abs(column - from)
    for (let step = 0; step <= distance; ++step) {
      const t = distance === 0 ? 1 : step / distance
      heights[from + Math.sign(column - from) * step] = fromHeight + t * (at - fromHeight)
    }
    this.#last = column
    this.cursor = column
    this.heights = heights
  }

  #onKey = (event: KeyboardEvent) => {
    const moves: Record<string, [columns: number, height: number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 0.05],
      ArrowDown: [0, -0.05],
    }
    const move = moves[event.key]
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const heights = [...this.heights]
    const here = heights[this.cursor] ?? 0.5
    heights[this.cursor] = Math.min(1, Math.max(0, here + move[1]))
    this.cursor = clamp(this.cursor + move[0], columns - 1)
    // Going on takes the height along, until it is changed.
    heights[this.cursor] ??= heights[clamp(this.cursor - move[0], columns - 1)] ?? 0.5
    this.heights = heights
  }

  #keep = () => {
    const points = this.heights.flatMap((each, column): [number, number][] => (each === null ? [] : [[this.#placeOf(column), this.#valueAt(column)]]))
    this.dispatchEvent(new CurveDrawnEvent(points))
  }
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value))
}

customElements.define('soi-curve-pad', CurvePad)
