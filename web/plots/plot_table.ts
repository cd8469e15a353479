/** The numbers behind a plot, as a table: to be read, and for CSV. */
import { formatCount } from '../page/numbers'
import { plotStrings as strings } from '../page/strings/plots'
import { labelOf } from './dot_plot'
import { binsOf } from './histogram'
import { xOf } from './line_plot'
import type { DotPlot, HistogramPlot, Level, LinePlot, PlotSpec, Quantity, ScatterPlot, SpectrumPlot } from './plot_spec'
import { cumulative } from './spectrum'
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
