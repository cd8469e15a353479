/** The numbers behind a plot, as a table: to be read, and for CSV. */
import { formatCount } from '../page/numbers'
import { plotStrings as strings } from '../page/strings/plots'
import { labelOf } from './dot_plot'
import { binsOf } from './histogram'
import { xOf } from './line_plot'
import type { DotPlot, HistogramPlot, Level, HeatMapPlot, LinePlot, MatricesPlot, MatrixAxis, Numbers, PlotSpec, Quantity, ScatterPlot, SpectrumPlot, TokensPlot } from './plot_spec'
import { cumulative } from './spectrum'
import { labelOf as tokenLabelOf } from './token_label'
import { bytesOf } from './tokens_plot'
import { valueText } from './value_text'

export interface TableColumn {
  label: string
  /** How its numbers are written; null: words. */
  quantity: Quantity | null
}

export interface PlotTable {
  columns: TableColumn[]
  /** Numbers raw; NaN: none. */
  rows: (string | number)[][]
  /** What has no row: levels. */
  notes: string[]
}

export function tableOf(spec: PlotSpec): PlotTable {
  switch (spec.kind) {
    case 'line':
      return lineTable(spec)
    case 'scatter':
      return scatterTable(spec)
    case 'histogram':
      return histogramTable(spec)
    case 'dots':
      return dotTable(spec)
    case 'spectrum':
      return spectrumTable(spec)
    case 'tokens':
      return tokensTable(spec)
    case 'heat-map':
      return matrixTable(spec, [{ label: '', values: spec.values }])
    case 'matrices':
      return matrixTable(spec, spec.panels)
  }
}

/** A cell as it is shown. */
export function cellText(value: string | number, { quantity }: TableColumn): string {
  if (typeof value === 'string') return value
  return quantity ? valueText(value, quantity) : formatCount(value)
}

const words = (label: string): TableColumn => ({ label, quantity: null })
const numbers = (label: string, quantity: Quantity): TableColumn => ({ label, quantity })

function levelNotes(levels: readonly Level[] = [], quantity: Quantity): string[] {
  return levels.map(({ label, value, low, high }) => {
    const interval = low === undefined || high === undefined ? '' : ` (${valueText(low, quantity)} – ${valueText(high, quantity)})`
    return `${label} ${valueText(value, quantity)}${interval}`
  })
}

/** A row for each x, a column for each series, whatever x they have. */
function lineTable({ x, y, series, levels, verticals }: LinePlot): PlotTable {
  const columns = [x.names ? words(x.label) : numbers(x.label, x)]
  const byX = new Map<number, number[]>()
  const nColumns = series.reduce((sum, { low, high }) => sum + (low && high ? 3 : 1), 0)
  let column = 0
  for (const one of series) {
    const lists = one.low && one.high ? [one.y, one.low, one.high] : [one.y]
    const labels = [one.label || y.label, strings.lowOf(one.label), strings.highOf(one.label)]
    columns.push(...lists.map((_, index) => numbers(labels[index]!, y)))
    for (let index = 0; index < one.y.length; ++index) {
      const at = xOf(one, index)
      const row = byX.get(at) ?? new Array<number>(nColumns).fill(NaN)
      lists.forEach((list, offset) => (row[column + offset] = list[index]!))
      byX.set(at, row)
    }
    column += lists.length
  }
  const rows = [...byX].sort(([a], [b]) => a - b).map(([at, row]) => [x.names?.[at] ?? at, ...row])
  return { columns, rows, notes: [...levelNotes(levels, y), ...levelNotes(verticals, x)] }
}

function scatterTable({ x, y, groups, levels, verticals }: ScatterPlot): PlotTable {
  const named = groups.some(({ names }) => names)
  const columns = [words(strings.group), ...(named ? [words(strings.point)] : []), numbers(x.label, x), numbers(y.label, y)]
  const rows = groups.flatMap((group) =>
    Array.from(group.x, (value, index) => [
      group.label,
      ...(named ? [group.names?.[index] ?? ''] : []),
      value,
      group.y[index]!,
    ]),
  )
  return { columns, rows, notes: [...levelNotes(levels, y), ...levelNotes(verticals, x)] }
}

function histogramTable(spec: HistogramPlot): PlotTable {
  const { edges, counts, totals } = binsOf(spec)
  const count: Quantity = { label: '', format: 'count' }
  const columns = [
    numbers(strings.from(spec.x.label), spec.x),
    numbers(strings.to(spec.x.label), spec.x),
    ...spec.series.map(({ label }, index) => numbers(strings.countIn(label, formatCount(totals[index]!)), count)),
  ]
  const rows = edges.slice(1).map((edge, bin) => [edges[bin]!, edge, ...counts.map((row) => row[bin]!)])
  return { columns, rows, notes: levelNotes(spec.levels, spec.x) }
}

