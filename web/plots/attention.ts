/** One head's attention pattern as a heat map: rows are queries, columns keys. */
import { attentionStrings as strings } from '../page/strings/plots'
import { type Figure, type Mark, monoAdvance } from './figure'
import { shorten } from './token_label'

export interface AttentionData {
  /** [nHeads, T, T], row-major: head, query, key. Each row sums to 1. */
  pattern: Float32Array
  nHeads: number
  /** The text's tokens as labels; T of them. */
  labels: string[]
}

/** The square [first, last] x [first, last] of one head. */
export function cropPattern(
  { pattern, labels }: AttentionData,
  head: number,
  [first, last]: readonly [number, number],
): Float32Array {
  const T = labels.length
  const size = last - first + 1
  const values = new Float32Array(size * size)
  for (let row = 0; row < size; ++row) {
    const start = (head * T + first + row) * T + first
    values.set(pattern.subarray(start, start + size), row * size)
  }
  return values
}

/** The weights of one query over all T keys. */
export function attentionRow({ pattern, labels }: AttentionData, head: number, query: number): Float32Array {
  const T = labels.length
  const start = (head * T + query) * T
  return pattern.subarray(start, start + T)
}

/**
 * A square of `size` x `size` values in at most `most` x `most` cells, each the largest value that it covers: averages
 * would wash out the thin lines that patterns over long texts are made of.
 */
export function poolPattern(values: Float32Array, most: number): Float32Array {
  const size = Math.sqrt(values.length)
  if (size <= most) return values
  const pooled = new Float32Array(most * most)
  const cellOf = (index: number) => Math.floor((index * most) / size)
  values.forEach((value, index) => {
    const cell = cellOf(Math.floor(index / size)) * most + cellOf(index % size)
    if (value > (pooled[cell] ?? 0)) pooled[cell] = value
  })
  return pooled
}

/** One head, small and without labels. */
export function thumbnailFigure(pattern: Float32Array, side: number, description: string): Figure {
  const values = poolPattern(pattern, side)
  const cells = Math.sqrt(values.length)
  return {
    width: side,
    height: side,
    description,
    marks: [{ kind: 'matrix', x: 0, y: 0, width: side, height: side, rows: cells, columns: cells, values }],
  }
}

export interface AttentionFrame {
  figure: Figure
  /** Where the matrix lies in the figure, and the size of a cell. */
  left: number
  top: number
  cell: number
}

const labelSize = 12
/** A cell this small has no room for a token beside it. */
const smallestLabelled = 13

/** `selected`: the query whose row is framed. */
export function attentionFigure(
  data: AttentionData,
  head: number,
  shown: readonly [first: number, last: number],
  selected: number,
  width: number,
): AttentionFrame {
  const [first, last] = shown
  const size = last - first + 1
  const mostCharacters = width < 480 ? 8 : 12
  const labels = data.labels.slice(first, last + 1).map((label) => shorten(label, mostCharacters))
  const longest = Math.max(...labels.map((label) => [...label].length), 3)
  const wanted = longest * labelSize * monoAdvance + 12
  const cellWithLabels = (width - wanted - 2) / size
  const labelled = cellWithLabels >= smallestLabelled
  const band = labelled ? wanted : 34
  const cell = Math.min((width - band - 2) / size, 34)
  const side = cell * size

  const marks: Mark[] = []
  const values = cropPattern(data, head, shown)
  marks.push({ kind: 'matrix', x: band, y: band, width: side, height: side, rows: size, columns: size, values })
  marks.push({ kind: 'rect', x: band, y: band, width: side, height: side, stroke: 'rule' })
  drawFuture(marks, band, size, cell)
  if (labelled) drawTokenLabels(marks, labels, { band, cell, selected: selected - first })
  else drawPositionTicks(marks, shown, band, cell)
  if (selected >= first && selected <= last) {
    const y = band + cell * (selected - first)
    marks.push({ kind: 'rect', x: band, y, width: side, height: cell, stroke: 'ink', strokeWidth: 1.5 })
  }
  const figure = { width: band + side + 2, height: band + side + 2, description: strings.description(head, size), marks }
  return { figure, left: band, top: band, cell }
}

/** The staircase beyond which keys lie in the query's future. */
function drawFuture(marks: Mark[], band: number, size: number, cell: number): void {
  if (cell < 3) {
    const end = band + size * cell
    marks.push({ kind: 'line', x1: band, y1: band, x2: end, y2: end, stroke: 'rule' })
    return
  }
  for (let step = 1; step < size; ++step) {
    const at = band + step * cell
    marks.push({ kind: 'line', x1: at, y1: at - cell, x2: at, y2: at, stroke: 'rule' })
    marks.push({ kind: 'line', x1: at, y1: at, x2: at + cell, y2: at, stroke: 'rule' })
  }
}

function drawTokenLabels(
  marks: Mark[],
  labels: string[],
  { band, cell, selected }: { band: number; cell: number; selected: number },
): void {
  labels.forEach((label, index) => {
    const middle = band + cell * (index + 0.5)
    const text = { kind: 'text', text: label, size: labelSize, font: 'mono', fill: 'ink' } as const
    const y = middle + labelSize * 0.35
    if (index === selected) marks.push({ kind: 'polygon', points: pointerAt(4, middle), fill: 'ink' })
    marks.push({ ...text, x: band - 6, y, anchor: 'end' })
    marks.push({ ...text, x: middle + labelSize * 0.35, y: band - 6, rotate: -90 })
  })
}

function pointerAt(x: number, y: number): [number, number][] {
  return [
    [x - 4, y - 4],
    [x + 1, y],
    [x - 4, y + 4],
  ]
}

/** Positions in round steps, where tokens have no room. */
function drawPositionTicks(marks: Mark[], [first, last]: readonly [number, number], band: number, cell: number): void {
  const step = [5, 10, 20, 50, 100, 200].find((candidate) => candidate * cell >= 34) ?? 500
  for (let position = Math.ceil(first / step) * step; position <= last; position += step) {
    const middle = band + cell * (position - first + 0.5)
    const text = { kind: 'text', text: String(position), size: 11, fill: 'ink-soft' } as const
    marks.push({ ...text, x: band - 6, y: middle + 4, anchor: 'end' })
    marks.push({ ...text, x: middle, y: band - 8, anchor: 'middle' })
  }
}
