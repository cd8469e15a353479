/** From values to pixels: domains that end on round numbers, ticks, and their texts. */
import { formatFixed, formatPowerOfTen, formatScientific } from '../page/numbers'
import type { Axis, NumberFormat, Numbers } from './plot_spec'

export type Domain = readonly [low: number, high: number]

export interface Scale {
  domain: Domain
  /** Pixel of a value; NaN where the scale has none (0 on a logarithmic axis). */
  at(value: number): number
  ticks: number[]
  /** A tick's text. */
  label(tick: number): string
}

/** Smallest and largest finite value; on a logarithmic axis, of those above 0. null: there is none. */
export function extentOf(lists: Iterable<Numbers>, positive = false): Domain | null {
  let low = Infinity
  let high = -Infinity
  for (const values of lists) {
    for (const value of values) {
      if (!Number.isFinite(value) || (positive && value <= 0)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low <= high ? [low, high] : null
}

/** 1, 2 or 5 times a power of ten: the step that cuts `span` into about `count` parts. */
export function niceStep(span: number, count: number): number {
  const rough = span / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = rough / power
  return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10)
}

/** Multiples of `step` in [low, high], free of the errors that adding would gather. */
export function multiplesIn([low, high]: Domain, step: number): number[] {
  const slack = 1e-9
  const first = Math.ceil(low / step - slack)
  const last = Math.floor(high / step + slack)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => tidy((first + index) * step, step))
}

function tidy(value: number, step: number): number {
  const decimals = Math.max(0, -Math.floor(Math.log10(step)))
  return decimals > 15 ? value : Number(value.toFixed(decimals))
}

/**
 * The axis' domain: what holds the data, from one round number to the next. `kept`: the domain so far of a plot that
 * grows; it is never left, and grows by more than it must, so that it seldom moves.
 */
export function domainOf(axis: Axis, extent: Domain | null, ticks: number, kept?: Domain): Domain {
  const [fixedLow, fixedHigh] = axis.domain ?? [null, null]
  if (fixedLow !== null && fixedHigh !== null) return [fixedLow, fixedHigh]
  if (kept && (extent === null || (kept[0] <= extent[0] && kept[1] >= extent[1]))) return kept
  if (isCounted(axis) && extent && extent[0] < extent[1] && !kept && !axis.zero) {
    return [fixedLow ?? extent[0], fixedHigh ?? extent[1]]
  }
  const found = axis.scale === 'log' ? logDomain(extent, kept) : linearDomain(extent, axis, ticks, kept)
  return [fixedLow ?? found[0], fixedHigh ?? found[1]]
}

function linearDomain(extent: Domain | null, axis: Axis, ticks: number, kept?: Domain): Domain {
  let [low, high] = extent ?? [0, 1]
  if (axis.zero) [low, high] = [Math.min(0, low), Math.max(0, high)]
  if (kept) {
    // Half as much again beyond the end that was passed.
    const grown = 0.5 * (Math.max(high, kept[1]) - Math.min(low, kept[0]))
    low = low < kept[0] ? low - grown : kept[0]
    high = high > kept[1] ? high + grown : kept[1]
  }
  if (low === high) {
    const around = Math.abs(low) || 1
    ;[low, high] = low === 0 ? [0, 1] : [low - around / 2, high + around / 2]
  }
  const [fixedLow, fixedHigh] = axis.domain ?? [null, null]
  const step = niceStep((fixedHigh ?? high) - (fixedLow ?? low), ticks)
  const round = [tidy(Math.floor(low / step + 1e-9) * step, step), tidy(Math.ceil(high / step - 1e-9) * step, step)] as const
  return [low === kept?.[0] ? low : round[0], high === kept?.[1] ? high : round[1]]
}

function logDomain(extent: Domain | null, kept?: Domain): Domain {
  const [low, high] = extent ?? [0.1, 1]
  const from = Math.min(low, kept?.[0] ?? Infinity)
  const to = Math.max(high, kept?.[1] ?? -Infinity)
  const [first, last] = [Math.floor(Math.log10(from) + 1e-9), Math.ceil(Math.log10(to) - 1e-9)]
  return [10 ** first, 10 ** (last === first ? first + 1 : last)]
}

export function linearScale(domain: Domain, [from, to]: Domain, ticks: number, axis: Axis): Scale {
  const [low, high] = domain
  const wanted = niceStep(high - low, ticks)
  const step = isCounted(axis) ? Math.max(1, wanted) : wanted
  const per = (to - from) / (high - low || 1)
  return {
    domain,
    at: (value) => from + per * (value - low),
    ticks: multiplesIn(domain, step),
    label: (tick) => axis.names?.[tick] ?? tickText(tick, step, axis.format ?? 'number'),
  }
}

/** Steps, layers, words: nothing lies between whole numbers, so the axis ends where the data do. */
function isCounted({ format, names, scale }: Axis): boolean {
  return scale !== 'log' && (format === 'count' || names !== undefined)
}

/** A tick with as many decimals as the step between ticks has. */
export function tickText(tick: number, step: number, format: NumberFormat): string {
  const factor = format === 'percent' ? 100 : 1
  const decimals = Math.max(0, -Math.floor(Math.log10(factor * step) + 1e-9))
  return `${tick === 0 ? '0' : formatFixed(factor * tick, decimals)}${format === 'percent' ? '\u00a0%' : ''}`
}

function logTickText(tick: number, format: NumberFormat): string {
  const exponent = Math.floor(Math.log10(tick) + 1e-9)
  if (format === 'percent' || (exponent >= -3 && exponent < 6)) return tickText(tick, 10 ** exponent, format)
  const mantissa = Math.round(tick / 10 ** exponent)
  return mantissa === 1 ? formatPowerOfTen(exponent) : formatScientific(mantissa, 0, exponent)
}

export function logScale(domain: Domain, [from, to]: Domain, ticks: number, axis: Axis): Scale {
  const [low, high] = [Math.log10(domain[0]), Math.log10(domain[1])]
  const per = (to - from) / (high - low || 1)
  const decades = Math.max(1, Math.ceil((high - low) / ticks - 1e-9))
  const [first, last] = [Math.ceil(low - 1e-9), Math.floor(high + 1e-9)]
  const powers = Array.from({ length: Math.floor((last - first) / decades) + 1 }, (_, index) => 10 ** (first + index * decades))
  const between = high - low <= 1.5 ? [2, 5] : []
  const more = powers.flatMap((power) => between.map((factor) => factor * power))
  return {
    domain,
    at: (value) => (value > 0 ? from + per * (Math.log10(value) - low) : NaN),
    ticks: [...powers, ...more].filter((tick) => tick >= domain[0] * 0.999 && tick <= domain[1] * 1.001),
    label: (tick) => logTickText(tick, axis.format ?? 'number'),
  }
}

export function scaleOf(axis: Axis, domain: Domain, pixels: Domain, ticks: number): Scale {
  return axis.scale === 'log' ? logScale(domain, pixels, ticks, axis) : linearScale(domain, pixels, ticks, axis)
}
