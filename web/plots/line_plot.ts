/** Series over a common axis: training curves, sweeps, drift by layer. */
import { type Frame, axisName, tickSize } from './cartesian'
import type { KeptDomains } from './cartesian'
import type { Mark, Point } from './figure'
import { dotsMark, lineMark, paintOf } from './forms'
import { type LabelEntry, type SideLabel, keyRows, sideLabels, sideWidth } from './labels'
import { frameWithFlags, horizontalLevels, levelEntry, levelNumbers } from './levels'
import type { PlotFrame, Target } from './plot_frame'
import type { LinePlot, LineSeries, Numbers } from './plot_spec'
import { extentOf } from './scale'
import { valueText } from './value_text'

/** Plots narrower than this have their labels above. */
export const narrow = 520
const clipMargin = 6

export const xOf = ({ x }: LineSeries, index: number): number => (x ? x[index]! : index)

export function linePlot(spec: LinePlot, width: number, kept?: KeptDomains): PlotFrame {
  const { series, levels = [], verticals = [] } = spec
  const named = firstOfEachLabel(series)
  const entries: LabelEntry[] = [
    ...named.map(({ label, form, draw }): LabelEntry => ({ form, text: label, drawn: draw === 'dots' ? 'dots' : 'line' })),
    ...levels.map((level) => levelEntry(level, spec.y)),
  ]
  const side = width < narrow ? null : sideWidth(entries, 0.28 * width)
  const { frame, under, over } = frameWithFlags(
    {
      width,
      x: spec.x,
      y: spec.y,
      xExtent: extentOf([...series.map(xNumbers), levelNumbers(verticals)], spec.x.scale === 'log'),
      yExtent: extentOf(
        [...series.flatMap(({ y, low = [], high = [] }) => [y, low, high]), levelNumbers(levels)],
        spec.y.scale === 'log',
      ),
      kept,
      side: side ?? 0,
      key: side === null ? keyRows(entries, width) : { marks: [], height: 0 },
    },
    verticals,
  )
  const across = horizontalLevels(levels, frame)
  const marks = [...frame.marks, ...under, ...across.under]
  const inside = [
    ...series.flatMap((one) => bandMarks(one, frame)),
    ...[...series].sort((a, b) => rank(a) - rank(b)).flatMap((one) => seriesMarks(one, frame)),
  ]
  marks.push(clipped(inside, frame), ...across.over, ...over)
  if (side !== null) {
    const ends = entries.map((entry, index): SideLabel => {
      const one = named[index]
      const value = one ? lastValue(one.y) : levels[index - named.length]!.value
      return { ...entry, y: clampTo(frame, frame.y.at(value)) }
    })
    marks.push(...sideLabels(ends, frame.right, side, frame.top - 8, frame.bottom + 8))
  }
  const figure = { width, height: frame.height, description: spec.lead, marks }
  return { figure, targets: lineTargets(spec, frame), domains: { x: frame.x.domain, y: frame.y.domain } }
}

/** Context lies lowest, what is measured highest. */
function rank({ form }: LineSeries): number {
  return form === 'soft' ? 0 : form === 'chance' ? 1 : form === 'measured' ? 3 : 2
}

function firstOfEachLabel(series: readonly LineSeries[]): LineSeries[] {
  const byLabel = new Map(series.map((one) => [one.label, one]))
  return [...byLabel.values()].filter(({ label }) => label !== '')
}

function xNumbers(series: LineSeries): Numbers {
  return series.x ?? (series.y.length === 0 ? [] : [0, series.y.length - 1])
}

function lastValue(values: Numbers): number {
  for (let index = values.length - 1; index >= 0; --index) if (Number.isFinite(values[index])) return values[index]!
  return NaN
}

function clampTo({ top, bottom }: Frame, y: number): number {
  return Number.isNaN(y) ? bottom : Math.min(bottom, Math.max(top, y))
}

/** Only what lies in the frame, with room for the marks at its rim. */
export function clipped(marks: Mark[], { left, right, top, bottom }: Frame): Mark {
  const clip = {
    x: left - clipMargin,
    y: top - clipMargin,
    width: right - left + 2 * clipMargin,
    height: bottom - top + 2 * clipMargin,
  }
  return { kind: 'group', x: 0, y: 0, clip, marks }
}

