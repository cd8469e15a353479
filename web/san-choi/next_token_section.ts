/** The next-token distribution at the selected position. */
import type { NextToken } from '../engine/engine'
import { formatCount, formatFixed, formatPercent, formatSignificant } from '../page/numbers'
import { pageElement } from '../page/page_element'
import { playgroundStrings as strings } from '../page/strings/playground'
import { ExportBar } from '../plots/export_bar'
import { type NextTokenData, nextTokenFigure } from '../plots/next_token'
import { NextTokenPlot } from '../plots/next_token_plot'
import { labelOf } from '../plots/token_label'
import type { Measured } from './inspection'
import type { View } from './playground'
import type { PlaygroundState } from './state'

const exportWidth = 720

export class NextTokenSection {
  readonly #plot = pageElement('#next-plot', NextTokenPlot)
  readonly #lead = pageElement('#next-lead', HTMLParagraphElement)
  readonly #caption = pageElement('#next-caption', HTMLElement)
  readonly #export = pageElement('#next-export', ExportBar)
  readonly #log = pageElement('#log-scale', HTMLInputElement)

  constructor(onChange: (changes: Partial<PlaygroundState>) => void) {
    this.#log.addEventListener('change', () => onChange({ scale: this.#log.checked ? 'log' : 'linear' }))
  }

  render({ state, inspection, selection }: View): void {
    const { next } = inspection.state
    const position = Math.min(selection.focus, (next?.value.length ?? 1) - 1)
    const distribution = next?.value[position]
    this.#log.checked = state.scale === 'log'
    this.#plot.scale = state.scale
    for (const part of [this.#plot, this.#lead]) part.classList.toggle('stale', inspection.isStale(next))
    if (!next || !distribution) return
    const data = toData(next, position, distribution, inspection.bytesOf(next.input, position + 1))
    this.#plot.data = data
    this.#lead.textContent = leadOf(data, distribution, position, labelOf(inspection.bytesOf(next.input, position)).text)
    this.#caption.textContent = strings.madeNext(next.input.model.name)
    this.#export.exportable = {
      name: strings.nextFile,
      figure: () => nextTokenFigure(data, exportWidth, state.scale),
      table: () => ({
        columns: ['position', 'rank', 'id', 'token', 'probability', 'logit'],
        rows: distribution.top.map(({ id, bytes, probability, logit }, rank) => [
          position,
          rank + 1,
          id,
          labelOf(bytes).text,
          probability,
          logit,
        ]),
      }),
      json: () => ({ model: next.input.model, ids: next.input.ids, position, ...plain(distribution) }),
    }
  }
}

function toData(next: Measured<NextToken[]>, position: number, distribution: NextToken, nextBytes: Uint8Array): NextTokenData {
  const { top, actual } = distribution
  const nextId = next.input.ids[position + 1]
  const isShown = top.some(({ id }) => id === nextId)
  return {
    bars: top.map(({ id, bytes, logit, probability }) => ({
      label: labelOf(bytes).text,
      logit,
      probability,
      isActual: id === nextId,
    })),
    outside: actual && !isShown ? { label: labelOf(nextBytes).text, ...actual } : null,
    nVocab: next.input.model.config.nVocab,
  }
}

function leadOf({ nVocab }: NextTokenData, { entropy, actual }: NextToken, position: number, label: string): string {
  const bits = formatFixed(entropy / Math.LN2, 2)
  const choices = Math.exp(entropy)
  const sentences = [
    `${strings.position(position)}, ${strings.at} ${label}.`,
    strings.entropy(formatFixed(entropy, 2), bits, choices < 10 ? formatSignificant(choices, 2) : formatCount(choices)),
    strings.entropyChance(formatFixed(Math.log(nVocab), 2)),
    actual
      ? `${strings.actualLead} ${strings.actual(formatPercent(actual.probability), formatCount(actual.rank))}`
      : strings.last,
  ]
  return sentences.join(' ')
}

/** Bytes as lists of numbers, which JSON can hold. */
function plain({ top, entropy, actual }: NextToken): object {
  return { entropy, actual, top: top.map((token) => ({ ...token, bytes: [...token.bytes] })) }
}
