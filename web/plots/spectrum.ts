/** Eigenvalues or their shares, largest first: stems, their running sum, the same under chance. */
import type { PlotFrame } from './plot_frame'
import type { LinePlot, LineSeries, Level, Numbers, SpectrumPlot } from './plot_spec'
import { linePlot } from './line_plot'
import { plotStrings as strings } from '../page/strings/plots'

export function spectrum(spec: SpectrumPlot, width: number): PlotFrame {
  return linePlot(spectrumLines(spec), width)
}

/** Components are counted from 1. */
export function spectrumLines(spec: SpectrumPlot): LinePlot {
  const count = Math.min(spec.shown ?? spec.values.length, spec.values.length)
  const components = Array.from({ length: count }, (_, index) => index + 1)
  const cut = (values: Numbers) => components.map((component) => values[component - 1] ?? NaN)
  const series: LineSeries[] = []
  if (spec.chance) {
    const { label, values, low, high } = spec.chance
    series.push({ label, form: 'chance', x: components, y: cut(values), low: low && cut(low), high: high && cut(high) })
  }
  const draw = count > 120 ? 'line' : 'stems'
  series.push({ label: spec.y.label, form: 'measured', x: components, y: cut(spec.values), draw })
  const verticals: Level[] = []
  const levels: Level[] = []
  if (spec.cumulative) {
    const sums = cumulative(spec.values)
    series.push({ label: strings.cumulative, form: 'soft', x: components, y: cut(sums) })
    const reached = spec.threshold ? sums.findIndex((sum) => sum >= spec.threshold!.value) + 1 : 0
    if (spec.threshold) levels.push({ form: 'threshold', label: spec.threshold.label, value: spec.threshold.value })
    if (reached > 0 && reached <= count) verticals.push({ form: 'threshold', label: strings.reached, value: reached })
  }
  return {
    kind: 'line',
    name: spec.name,
    lead: spec.lead,
    caption: spec.caption,
    x: { format: 'count', domain: [spec.x.domain?.[0] ?? 0, spec.x.domain?.[1] ?? count + 1], ...spec.x },
    y: spec.y.scale === 'log' ? spec.y : { zero: true, ...spec.y },
    series,
    levels,
    verticals,
  }
}

export function cumulative(values: Numbers): number[] {
  let sum = 0
  return Array.from({ length: values.length }, (_, index) => (sum += values[index]!))
}
