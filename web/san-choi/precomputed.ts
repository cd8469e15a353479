/** What the build computed for the first sentence: shown until the page has measured, then compared with it. */
import type { NextToken } from '../engine/engine'
import { demoName } from '../models/model_source'
import { pageElement } from '../page/page_element'
import { formatSignificant } from '../page/numbers'
import { initialState } from '../page/permalink'
import { playgroundStrings as strings } from '../page/strings/playground'
import type { Inspection, Measured } from './inspection'
import { type PlaygroundState, fields } from './state'

/** The file that precompute.ts writes. */
export interface Precomputed {
  ids: number[]
  format: string
  /** [position][rank]: id and logit. */
  next: [id: number, logit: number][][]
}

const initial = initialState(fields)
/** What the drawings depend on. */
const drawnFor = ['text', 'pos', 'range', 'layer', 'head', 'scale', 'model'] as const

/** Largest difference between logits; null where what was measured is something else. */
export function compareLogits({ ids, format, next }: Precomputed, measured: Measured<NextToken[]>): number | null {
  const { model } = measured.input
  const isSame = model.name === demoName && model.format === format && measured.input.ids.join() === ids.join()
  if (!isSame) return null
  let largest = 0
  next.forEach((top, position) => {
    const logits = new Map(measured.value[position]?.top.map(({ id, logit }) => [id, logit]))
    for (const [id, logit] of top) largest = Math.max(largest, Math.abs((logits.get(id) ?? -Infinity) - logit))
  })
  return largest
}

export class PrecomputedParts {
  readonly #agreement = pageElement('#agreement', HTMLSpanElement)
  readonly #file = fetch(new URL('precomputed.json', document.baseURI))
    .then((response) => (response.ok ? (response.json() as Promise<Precomputed>) : null))
    .catch(() => null)
  #compared: Measured<NextToken[]> | null = null

  render(state: PlaygroundState, inspection: Inspection): void {
    const { text, next, lens, patterns } = inspection.state
    const isInitial = drawnFor.every((name) => state[name] === initial[name])
    const measured = { tokens: text && text.kept.length > 0, next, lens, attention: patterns }
    for (const [part, result] of Object.entries(measured)) {
      if (result || !isInitial) document.querySelector(`.precomputed[data-part=${part}]`)?.remove()
    }
    if (!isInitial && !next) document.querySelector('#next-lead')?.replaceChildren()
    if (next && next !== this.#compared) void this.#compare(next)
  }

  async #compare(next: Measured<NextToken[]>): Promise<void> {
    this.#compared = next
    const precomputed = await this.#file
    if (next !== this.#compared) return
    const difference = precomputed && compareLogits(precomputed, next)
    this.#agreement.textContent =
      difference === null ? '' : difference === 0 ? strings.agrees : strings.differs(formatSignificant(difference, 2))
  }
}
