/** The logit lens as a grid, layers downwards, positions to the right; for files. On the page: lens_plot.ts. */
import { formatPercent } from '../page/numbers'
import { lensStrings as strings } from '../page/strings/plots'
import { type Figure, type Mark, monoAdvance } from './figure'
import { labelOf, shorten } from './token_label'

export interface LensToken {
  id: number
  bytes: Uint8Array
  probability: number
}

export interface LensData {
  /** The text's tokens. */
  tokens: { id: number; bytes: Uint8Array }[]
  /** [row][position], most probable first: the stream before each block, and after the last one. */
  cells: LensToken[][][]
}

/** Names the stream that row `row` of `count` reads. */
export function lensRowLabel(row: number, count: number): string {
  if (row === 0) return strings.input
  return row === count - 1 ? strings.output : strings.afterBlock(row - 1)
}

const cellWidth = 92
const cellHeight = 26
const headWidth = 128
const headHeight = 44
const labelSize = 12

/** Positions [first, last]. */
export function lensFigure(data: LensData, [first, last]: readonly [number, number]): Figure {
  const count = last - first + 1
  const rows = data.cells.length
  const width = headWidth + cellWidth * count
  const mostCharacters = Math.floor((cellWidth - 10) / (labelSize * monoAdvance))
  const marks: Mark[] = []
  const text = (x: number, y: number, words: string, options: Partial<Mark> = {}) =>
    marks.push({ kind: 'text', x, y, text: words, size: labelSize, fill: 'ink', ...options } as Mark)

  for (let position = first; position <= last; ++position) {
    const x = headWidth + cellWidth * (position - first) + cellWidth / 2
    const label = labelOf(data.tokens[position]?.bytes ?? new Uint8Array()).text
    text(x, 16, String(position), { anchor: 'middle', fill: 'ink-soft', size: 11 })
    text(x, 34, shorten(label, mostCharacters), { anchor: 'middle', font: 'mono' })
  }
  for (let row = 0; row < rows; ++row) {
    const y = headHeight + cellHeight * row
    text(headWidth - 10, y + 17, lensRowLabel(row, rows), { anchor: 'end', fill: 'ink-soft' })
    for (let position = first; position <= last; ++position) {
      const top = data.cells[row]?.[position]?.[0]
      if (!top) continue
      const x = headWidth + cellWidth * (position - first)
      marks.push({ kind: 'rect', x, y, width: cellWidth - 1, height: cellHeight - 1, fill: { ramp: top.probability } })
      const label = shorten(labelOf(top.bytes).text, mostCharacters)
      text(x + cellWidth / 2, y + 17, label, { anchor: 'middle', font: 'mono' })
    }
  }
  const height = headHeight + cellHeight * rows + 40
  drawRampLegend(marks, headWidth, height - 26)
  return { width: Math.max(width, headWidth + 220), height, description: strings.description(rows, count), marks }
}

function drawRampLegend(marks: Mark[], left: number, top: number): void {
  const steps = 10
  for (let step = 0; step < steps; ++step) {
    const fill = { ramp: (step + 0.5) / steps }
    marks.push({ kind: 'rect', x: left + 12 * step, y: top, width: 12, height: 10, fill })
  }
  const label = { kind: 'text', y: top + 24, size: 11, fill: 'ink-soft' } as const
  marks.push({ kind: 'rect', x: left, y: top, width: 12 * steps, height: 10, stroke: 'rule' })
  marks.push({ ...label, x: left, text: formatPercent(0) })
  marks.push({ ...label, x: left + 12 * steps, text: formatPercent(1), anchor: 'end' })
}
