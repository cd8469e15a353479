/** `<soi-plot>` as a drawing: lead, figure, caption. */
import { LitElement, html, nothing } from 'lit'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'
import { plotToSvg } from '../plots/plot'
import type { PlotSpec } from '../plots/plot_spec'
import { WidthController } from '../plots/redraw'

export class PlotDrawing extends LitElement {
  static override properties = { plot: { attribute: false }, stale: { type: Boolean } }

  declare plot: PlotSpec | null
  declare stale: boolean
  readonly #width = new WidthController(this)

  constructor() {
    super()
    this.plot = null
    this.stale = false
  }

  override createRenderRoot() {
    return this
  }

  override render() {
    const { plot } = this
    if (!plot || this.#width.width === 0) return nothing
    return html`<p class="plot-lead">${plot.lead}</p>
      <div class=${this.stale ? 'stale' : ''}>${unsafeHTML(plotToSvg(plot, this.#width.width))}</div>
      <p class="plot-caption note">${plot.caption ?? ''}</p>`
  }
}

customElements.define('soi-plot', PlotDrawing)
