/** `<soi-plot-data>`: the table behind a plot; its rows are made when it is opened. */
import { LitElement, html, nothing } from 'lit'
import { formatCount } from '../page/numbers'
import { plotStrings as strings } from '../page/strings/plots'
import type { PlotSpec } from './plot_spec'
import { type TableColumn, cellText, tableOf } from './plot_table'

const mostRows = 400

export class PlotData extends LitElement {
  static override properties = { plot: { attribute: false }, open: { state: true } }

  declare plot: PlotSpec | null
  declare open: boolean

  constructor() {
    super()
    this.plot = null
    this.open = false
  }

  override createRenderRoot() {
    return this
  }

  override render() {
    if (!this.plot) return nothing
    return html`<details class="plot-data no-print" @toggle=${this.#onToggle}>
      <summary>${strings.table}</summary>
      ${this.open ? this.#renderTable(this.plot) : nothing}
    </details>`
  }

  #renderTable(plot: PlotSpec) {
    const { columns, rows, notes } = tableOf(plot)
    const shown = rows.slice(0, mostRows)
    return html`<div class="plot-table-scroll" tabindex="0" role="region" aria-label=${strings.tableOf(plot.lead)}>
        <table class="plot-table">
          <caption class="visually-hidden">
            ${strings.tableOf(plot.lead)}
          </caption>
          <thead>
            <tr>
              ${columns.map(({ label }) => html`<th scope="col">${label}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map((row) => html`<tr>${row.map((value, index) => this.#renderCell(value, columns[index]!, index))}</tr>`)}
          </tbody>
        </table>
      </div>
      ${notes.map((note) => html`<p class="note">${note}</p>`)}
      ${rows.length > mostRows ? html`<p class="note">${strings.more(formatCount(rows.length - mostRows))}</p>` : nothing}`
  }

  #renderCell(value: string | number, column: TableColumn, index: number) {
    const text = cellText(value, column)
    if (index === 0) return html`<th scope="row">${text}</th>`
    return column.quantity ? html`<td class="number">${text}</td>` : html`<td>${text}</td>`
  }

  #onToggle = (event: Event) => {
    this.open = (event.currentTarget as HTMLDetailsElement).open
  }
}

customElements.define('soi-plot-data', PlotData)
