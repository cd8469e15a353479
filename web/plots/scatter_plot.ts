/** Points in a plane, in groups told apart by hue and shape. */
import type { Mark, Point } from './figure'
import { dotsMark, lineMark } from './forms'
import { type LabelEntry, keyRows } from './labels'
import { frameWithFlags, horizontalLevels, levelEntry, levelNumbers } from './levels'
import { clipped } from './line_plot'
import type { PlotFrame, Target } from './plot_frame'
import type { Axis, Numbers, ScatterGroup, ScatterPlot } from './plot_spec'
import { type Domain, extentOf } from './scale'
import { valueText } from './value_text'

export function scatterPlot(spec: ScatterPlot, width: number): PlotFrame {
  const { groups, levels = [], verticals = [] } = spec
  const entries: LabelEntry[] = groups.length > 1 ? groups.map(({ label, form }) => ({ form, text: label, drawn: 'dots' })) : []
  entries.push(...levels.map((level) => levelEntry(level, spec.y)))
  const innerHeight = Math.round(Math.min(380, Math.max(240, 0.6 * width)))
  const { frame, under, over } = frameWithFlags(
    {
      width,
      x: spec.x,
      y: spec.y,
      xExtent: padded(extentOf([...groups.map(({ x }) => x), levelNumbers(verticals)], spec.x.scale === 'log'), spec.x),
      yExtent: padded(extentOf([...groups.map(({ y }) => y), levelNumbers(levels)], spec.y.scale === 'log'), spec.y),
      side: 0,
      key: keyRows(entries, width),
      innerHeight,
    },
    verticals,
  )
  const across = horizontalLevels(levels, frame)
  const count = groups.reduce((sum, { x }) => sum + x.length, 0)
  const dots = groups.map((group): Mark => {
    const points = pointsOf(group.x, group.y, (x, y) => [frame.x.at(x), frame.y.at(y)])
    const mark = dotsMark(group.form, points, count > 1000 ? 1.6 : count > 200 ? 2.4 : 3.6)
    return count > 200 ? { ...mark, opacity: 0.55 } : { ...mark, opacity: 0.85 }
  })
  const diagonal = spec.diagonal ? diagonalMarks(frame.x.domain, frame.y.domain, (value) => [frame.x.at(value), frame.y.at(value)]) : []
  const marks = [...frame.marks, ...under, ...across.under, clipped([...diagonal, ...dots], frame), ...across.over, ...over]
  const targets = groups.flatMap((group, series): Target[] =>
    orderByX(group).map((index) => ({
      x: frame.x.at(group.x[index]!),
      y: frame.y.at(group.y[index]!),
      series,
      form: group.form,
      text: () => pointText(spec, group, index),
    })),
  )
  const figure = { width, height: frame.height, description: spec.lead, marks }
  return { figure, targets, domains: { x: frame.x.domain, y: frame.y.domain } }
}

/** A little beyond the outermost points, so that none lies on the frame. */
function padded(extent: Domain | null, { scale }: Axis): Domain | null {
  if (extent === null || scale === 'log') return extent
  const pad = 0.02 * (extent[1] - extent[0])
  return [extent[0] - (extent[0] === 0 ? 0 : pad), extent[1] + pad]
}

function pointsOf(xs: Numbers, ys: Numbers, place: (x: number, y: number) => Point): Point[] {
  return Array.from({ length: xs.length }, (_, index) => place(xs[index]!, ys[index]!)).filter(
    ([x, y]) => !Number.isNaN(x + y),
  )
}

function diagonalMarks(x: Domain, y: Domain, place: (value: number) => Point): Mark[] {
  const [low, high] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])]
  return low < high ? [lineMark('threshold', [[place(low), place(high)]])] : []
}

function orderByX({ x, y }: ScatterGroup): number[] {
  return Array.from({ length: x.length }, (_, index) => index)
    .filter((index) => Number.isFinite(x[index]) && Number.isFinite(y[index]))
    .sort((a, b) => x[a]! - x[b]!)
}

function pointText({ x, y, groups }: ScatterPlot, group: ScatterGroup, index: number): string {
  const who = [groups.length > 1 ? group.label : '', group.names?.[index] ?? ''].filter(Boolean).join(', ')
  const where = `${x.label} ${valueText(group.x[index]!, x)}, ${y.label} ${valueText(group.y[index]!, y)}`
  return who ? `${who}: ${where}` : where
}
