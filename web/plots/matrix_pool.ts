/** A part of a large matrix in as many cells as can be seen. */
import type { ColourMap } from './figure'
import type { Numbers } from './plot_spec'

/** Rows [top, bottom) and columns [left, right) of a matrix; ends need not be whole. */
export interface View {
  top: number
  bottom: number
  left: number
  right: number
}

export interface Pooled {
  values: Float32Array
  rows: number
  columns: number
  /** The part that the cells cover: whole rows and columns. */
  view: View
}

export function wholeView(rows: number, columns: number): View {
  return { top: 0, bottom: rows, left: 0, right: columns }
}

/**
 * At most `mostRows` x `mostColumns` cells, scaled to [0, 1] or [-1, 1] by `range`. A cell that covers several values shows
 * the strongest: an average would wash out the few that are large.
 */
export function poolMatrix(
  values: Numbers,
  nColumns: number,
  view: View,
  { mostRows, mostColumns, range, map }: { mostRows: number; mostColumns: number; range: number; map: ColourMap },
): Pooled {
  const top = Math.floor(view.top)
  const left = Math.floor(view.left)
  const height = Math.ceil(view.bottom) - top
  const width = Math.ceil(view.right) - left
  const rows = Math.min(height, mostRows)
  const columns = Math.min(width, mostColumns)
  const pooled = new Float32Array(rows * columns).fill(NaN)
  const columnOf = Int32Array.from({ length: width }, (_, column) => Math.floor((column * columns) / width))
  const lowest = map === 'diverging' ? -1 : 0
  for (let row = 0; row < height; ++row) {
    const target = Math.floor((row * rows) / height) * columns
    const source = (top + row) * nColumns + left
    for (let column = 0; column < width; ++column) {
      const value = Math.max(lowest, Math.min(1, values[source + column]! / range))
      const cell = target + columnOf[column]!
      const before = pooled[cell]!
      if (Number.isNaN(before) || Math.abs(value) > Math.abs(before)) pooled[cell] = value
    }
  }
  return { values: pooled, rows, columns, view: { top, bottom: top + height, left, right: left + width } }
}

/** The value of the strongest colour where a plot does not give it: never 0. */
export function rangeOf(values: Numbers, map: ColourMap): number {
  let largest = 0
  for (const value of values) {
    const size = map === 'diverging' ? Math.abs(value) : value
    if (Number.isFinite(size) && size > largest) largest = size
  }
  return largest || 1
}

/** Zooms by `factor` about a place of the view ([0, 1] from its left and top), and stays in the matrix. */
export function zoomView(view: View, rows: number, columns: number, factor: number, x = 0.5, y = 0.5): View {
  const [left, right] = zoomSpan(view.left, view.right, columns, factor, x)
  const [top, bottom] = zoomSpan(view.top, view.bottom, rows, factor, y)
  return { top, bottom, left, right }
}

/** Fewer cells than this are not zoomed into. */
const leastSpan = 8

function zoomSpan(from: number, to: number, count: number, factor: number, at: number): [number, number] {
  const span = to - from
  const wanted = Math.min(count, Math.max(Math.min(leastSpan, count), span / factor))
  const start = from + at * (span - wanted)
  return keepInside(start, wanted, count)
}

/** Moves by cells, and stays in the matrix. */
export function panView(view: View, rows: number, columns: number, dx: number, dy: number): View {
  const [left, right] = keepInside(view.left + dx, view.right - view.left, columns)
  const [top, bottom] = keepInside(view.top + dy, view.bottom - view.top, rows)
  return { top, bottom, left, right }
}

/** Moves as little as shows the cell. */
export function showCell(view: View, rows: number, columns: number, row: number, column: number): View {
  const dx = column < view.left ? column - view.left : column + 1 > view.right ? column + 1 - view.right : 0
  const dy = row < view.top ? row - view.top : row + 1 > view.bottom ? row + 1 - view.bottom : 0
  return dx === 0 && dy === 0 ? view : panView(view, rows, columns, dx, dy)
}

function keepInside(start: number, span: number, count: number): [number, number] {
  const from = Math.max(0, Math.min(start, count - span))
  return [from, from + span]
}
