/** The logit lens over the whole text. */
import type { RankedToken } from '../engine/engine'
import { formatCount } from '../page/numbers'
import { pageElement } from '../page/page_element'
import { playgroundStrings as strings } from '../page/strings/playground'
import { ExportBar } from '../plots/export_bar'
import { type LensData, lensFigure } from '../plots/lens'
import { LensPlot } from '../plots/lens_plot'
import { clampSelection, shownPositions } from '../plots/selection'
import { labelOf } from '../plots/token_label'
import type { Measured } from './inspection'
import type { View } from './playground'

export class LensSection {
  readonly #plot = pageElement('#lens-plot', LensPlot)
  readonly #caption = pageElement('#lens-caption', HTMLElement)
  readonly #export = pageElement('#lens-export', ExportBar)
  #data: { of: Measured<RankedToken[][][]>; data: LensData } | null = null

  render({ inspection, selection }: View): void {
    const { lens } = inspection.state
    this.#plot.classList.toggle('stale', inspection.isStale(lens))
    if (!lens) return
    const { ids, model } = lens.input
    if (this.#data?.of !== lens) {
      const tokens = ids.map((id, position) => ({ id, bytes: inspection.bytesOf(lens.input, position) }))
      this.#data = { of: lens, data: { tokens, cells: lens.value } }
    }
    const { data } = this.#data
    const inText = clampSelection(selection, ids.length)
    this.#plot.data = data
    this.#plot.selection = inText
    this.#caption.textContent = strings.madeLens(model.name, formatCount(model.config.nLayers))
    this.#export.exportable = {
      name: strings.lensFile,
      figure: () => lensFigure(data, shownPositions(inText, ids.length)),
      table: () => ({
        columns: ['layer', 'position', 'rank', 'id', 'token', 'probability', 'logit'],
        rows: lens.value.flatMap((positions, layer) =>
          positions.flatMap((tokens, position) =>
            tokens.map(({ id, bytes, probability, logit }, rank) => [
              layer,
              position,
              rank + 1,
              id,
              labelOf(bytes).text,
              probability,
              logit,
            ]),
          ),
        ),
      }),
      json: () => ({
        model,
        ids,
        lens: lens.value.map((positions) =>
          positions.map((tokens) => tokens.map((token) => ({ ...token, bytes: [...token.bytes] }))),
        ),
      }),
    }
  }
}
