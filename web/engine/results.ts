/** Columns, as they come from the worker, to what the page reads. */
import type { Captured, InspectResult, LessonResult, NextToken, RankedToken, Tokenized } from './engine'
import type {
  CapturedValues,
  CaptureRequest,
  InspectColumns,
  InspectRequest,
  LessonOutcome,
  Ranking,
  TokenColumns,
} from './generated/messages'
import type { Vocabulary } from './vocabulary'

export function toTokenized(columns: TokenColumns, text: Uint8Array): Tokenized {
  let begin = 0
  const tokens = Array.from(columns.ids, (id, i) => {
    const end = columns.ends[i]!
    const piece = { id, begin, end, bytes: text.slice(begin, end) }
    begin = end
    return piece
  })
  return { tokens, groups: Array.from(columns.groups) }
}

export function toInspectResult(
  columns: InspectColumns,
  request: InspectRequest,
  vocabulary: Vocabulary,
): InspectResult {
  return {
    next: toRows(columns.next, vocabulary).map((top, position) => toNextToken(columns, position, top)),
    lens: chunks(toRows(columns.lens, vocabulary), request.ids.length),
    patterns: new Map(request.patternLayers.map((layer, i) => [layer, columns.patterns[i]!])),
    seconds: columns.seconds,
  }
}

export function toCaptured(columns: CapturedValues, request: CaptureRequest): Map<string, Captured> {
  return new Map(request.hooks.map((hook, i) => [hook, columns.values[i]!]))
}

export function toLessonResult({ json, names, arrays }: LessonOutcome): LessonResult {
  const whole = JSON.parse(json) as Omit<LessonResult, 'arrays'>
  return { ...whole, arrays: new Map(names.map((name, i) => [name, arrays[i]!])) }
}

function toNextToken(columns: InspectColumns, position: number, top: RankedToken[]): NextToken {
  const probability = columns.actualProbabilities[position]
  const rank = columns.actualRanks[position]
  return {
    top,
    entropy: columns.entropies[position]!,
    actual: probability === undefined || rank === undefined ? null : { probability, rank },
  }
}

function toRows({ nRows, ids, logits, probabilities }: Ranking, vocabulary: Vocabulary): RankedToken[][] {
  const ranked = Array.from(ids, (id, i) => ({
    id,
    bytes: vocabulary.bytesOf(id),
    logit: logits[i]!,
    probability: probabilities[i]!,
  }))
  return Array.from({ length: nRows }, (_, row) => {
    const top = ids.length / nRows
    return ranked.slice(row * top, (row + 1) * top)
  })
}

function chunks<T>(values: T[], size: number): T[][] {
  return Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size))
}