function dotTable(spec: DotPlot): PlotTable {
  const columns = [words(strings.row), words(strings.form), numbers(spec.x.label || strings.value, spec.x), numbers(strings.low, spec.x), numbers(strings.high, spec.x)]
  const rows = spec.rows.flatMap((row) =>
    row.values.map(({ form, value, low, high }): (string | number)[] => {
      const numbersOfRow = [value, low ?? NaN, high ?? NaN]
      // Rows of different units cannot share their column's format.
      const cells = row.own ? numbersOfRow.map((one) => valueText(one, { label: '', ...row.own })) : numbersOfRow
      return [row.label, labelOf(spec, form), ...cells]
    }),
  )
  return { columns, rows, notes: [] }
}

function spectrumTable(spec: SpectrumPlot): PlotTable {
  const sums = spec.cumulative ? cumulative(spec.values) : null
  const columns = [numbers(spec.x.label, { ...spec.x, format: 'count' }), numbers(spec.y.label, spec.y)]
  if (sums) columns.push(numbers(strings.cumulative, spec.y))
  if (spec.chance) columns.push(numbers(spec.chance.label, spec.y))
  const rows = Array.from(spec.values, (value, index) => [
    index + 1,
    value,
    ...(sums ? [sums[index]!] : []),
    ...(spec.chance ? [spec.chance.values[index] ?? NaN] : []),
  ])
  const notes = spec.threshold ? [`${spec.threshold.label} ${valueText(spec.threshold.value, spec.y)}`] : []
  return { columns, rows, notes }
}

function tokensTable({ tokens, values, value }: TokensPlot): PlotTable {
  const columns = [numbers(strings.position, { label: '', format: 'count' }), words(strings.token), numbers(value.label, value)]
  const rows = tokens.map((token, position) => [position, tokenLabelOf(bytesOf(token)).text, values[position] ?? NaN])
  return { columns, rows, notes: [] }
}

/** A matrix is read row by row: its mean, its largest and smallest value and where they stand. The CSV has every cell. */
function matrixTable(spec: HeatMapPlot | MatricesPlot, panels: readonly { label: string; values: Numbers }[]): PlotTable {
  const { rows: rowAxis, columns: columnAxis, value } = spec
  const panelColumn = panels.length > 1 ? [words(strings.matrix)] : []
  const columns = [
    ...panelColumn,
    words(rowAxis.label),
    numbers(strings.mean, value),
    numbers(strings.largest, value),
    words(strings.at(columnAxis.label)),
    numbers(strings.smallest, value),
    words(strings.at(columnAxis.label)),
  ]
  const rows = panels.flatMap(({ label, values }) =>
    Array.from({ length: rowAxis.count }, (_, row) => {
      const cells = Array.from({ length: columnAxis.count }, (_, column) => values[row * columnAxis.count + column]!)
      const finite = cells.filter(Number.isFinite)
      const [largest, smallest] = [finite.reduce((a, b) => Math.max(a, b), -Infinity), finite.reduce((a, b) => Math.min(a, b), Infinity)]
      const mean = finite.reduce((sum, cell) => sum + cell, 0) / finite.length
      const place = (cell: number) => nameAt(columnAxis, cells.indexOf(cell))
      return [...(panels.length > 1 ? [label] : []), nameAt(rowAxis, row), mean, largest, place(largest), smallest, place(smallest)]
    }),
  )
  return { columns, rows, notes: [] }
}

function nameAt({ names }: MatrixAxis, index: number): string {
  return index < 0 ? '–' : names ? `${index} ${names[index]?.trim() ?? ''}` : String(index)
}

/** Everything, for CSV: of a matrix every cell. */
export function fileTableOf(spec: PlotSpec): PlotTable {
  if (spec.kind !== 'heat-map' && spec.kind !== 'matrices') return tableOf(spec)
  const panels = spec.kind === 'heat-map' ? [{ label: '', values: spec.values }] : spec.panels
  const columns = [words(spec.rows.label), words(spec.columns.label), ...panels.map(({ label }) => numbers(label || spec.value.label, spec.value))]
  const rows = Array.from({ length: spec.rows.count * spec.columns.count }, (_, cell) => [
    nameAt(spec.rows, Math.floor(cell / spec.columns.count)),
    nameAt(spec.columns, cell % spec.columns.count),
    ...panels.map(({ values }) => values[cell]!),
  ])
  return { columns, rows, notes: [] }
}
