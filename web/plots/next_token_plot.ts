/** `<soi-next-token-plot>`: next_token.ts on the page, as wide as there is room. */
import { LitElement, html, nothing } from 'lit'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'
import { figureToSvg } from './figure_svg'
import { type NextTokenData, type ProbabilityScale, nextTokenFigure } from './next_token'
import { pagePalette } from './palette'
import { WidthController } from './redraw'

export class NextTokenPlot extends LitElement {
  static override properties = { data: { attribute: false }, scale: { attribute: false } }

  declare data: NextTokenData | null
  declare scale: ProbabilityScale
  readonly #width = new WidthController(this)

  constructor() {
    super()
    this.data = null
    this.scale = 'linear'
  }

  override createRenderRoot() {
    return this
  }

  override render() {
    if (!this.data || this.#width.width === 0) return nothing
    return html`${unsafeHTML(figureToSvg(nextTokenFigure(this.data, this.#width.width, this.scale), pagePalette))}`
  }
}

customElements.define('soi-next-token-plot', NextTokenPlot)
