/** `<soi-export-bar>`: a plot as PNG and SVG, its numbers as CSV and JSON. Numbers in files have decimal points. */
import { LitElement, html, nothing } from 'lit'
import { saveFile } from '../page/download'
import { exportStrings as strings } from '../page/strings/plots'
import type { Figure, Mark } from './figure'
import { drawFigure } from './figure_canvas'
import { figureToSvg } from './figure_svg'
import { resolvePalette } from './palette'

export interface Table {
  columns: string[]
  rows: (string | number)[][]
}

export interface Exportable {
  /** File name without its ending. */
  name: string
  figure?: () => Figure
  table?: () => Table
  /** Anything that JSON can hold. */
  json?: () => unknown
}

const pngScale = 2
const padding = 16

export class ExportBar extends LitElement {
  static override properties = { exportable: { attribute: false } }

  declare exportable: Exportable | null

  constructor() {
    super()
    this.exportable = null
  }

  override createRenderRoot() {
    return this
  }

  override render() {
    const { exportable } = this
    if (!exportable) return nothing
    const { figure, table, json } = exportable
    return html`<div class="export-bar no-print" role="group" aria-label=${strings.label}>
      <span>${strings.label}</span>
      ${figure ? html`${this.#button('PNG', () => this.#savePng(figure()))}${this.#button('SVG', () => this.#saveSvg(figure()))}` : nothing}
      ${table ? this.#button('CSV', () => this.#save(csvText(table()), 'csv', 'text/csv')) : nothing}
      ${json ? this.#button('JSON', () => this.#save(JSON.stringify(json(), null, 1), 'json', 'application/json')) : nothing}
    </div>`
  }

  #button(format: string, save: () => void) {
    return html`<button type="button" class="quiet" @click=${save}>${format}</button>`
  }

  #saveSvg(figure: Figure): void {
    this.#save(figureToSvg(onPaper(figure), resolvePalette(document)), 'svg', 'image/svg+xml')
  }

  #savePng(figure: Figure): void {
    const canvas = document.createElement('canvas')
    drawFigure(canvas, onPaper(figure), resolvePalette(document), pngScale)
    canvas.toBlob((blob) => blob && this.#save(blob, 'png', 'image/png'))
  }

  #save(content: string | Blob, ending: string, type: string): void {
    const blob = typeof content === 'string' ? new Blob([content], { type }) : content
    saveFile(`${this.exportable?.name ?? 'soi'}.${ending}`, blob)
  }
}

/** With the page's ground under it, and a margin. */
function onPaper(figure: Figure): Figure {
  const width = figure.width + 2 * padding
  const height = figure.height + 2 * padding
  const ground: Mark = { kind: 'rect', x: 0, y: 0, width, height, fill: 'paper' }
  return { ...figure, width, height, marks: [ground, { kind: 'group', x: padding, y: padding, marks: figure.marks }] }
}

/** RFC 4180, with a byte order mark so that spreadsheets read Vietnamese. */
export function csvText({ columns, rows }: Table): string {
  const quote = (value: string | number) =>
    typeof value === 'number' ? String(value) : `"${value.replaceAll('"', '""')}"`
  return '\ufeff' + [columns, ...rows].map((row) => row.map(quote).join(',')).join('\r\n') + '\r\n'
}

customElements.define('soi-export-bar', ExportBar)
