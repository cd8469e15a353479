/** A matrix in colours, whole or in part, and matrices side by side on one scale. */
import { formatCount } from '../page/numbers'
import { axisName, tickMark, tickSize } from './cartesian'
import { colourBar, colourBarHeight } from './colour_bar'
import type { ColourMap, Figure, Mark } from './figure'
import { labelSize } from './labels'
import { type View, poolMatrix, rangeOf, wholeView } from './matrix_pool'
import type { HeatMapPlot, MatricesPlot, MatrixAxis, Numbers } from './plot_spec'
import { multiplesIn, niceStep } from './scale'
import { textWidth } from './text_width'
import { valueText } from './value_text'
import { shorten } from './token_label'

/** A matrix as it lies in the figure. */
export interface Panel {
  label: string
  values: Numbers
  range: number
  left: number
  top: number
  width: number
  height: number
}

export interface MatrixFrame {
  figure: Figure
  panels: Panel[]
  view: View
  /** Whether a pixel stands for several values: it then shows the strongest. */
  isMerged: boolean
}

export interface MatrixOptions {
  view?: View
  /** Pixels of a cell that stands for several values: 1 on a screen; more in files, which hold a shape for each cell. */
  cellPixels?: number
}

type MatrixPlot = HeatMapPlot | MatricesPlot

const nameRow = 20
const tickRoom = 24
const panelGap = 18
const mostHeight = 420

/** The matrices that a plot shows, the difference last. */
function panelsOf(spec: MatrixPlot): Pick<Panel, 'label' | 'values' | 'range'>[] {
  if (spec.kind === 'heat-map') {
    return [{ label: '', values: spec.values, range: spec.range ?? rangeOf(spec.values, spec.map) }]
  }
  const range = spec.range ?? Math.max(...spec.panels.map(({ values }) => rangeOf(values, spec.map)))
  const panels = spec.panels.map((panel) => ({ ...panel, range }))
  if (spec.difference === undefined) return panels
  const values = differenceOf(spec)
  return [...panels, { label: spec.difference, values, range: rangeOf(values, 'diverging') }]
}

export function differenceOf({ panels }: MatricesPlot): Float32Array {
  const [before, after] = [panels[0]!.values, panels.at(-1)!.values]
  return Float32Array.from(before, (value, index) => after[index]! - value)
}

export function matrixFrame(spec: MatrixPlot, width: number, { view, cellPixels = 1 }: MatrixOptions = {}): MatrixFrame {
  const { rows, columns } = spec
  const shown = view ?? wholeView(rows.count, columns.count)
  const contents = panelsOf(spec)
  const perRow = contents.length === 1 ? 1 : width < 520 ? 1 : contents.length
  const gutter = rowLabelRoom(rows, width)
  const panelWidth = Math.floor((width - gutter - (perRow - 1) * panelGap - 6) / perRow)
  const shape = (shown.bottom - shown.top) / (shown.right - shown.left)
  // Square cells where that gives a plot of a sensible height.
  const panelHeight = Math.round(Math.min(mostHeight, Math.max(contents.length > 1 ? 120 : 160, panelWidth * shape)))
  const differs = spec.kind === 'matrices' && spec.difference !== undefined

  const marks: Mark[] = colourBar(spec.value, spec.map, contents[0]!.range, 0, 0)
  let y = colourBarHeight
  if (differs) {
    const { label, range } = contents.at(-1)!
    marks.push(...colourBar({ ...spec.value, label }, 'diverging', range, 0, y - 6))
    y += colourBarHeight - 6
  }
  const panels: Panel[] = []
  contents.forEach((content, index) => {
    const column = index % perRow
    if (column === 0 && index > 0) y += panelHeight + tickRoom + nameRow + 22
    const left = gutter + column * (panelWidth + panelGap)
    const top = y + nameRow
    const panel: Panel = { ...content, left, top, width: panelWidth, height: panelHeight }
    panels.push(panel)
    const isDifference = differs && index === contents.length - 1
    marks.push(...panelMarks(spec, panel, shown, isDifference ? 'diverging' : spec.map, cellPixels))
    if (column === 0) marks.push(...rowTicks(rows, panel, shown, gutter))
    marks.push(...columnTicks(columns, panel, shown))
  })
  const bottom = y + nameRow + panelHeight
  const height = bottom + tickRoom + nameRow
  marks.push(tickMark(axisName(columns), panels.at(-1)!.left + panelWidth, height - 6, 'end'))
  return { figure: { width, height, description: spec.lead, marks }, panels, view: shown, isMerged: isMerged(shown, panels[0]!, cellPixels) }
}

