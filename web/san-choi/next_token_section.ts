/** The next-token distribution at the selected position. */
import type { NextToken } from '../engine/engine'
import { pageElement } from '../page/page_element'
import { playgroundStrings as strings } from '../page/strings/playground'
import { ExportBar } from '../plots/export_bar'
import { type NextTokenData, nextTokenFigure } from '../plots/next_token'
import { NextTokenPlot } from '../plots/next_token_plot'
import { labelOf } from '../plots/token_label'
import type { Measured } from './inspection'
import { nextTokenData, nextTokenLead } from './next_token_view'
import type { View } from './playground'
import type { PlaygroundState } from './state'

const exportWidth = 720

export class NextTokenSection {
  readonly #plot = pageElement('#next-plot', NextTokenPlot)
  readonly #lead = pageElement('#next-lead', HTMLParagraphElement)
  readonly #caption = pageElement('#next-caption', HTMLSpanElement)
  readonly #export = pageElement('#next-export', ExportBar)
  readonly #log = pageElement('#log-scale', HTMLInputElement)

  constructor(onChange: (changes: Partial<PlaygroundState>) => void) {
    this.#log.addEventListener('change', () => onChange({ scale: this.#log.checked ? 'log' : 'linear' }))
  }

  render({ state, inspection, selection }: View): void {
    const { next } = inspection.state
    this.#log.checked = state.scale === 'log'
    this.#plot.scale = state.scale
    for (const part of [this.#plot, this.#lead]) part.classList.toggle('stale', inspection.isStale(next))
    if (!next) return
    const position = Math.min(selection.focus, next.value.length - 1)
    const data = nextTokenData(next, position)
    this.#plot.data = data
    this.#lead.textContent = nextTokenLead(next, position)
    this.#caption.textContent = strings.madeNext(next.input.model.name)
    this.#setExport(next, position, data, state)
  }

  #setExport(next: Measured<NextToken[]>, position: number, data: NextTokenData, { scale }: PlaygroundState): void {
    const { top, entropy, actual } = next.value[position]!
    this.#export.exportable = {
      name: strings.nextFile,
      figure: () => nextTokenFigure(data, exportWidth, scale),
      table: () => ({
        columns: ['position', 'rank', 'id', 'token', 'probability', 'logit'],
        rows: top.map(({ id, bytes, probability, logit }, rank) => [
          position,
          rank + 1,
          id,
          labelOf(bytes).text,
          probability,
          logit,
        ]),
      }),
      json: () => ({
        model: next.input.model,
        ids: next.input.ids,
        position,
        entropy,
        actual,
        // Bytes as lists of numbers, which JSON can hold.
        top: top.map((token) => ({ ...token, bytes: [...token.bytes] })),
      }),
    }
  }
}
