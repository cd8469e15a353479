/** The frame that plots with two axes share: margins, grid, ticks, names of the axes. */
import type { Mark } from './figure'
import { type Key, lineHeight } from './labels'
import type { Axis, Quantity } from './plot_spec'
import { type Domain, type Scale, domainOf, scaleOf } from './scale'
import { textWidth } from './text_width'

export const tickSize = 12

/** The domains of a plot that grows, kept from one drawing to the next. */
export interface KeptDomains {
  x?: Domain
  y?: Domain
}

export interface Frame {
  left: number
  right: number
  top: number
  bottom: number
  height: number
  x: Scale
  y: Scale
  /** Grid, ticks and names. */
  marks: Mark[]
}

export interface FrameRequest {
  width: number
  x: Axis
  y: Axis
  xExtent: Domain | null
  yExtent: Domain | null
  kept?: KeptDomains
  /** Room that labels take on the right. */
  side: number
  key: Key
  /** Rows of flags above the plot. */
  flagRows: number
  /** Of the plot's inside. */
  innerHeight?: number
}

export function axisName({ label, unit }: Quantity): string {
  return unit ? `${label} (${unit})` : label
}

/** Height of a plot's inside: wide plots are flatter. */
export function innerHeightOf(width: number): number {
  return Math.round(Math.min(300, Math.max(190, 0.46 * width)))
}

export function cartesianFrame(request: FrameRequest): Frame {
  const { width, side, key } = request
  const inner = request.innerHeight ?? innerHeightOf(width)
  const top = key.height + (request.y.label ? 27 : 8) + request.flagRows * (lineHeight + 2)
  const bottom = top + inner
  const yTicks = Math.max(2, Math.round(inner / 55))
  const yDomain = domainOf(request.y, request.yExtent, yTicks, request.kept?.y)
  const y = scaleOf(request.y, yDomain, [bottom, top], yTicks)
  const left = Math.ceil(Math.max(...y.ticks.map((tick) => textWidth(y.label(tick), tickSize)), 8) + 9)

  const roughTicks = Math.max(2, Math.floor((width - left - side) / 76))
  const xDomain = domainOf(request.x, request.xExtent, roughTicks, request.kept?.x)
  const lastLabel = scaleOf(request.x, xDomain, [0, 1], roughTicks)
  const overhang = textWidth(lastLabel.label(lastLabel.ticks.at(-1) ?? 0), tickSize) / 2
  const right = width - Math.max(side, Math.ceil(overhang))
  const x = scaleOf(request.x, xDomain, [left, right], roughTicks)

  const marks: Mark[] = [...key.marks]
  for (const tick of y.ticks) {
    const at = crisp(y.at(tick))
    marks.push({ kind: 'line', x1: left, y1: at, x2: right, y2: at, stroke: 'rule' })
    marks.push(tickMark(y.label(tick), left - 8, at + tickSize * 0.35, 'end'))
  }
  marks.push(...xTicks(x, bottom))
  const nameY = key.height + 12
  marks.push({ kind: 'text', x: 0, y: nameY, text: axisName(request.y), size: tickSize, fill: 'ink-soft' })
  marks.push({ ...tickMark(axisName(request.x), right, bottom + 37, 'end') })
  return { left, right, top, bottom, height: bottom + 44, x, y, marks }
}

/** Ticks under a horizontal axis; texts that would touch the one before them are left out. */
export function xTicks(x: Scale, bottom: number): Mark[] {
  const marks: Mark[] = []
  let free = -Infinity
  for (const tick of x.ticks) {
    const at = crisp(x.at(tick))
    marks.push({ kind: 'line', x1: at, y1: bottom, x2: at, y2: bottom + 4, stroke: 'rule-strong' })
    const text = x.label(tick)
    const half = textWidth(text, tickSize) / 2
    if (at - half < free) continue
    marks.push(tickMark(text, at, bottom + 18, 'middle'))
    free = at + half + 6
  }
  return marks
}

export function tickMark(text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): Mark {
  return { kind: 'text', x, y, text, size: tickSize, anchor, fill: 'ink-soft' }
}

/** The middle of a pixel: thin lines stay thin. */
export function crisp(value: number): number {
  return Math.round(value) + 0.5
}
