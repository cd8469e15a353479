/** What the page says and draws of one next-token distribution. */
import type { NextToken } from '../engine/engine'
import { formatCount, formatFixed, formatPercent, formatSignificant } from '../page/numbers'
import { playgroundStrings as strings } from '../page/strings/playground'
import type { NextTokenData } from '../plots/next_token'
import { labelOf } from '../plots/token_label'
import type { Measured } from './inspection'

/** The distribution at `position`, as the plot takes it. */
export function nextTokenData(next: Measured<NextToken[]>, position: number): NextTokenData {
  const { top, actual } = next.value[position]!
  const { ids, pieces, model } = next.input
  const nextId = ids[position + 1]
  const isShown = top.some(({ id }) => id === nextId)
  return {
    bars: top.map(({ id, bytes, logit, probability }) => ({
      label: labelOf(bytes).text,
      logit,
      probability,
      isActual: id === nextId,
    })),
    outside: actual && !isShown ? { label: labelOf(pieces[position + 1]!.bytes).text, ...actual } : null,
    nVocab: model.config.nVocab,
  }
}

/** Where it is, how uncertain, beside chance, and how the real token fares. */
export function nextTokenLead(next: Measured<NextToken[]>, position: number): string {
  const { entropy, actual } = next.value[position]!
  const { pieces, model } = next.input
  const choices = Math.exp(entropy)
  const sentences = [
    `${strings.position(position)}, ${strings.at} ${labelOf(pieces[position]!.bytes).text}.`,
    strings.entropy(
      formatFixed(entropy, 2),
      formatFixed(entropy / Math.LN2, 2),
      choices < 10 ? formatSignificant(choices, 2) : formatCount(choices),
    ),
    strings.entropyChance(formatFixed(Math.log(model.config.nVocab), 2)),
    actual
      ? `${strings.actualLead} ${strings.actual(formatPercent(actual.probability), formatCount(actual.rank))}`
      : strings.last,
  ]
  return sentences.join(' ')
}
