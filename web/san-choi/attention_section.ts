/** Attention patterns of one layer. */
import { pageElement } from '../page/page_element'
import { playgroundStrings as strings } from '../page/strings/playground'
import { type AttentionData, attentionFigure, attentionRow } from '../plots/attention'
import { AttentionPlot, HeadEvent } from '../plots/attention_plot'
import { ExportBar } from '../plots/export_bar'
import { type Selection, clampSelection, shownPositions } from '../plots/selection'
import { labelOf } from '../plots/token_label'
import type { Input } from './inspection'
import type { View } from './playground'
import type { PlaygroundState } from './state'

const exportWidth = 900

export class AttentionSection {
  readonly #plot = pageElement('#attention-plot', AttentionPlot)
  readonly #caption = pageElement('#attention-caption', HTMLElement)
  readonly #export = pageElement('#attention-export', ExportBar)
  readonly #layer = pageElement('#layer', HTMLInputElement)
  readonly #layerValue = pageElement('#layer-value', HTMLLabelElement)
  #data: AttentionData | null = null

  constructor(onChange: (changes: Partial<PlaygroundState>) => void) {
    this.#layer.addEventListener('input', () => onChange({ layer: Number(this.#layer.value) }))
    this.#plot.addEventListener(HeadEvent.type, ({ head }) => onChange({ head }))
  }

  render({ state, inspection, selection }: View): void {
    const { patterns } = inspection.state
    const config = (inspection.model ?? patterns?.input.model)?.config
    if (!config) return
    const layer = Math.min(state.layer, config.nLayers - 1)
    this.#layer.max = String(config.nLayers - 1)
    this.#layer.value = String(layer)
    this.#layerValue.textContent = strings.block(String(layer), String(config.nLayers - 1))
    const pattern = patterns?.value.get(layer)
    this.#plot.classList.toggle('stale', inspection.isStale(patterns) || !pattern)
    if (!patterns || !pattern) return
    const { input } = patterns
    const { nHeads } = input.model.config
    if (this.#data?.pattern !== pattern) {
      const labels = input.ids.map((_, position) => labelOf(inspection.bytesOf(input, position)).text)
      this.#data = { pattern, nHeads, labels }
    }
    const head = Math.min(state.head, nHeads - 1)
    const inText = clampSelection(selection, input.ids.length)
    this.#plot.data = this.#data
    this.#plot.head = head
    this.#plot.selection = inText
    this.#caption.textContent = strings.madeAttention(input.model.name, String(layer), String(head))
    this.#setExport(this.#data, input, { layer, head, selection: inText })
  }

  #setExport(
    data: AttentionData,
    { ids, model }: Input,
    { layer, head, selection }: { layer: number; head: number; selection: Selection },
  ): void {
    const shown = shownPositions(selection, ids.length)
    this.#export.exportable = {
      name: strings.attentionFile(layer, head),
      figure: () => attentionFigure(data, head, shown, selection.focus, exportWidth).figure,
      table: () => ({
        columns: ['query', 'key', 'query_token', 'key_token', 'weight'],
        rows: ids.flatMap((_, query) =>
          Array.from(attentionRow(data, head, query).subarray(0, query + 1), (weight, key) => [
            query,
            key,
            data.labels[query] ?? '',
            data.labels[key] ?? '',
            weight,
          ]),
        ),
      }),
      json: () => ({ model, ids, layer, head, pattern: ids.map((_, query) => [...attentionRow(data, head, query)]) }),
    }
  }
}