function isMerged(view: View, { width, height }: Panel, cellPixels: number): boolean {
  const [rows, columns] = [Math.ceil(view.bottom) - Math.floor(view.top), Math.ceil(view.right) - Math.floor(view.left)]
  return rows > Math.floor(height / cellPixels) || columns > Math.floor(width / cellPixels)
}

/** Room for the rows' names, or their numbers. */
function rowLabelRoom({ names, count }: MatrixAxis, width: number): number {
  if (!names) return Math.ceil(textWidth(formatCount(count), tickSize)) + 12
  const longest = Math.max(...names.map((name) => textWidth(shorten(name, 14), tickSize)), 20)
  return Math.ceil(Math.min(0.3 * width, longest)) + 12
}

function panelMarks(spec: MatrixPlot, panel: Panel, view: View, map: ColourMap, cellPixels: number): Mark[] {
  const { left, top, width, height, label, values, range } = panel
  const pooled = poolMatrix(values, spec.columns.count, view, {
    mostRows: Math.max(1, Math.floor(height / cellPixels)),
    mostColumns: Math.max(1, Math.floor(width / cellPixels)),
    range,
    map,
  })
  // Whole cells are drawn; those cut by the view's rim are clipped.
  const perRow = height / (view.bottom - view.top)
  const perColumn = width / (view.right - view.left)
  const matrix: Mark = {
    kind: 'matrix',
    x: left + (pooled.view.left - view.left) * perColumn,
    y: top + (pooled.view.top - view.top) * perRow,
    width: (pooled.view.right - pooled.view.left) * perColumn,
    height: (pooled.view.bottom - pooled.view.top) * perRow,
    rows: pooled.rows,
    columns: pooled.columns,
    values: pooled.values,
    map,
  }
  const marks: Mark[] = [{ kind: 'group', x: 0, y: 0, clip: { x: left, y: top, width, height }, marks: [matrix] }]
  marks.push({ kind: 'rect', x: left, y: top, width, height, stroke: 'rule-strong' })
  if (label) marks.push({ kind: 'text', x: left, y: top - 7, text: label, size: labelSize, fill: 'ink' })
  return marks
}

function rowTicks(axis: MatrixAxis, { top, left, height, label }: Panel, view: View, gutter: number): Mark[] {
  const per = height / (view.bottom - view.top)
  const marks = ticksOf(axis, view.top, view.bottom, per, 15).map(({ index, text }) =>
    tickMark(text, left - 7, top + (index + 0.5 - view.top) * per + tickSize * 0.35, 'end'),
  )
  const nameY = top - 9
  const name = axisName(axis)
  // Beside a panel's own label there may be no room for the rows' name.
  if (!label || textWidth(name, tickSize) < gutter - 4) marks.push(tickMark(name, 0, nameY, 'start'))
  return marks
}

function columnTicks(axis: MatrixAxis, { top, left, width, height }: Panel, view: View): Mark[] {
  const per = width / (view.right - view.left)
  const marks: Mark[] = []
  let free = -Infinity
  for (const { index, text } of ticksOf(axis, view.left, view.right, per, 46)) {
    const x = left + (index + 0.5 - view.left) * per
    const half = textWidth(text, tickSize) / 2
    if (x - half < free || x + half > left + width + 4) continue
    marks.push({ kind: 'line', x1: x, y1: top + height, x2: x, y2: top + height + 4, stroke: 'rule-strong' })
    marks.push(tickMark(text, x, top + height + 17, 'middle'))
    free = x + half + 6
  }
  return marks
}

/** Whole indices in the view, a round step apart, with their names where each has room for its own. */
function ticksOf({ names }: MatrixAxis, from: number, to: number, per: number, room: number): { index: number; text: string }[] {
  let step = Math.max(1, niceStep(to - from, ((to - from) * per) / room))
  if (step * per < room) step = niceStep(2.2 * step, 1)
  return multiplesIn([Math.ceil(from - 0.5), Math.floor(to - 0.5)], step).map((index) => ({
    index,
    text: names ? shorten(names[index]?.trim() ?? '', 14) : formatCount(index),
  }))
}

/** The value of a cell, and where it is, in words. */
export function cellText(spec: MatrixPlot, panel: Panel, row: number, column: number): string {
  const place = (axis: MatrixAxis, index: number) => `${axis.label} ${index}${axis.names ? ` ${axis.names[index]?.trim() ?? ''}` : ''}`
  const value = valueText(panel.values[row * spec.columns.count + column]!, spec.value)
  return `${place(spec.rows, row)}, ${place(spec.columns, column)}: ${panel.label ? `${panel.label} ` : ''}${value}`
}
