/** How values are distributed, beside how chance distributes them. */
import type { Mark, Point } from './figure'
import { lineMark, paintOf } from './forms'
import { type LabelEntry, keyRows } from './labels'
import { frameWithFlags, levelNumbers } from './levels'
import { plotStrings as strings } from '../page/strings/plots'
import type { PlotFrame, Target } from './plot_frame'
import type { Axis, HistogramPlot, HistogramSeries, Numbers } from './plot_spec'
import { extentOf, multiplesIn, niceStep, tickText } from './scale'
import { valueText } from './value_text'

export interface Bins {
  /** One more than there are bins, ascending. */
  edges: number[]
  /** Of each series: how many of its values lie in each bin; the last bin holds its upper edge. */
  counts: number[][]
  /** Of each series: how many values are finite. */
  totals: number[]
}

export function binsOf(spec: HistogramPlot): Bins {
  const edges = edgesOf(spec)
  const counts = spec.series.map(({ values }) => countIn(edges, values))
  return { edges, counts, totals: spec.series.map(({ values }) => finiteCount(values)) }
}

function edgesOf({ x, series, bins = 24, levels }: HistogramPlot): number[] {
  const extent = extentOf([...series.map(({ values }) => values), levelNumbers(levels)], x.scale === 'log') ?? [0, 1]
  const low = x.domain?.[0] ?? extent[0]
  const high = x.domain?.[1] ?? extent[1]
  if (x.scale === 'log') {
    const [first, last] = [Math.log10(low), Math.log10(Math.max(high, low * 1.0001))]
    const step = niceStep(last - first, bins)
    return outward(first, last, step).map((exponent) => 10 ** exponent)
  }
  const wide = high > low ? high - low : Math.abs(low) || 1
  const step = x.format === 'count' ? Math.max(1, niceStep(wide, bins)) : niceStep(wide, bins)
  return outward(low, low + wide, step)
}

/** Multiples of `step` from the last at or below `low` to the first above `high`, or at it. */
function outward(low: number, high: number, step: number): number[] {
  const slack = 1e-9
  return multiplesIn([Math.floor(low / step + slack) * step, Math.ceil(high / step - slack) * step], step)
}

function countIn(edges: number[], values: Numbers): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0)
  for (const value of values) {
    const bin = binOf(edges, value)
    if (bin >= 0) ++counts[bin]!
  }
  return counts
}

/** -1 outside. */
function binOf(edges: number[], value: number): number {
  const last = edges.length - 1
  if (!(value >= edges[0]! && value <= edges[last]!)) return -1
  let [low, high] = [0, last]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (edges[middle]! <= value) low = middle
    else high = middle
  }
  return low
}

function finiteCount(values: Numbers): number {
  let count = 0
  for (const value of values) if (Number.isFinite(value)) ++count
  return count
}

/** Shares where several series of different sizes are compared, else counts. */
export function showsShares({ totals }: Bins): boolean {
  return totals.some((total) => total !== totals[0])
}

export function histogram(spec: HistogramPlot, width: number): PlotFrame {
  const bins = binsOf(spec)
  const { edges, counts, totals } = bins
  const shares = showsShares(bins)
  const heights = counts.map((row, index) => (shares ? row.map((count) => count / Math.max(1, totals[index]!)) : row))
  const y: Axis = shares
    ? { label: strings.shareOf(spec.counted), format: 'percent', zero: true }
    : { label: strings.countOf(spec.counted), format: 'count', zero: true }
  const entries: LabelEntry[] =
    spec.series.length > 1 ? spec.series.map(({ label, form }) => ({ form, text: label, drawn: 'area' })) : []
  const { frame, under, over } = frameWithFlags(
    {
      width,
      x: { ...spec.x, domain: [edges[0]!, edges.at(-1)!] },
      y,
      xExtent: null,
      yExtent: extentOf(heights),
      side: 0,
      key: keyRows(entries, width),
    },
    spec.levels,
  )
  const order = spec.series.map((_, index) => index).sort((a, b) => depth(spec.series[a]!) - depth(spec.series[b]!))
  const marks = [...frame.marks, ...under]
  for (const index of order) {
    const corners = edges.slice(1).map((edge, bin) => ({
      from: frame.x.at(edges[bin]!),
      to: frame.x.at(edge),
      top: frame.y.at(heights[index]![bin]!),
    }))
    marks.push(...barMarks(spec.series[index]!, corners, frame.bottom, spec.series.length))
  }
  marks.push({ kind: 'line', x1: frame.left, y1: frame.bottom + 0.5, x2: frame.right, y2: frame.bottom + 0.5, stroke: 'rule-strong' })
  marks.push(...over)
  const step = edges.length > 1 ? edges[1]! - edges[0]! : 1
  const edgeText = (edge: number) =>
    spec.x.scale === 'log' ? valueText(edge, spec.x) : tickText(edge, step, spec.x.format ?? 'number')
  const targets = spec.series.flatMap(({ label, form }, series) =>
    heights[series]!.map(
      (height, bin): Target => ({
        x: (frame.x.at(edges[bin]!) + frame.x.at(edges[bin + 1]!)) / 2,
        y: frame.y.at(height),
        series,
        form,
        text: () =>
          `${spec.x.label} ${strings.interval(edgeText(edges[bin]!), edgeText(edges[bin + 1]!))}: ` +
          `${spec.series.length > 1 ? `${label} ` : ''}${valueText(height, y)}`,
      }),
    ),
  )
  return { figure: { width, height: frame.height, description: spec.lead, marks }, targets, domains: {} }
}

/** Chance lies under what is measured. */
function depth({ form }: HistogramSeries): number {
  return form === 'chance' ? 0 : form === 'soft' ? 1 : 2
}

interface Bar {
  from: number
  to: number
  top: number
}

/** A single series as separate bars; several as outlined, see-through areas. */
function barMarks({ form }: HistogramSeries, bars: Bar[], bottom: number, nSeries: number): Mark[] {
  if (nSeries === 1) {
    return bars
      .filter(({ top }) => top < bottom)
      .map(({ from, to, top }) => ({ kind: 'rect', x: from + 0.5, y: top, width: Math.max(1, to - from - 1), height: bottom - top, fill: paintOf(form) }))
  }
  const outline: Point[] = [[bars[0]!.from, bottom], ...bars.flatMap(({ from, to, top }): Point[] => [[from, top], [to, top]]), [bars.at(-1)!.to, bottom]]
  if (form === 'chance') {
    return [{ kind: 'polygon', points: outline, fill: 'chance-band' }, lineMark('threshold', [outline.slice(1, -1)])]
  }
  return [
    { kind: 'polygon', points: outline, fill: paintOf(form), opacity: 0.28 },
    { ...lineMark(form, [outline]), dash: undefined, strokeWidth: 1.5 },
  ]
}