function bandMarks(series: LineSeries, { x, y }: Frame): Mark[] {
  const { low, high, form } = series
  if (!low || !high) return []
  const upper: Point[] = []
  const lower: Point[] = []
  for (let index = 0; index < series.y.length; ++index) {
    const at = x.at(xOf(series, index))
    if (Number.isNaN(y.at(low[index]!) + y.at(high[index]!))) continue
    upper.push([at, y.at(high[index]!)])
    lower.push([at, y.at(low[index]!)])
  }
  const points = [...upper, ...lower.reverse()]
  if (form === 'chance') return [{ kind: 'polygon', points, fill: 'chance-band' }]
  return [{ kind: 'polygon', points, fill: paintOf(form), opacity: 0.18 }]
}

function seriesMarks(series: LineSeries, frame: Frame): Mark[] {
  const { form, draw = 'line' } = series
  const stretches = stretchesOf(series, frame)
  const points = stretches.flat()
  const base = Math.min(frame.bottom, Math.max(frame.top, frame.y.domain[0] <= 0 ? frame.y.at(0) : frame.bottom))
  const radius = points.length > 60 ? 2 : 3.5
  if (form === 'document') return [dotsMark(form, points, 3.8)]
  switch (draw) {
    case 'line':
      return [lineMark(form, thinned(stretches)), ...loneDots(form, stretches)]
    case 'line-dots':
      return [lineMark(form, stretches), dotsMark(form, points, radius)]
    case 'dots':
      return [dotsMark(form, points, radius)]
    case 'stems':
      return [lineMark(form, points.map(([x, y]): Point[] => [[x, base], [x, y]])), dotsMark(form, points, radius)]
    case 'steps':
      return [lineMark(form, stretches.map(stepped))]
  }
}

/** Points in pixels, cut where a value is missing. */
function stretchesOf(series: LineSeries, { x, y }: Frame): Point[][] {
  const stretches: Point[][] = []
  let current: Point[] = []
  for (let index = 0; index < series.y.length; ++index) {
    const point: Point = [x.at(xOf(series, index)), y.at(series.y[index]!)]
    if (Number.isNaN(point[0] + point[1])) {
      if (current.length > 0) stretches.push(current)
      current = []
    } else current.push(point)
  }
  if (current.length > 0) stretches.push(current)
  return stretches
}

/** A line needs no more than its first, lowest, highest and last point in each pixel's column. */
export function thinned(stretches: Point[][]): Point[][] {
  return stretches.map((points) => {
    const kept: Point[] = []
    for (let start = 0; start < points.length; ) {
      const column = Math.floor(points[start]![0])
      let end = start
      let [low, high] = [start, start]
      while (end < points.length && Math.floor(points[end]![0]) === column) {
        if (points[end]![1] < points[low]![1]) low = end
        if (points[end]![1] > points[high]![1]) high = end
        ++end
      }
      const corners = new Set([start, Math.min(low, high), Math.max(low, high), end - 1])
      for (const index of corners) kept.push(points[index]!)
      start = end
    }
    return kept
  })
}

/** A stretch of one point has no length: without a dot it would not be seen. */
function loneDots(form: LineSeries['form'], stretches: Point[][]): Mark[] {
  const lone = stretches.filter((points) => points.length === 1).flat()
  return lone.length === 0 ? [] : [dotsMark(form, lone, 2.5)]
}

function stepped(points: Point[]): Point[] {
  return points.flatMap(([x, y], index): Point[] => (index === 0 ? [[x, y]] : [[x, points[index - 1]![1]], [x, y]]))
}

function lineTargets(spec: LinePlot, frame: Frame): Target[] {
  return spec.series.flatMap((series, number) => {
    const targets: Target[] = []
    for (let index = 0; index < series.y.length; ++index) {
      const at = xOf(series, index)
      const [x, y] = [frame.x.at(at), frame.y.at(series.y[index]!)]
      if (Number.isNaN(x + y) || y < frame.top - tickSize || y > frame.bottom + tickSize) continue
      const position = spec.x.positions ? at : undefined
      targets.push({ x, y, series: number, form: series.form, position, text: () => pointText(spec, series, index) })
    }
    return targets
  })
}

function pointText(spec: LinePlot, series: LineSeries, index: number): string {
  const at = xOf(series, index)
  const where = spec.x.names?.[at] ?? `${axisName({ label: spec.x.label })} ${valueText(at, spec.x)}`
  const value = valueText(series.y[index]!, spec.y)
  const interval = series.low && series.high ? ` (${valueText(series.low[index]!, spec.y)} – ${valueText(series.high[index]!, spec.y)})` : ''
  return `${where}: ${series.label || spec.y.label} ${value}${interval}`
}
