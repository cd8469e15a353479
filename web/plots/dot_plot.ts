/** One row a figure: measured beside chance, the document's figure and the reader's guess, with intervals. */
import { formatFixed } from '../page/numbers'
import { axisName, crisp, tickMark, xTicks } from './cartesian'
import type { Mark } from './figure'
import { dotsMark, formLabel, lineMark, paintOf } from './forms'
import { type LabelEntry, keyRows, labelSize, lineHeight } from './labels'
import type { PlotFrame, Target } from './plot_frame'
import type { DotPlot, DotRow, DotValue, Form, Quantity } from './plot_spec'
import { type Domain, type Scale, domainOf, extentOf, linearScale, scaleOf } from './scale'
import { textWidth, wrapText } from './text_width'
import { valueText } from './value_text'

const rowHeight = 34
const formOrder: Form[] = ['measured', 'group-a', 'group-b', 'soft', 'chance', 'document', 'prediction']

export function dotPlot(spec: DotPlot, width: number): PlotFrame {
  const { rows, bars = false } = spec
  const key = keyRows(keyEntries(spec), width)
  const above = width < 520
  const labelRoom = above ? width : 0.34 * width
  const labels = rows.map(({ label }) => wrapText(label, labelSize, labelRoom - 12))
  const left = above ? 14 : Math.ceil(Math.max(...labels.flat().map((line) => textWidth(line, labelSize)))) + 14
  const own = rows.some((row) => row.own)
  const chances = own ? [] : chanceTexts(spec)
  const chanceWidth = Math.ceil(Math.max(0, ...chances.map((text) => textWidth(text, labelSize))))
  const right = width - (own ? 78 : above || chanceWidth === 0 ? 20 : chanceWidth + 24)
  const shared = own ? null : sharedScale(spec, [left, right])

  const marks: Mark[] = [...key.marks]
  const targets: Target[] = []
  let y = key.height + 2
  const top = y
  const places = rows.map((row, index) => {
    const lines = labels[index]!.length
    const labelHeight = above ? lines * lineHeight : 0
    const height = above ? labelHeight + 34 : Math.max(rowHeight, lines * lineHeight + 10)
    const place = { row, middle: y + labelHeight + (above ? 15 : (height - labelHeight) / 2), top: y }
    y += height
    return place
  })
  const bottom = y
  if (shared) {
    for (const tick of shared.ticks) {
      const at = crisp(shared.at(tick))
      marks.push({ kind: 'line', x1: at, y1: top, x2: at, y2: bottom, stroke: 'rule' })
    }
    marks.push(...xTicks(shared, bottom), tickMark(axisName(spec.x), right, bottom + 37, 'end'))
  }
  places.forEach(({ row, middle, top: rowTop }, series) => {
    const quantity: Quantity = row.own ? { label: row.label, ...row.own } : spec.x
    const scale = shared ?? ownScale(row, [left, right])
    const lines = labels[series]!
    lines.forEach((text, line) => {
      const baseline = above
        ? rowTop + 12 + line * lineHeight
        : middle + (line - (lines.length - 1) / 2) * lineHeight + labelSize * 0.35
      const place = above ? { x: 0 } : { x: left - 12, anchor: 'end' as const }
      marks.push({ kind: 'text', ...place, y: baseline, text, size: labelSize, fill: 'ink', halo: above })
    })
    if (!shared) marks.push({ kind: 'line', x1: left, y1: crisp(middle), x2: right, y2: crisp(middle), stroke: 'rule' })
    marks.push(...rowMarks(row.values, scale, middle, bars))
    if (!shared) marks.push(...ownText(row, quantity, right, middle))
    const chance = chances[series]
    if (chance) marks.push(...chanceMarks(chance, width - chanceWidth, above ? rowTop + 12 - labelSize * 0.35 : middle))
    for (const value of sorted(row.values)) {
      if (!Number.isFinite(value.value)) continue
      const text = () => `${row.label}: ${labelOf(spec, value.form)} ${withInterval(value, quantity)}`
      targets.push({ x: scale.at(value.value), y: middle, series, form: value.form, text })
    }
  })
  const height = bottom + (shared ? 44 : 6)
  return { figure: { width, height, description: spec.lead, marks }, targets, domains: {} }
}

export function labelOf({ formLabels }: DotPlot, form: Form): string {
  return formLabels?.[form] ?? formLabel(form)
}

export function withInterval({ value, low, high }: DotValue, quantity: Quantity): string {
  const text = valueText(value, quantity)
  return low === undefined || high === undefined ? text : `${text} (${valueText(low, quantity)} – ${valueText(high, quantity)})`
}

function keyEntries(spec: DotPlot): LabelEntry[] {
  const used = new Set(spec.rows.flatMap(({ values }) => values.map(({ form }) => form)))
  const isBand = spec.rows.some(({ values }) => values.some(({ form, low }) => form === 'chance' && low !== undefined))
  return formOrder
    .filter((form) => used.has(form))
    .map((form) => ({
      form,
      text: labelOf(spec, form),
      drawn: form === 'chance' ? (isBand ? 'area' : 'line') : spec.bars && form !== 'soft' ? 'area' : 'dots',
    }))
}

const numbersOf = ({ values }: DotRow) => values.flatMap(({ value, low = value, high = value }) => [value, low, high])

function sharedScale({ rows, x, bars }: DotPlot, pixels: Domain): Scale {
  const ticks = Math.max(2, Math.floor((pixels[1] - pixels[0]) / 76))
  const axis = bars ? { ...x, zero: true } : x
  return scaleOf(axis, domainOf(axis, extentOf(rows.map(numbersOf), x.scale === 'log'), ticks), pixels, ticks)
}

export function ownScale(row: DotRow, pixels: Domain): Scale {
  const [low, high] = row.own?.domain ?? extentOf([numbersOf(row)]) ?? [0, 1]
  const pad = row.own?.domain ? 0 : 0.08 * (high - low || Math.abs(high) || 1)
  return linearScale([low - pad, high + pad], pixels, 2, { label: row.label })
}

/** Chance at the back, then measured, then what others say. */
function sorted(values: readonly DotValue[]): DotValue[] {
  const depth = ({ form }: DotValue) => (form === 'chance' ? 0 : form === 'document' || form === 'prediction' ? 2 : 1)
  return [...values].sort((a, b) => depth(a) - depth(b))
}

export function rowMarks(values: readonly DotValue[], scale: Scale, middle: number, bars: boolean): Mark[] {
  const solid = values.filter(({ form }) => ['measured', 'group-a', 'group-b'].includes(form))
  return sorted(values).flatMap((value) => {
    if (!Number.isFinite(value.value)) return []
    const index = solid.indexOf(value)
    // Groups side by side, so that equal values do not hide each other.
    const y = index < 0 || solid.length < 2 ? middle : middle + (index - (solid.length - 1) / 2) * 10
    return valueMarks(value, scale, y, bars && index >= 0 ? 20 / Math.max(2, solid.length) + 4 : 0)
  })
}

function valueMarks({ form, value, low, high }: DotValue, scale: Scale, y: number, barHeight: number): Mark[] {
  const x = scale.at(value)
  const marks: Mark[] = []
  const interval = low !== undefined && high !== undefined ? ([scale.at(low), scale.at(high)] as const) : null
  switch (form) {
    case 'chance':
      if (interval) {
        const width = Math.max(2, interval[1] - interval[0])
        marks.push({ kind: 'rect', x: interval[0], y: y - 10, width, height: 20, fill: 'chance-band' })
      }
      return [...marks, lineMark(form, [[[x, y - 11], [x, y + 11]]])]
    case 'prediction':
      return [lineMark(form, [[[x, y - 12], [x, y + 12]]])]
    case 'document':
      if (interval) marks.push({ kind: 'line', x1: interval[0], y1: y, x2: interval[1], y2: y, stroke: 'document' })
      return [...marks, dotsMark(form, [[x, y]], 4)]
    case 'measured':
    case 'group-a':
    case 'group-b':
    case 'soft': {
      if (barHeight > 0) {
        const zero = scale.at(0)
        const box = { x: Math.min(zero, x), y: y - barHeight / 2, width: Math.max(1, Math.abs(x - zero)), height: barHeight }
        marks.push({ kind: 'rect', ...box, fill: paintOf(form) })
      }
      const stroke = barHeight > 0 ? 'ink' : paintOf(form)
      if (interval) marks.push({ kind: 'line', x1: interval[0], y1: y, x2: interval[1], y2: y, stroke, strokeWidth: barHeight > 0 ? 1.25 : 2.5 })
      if (barHeight === 0) marks.push(dotsMark(form, [[x, y]], 4.2))
      return marks
    }
  }
}

/** Chance is labelled with its number in every row that has it, all as exact as the plot can show; '' where there is none. */
function chanceTexts({ rows, x }: DotPlot): string[] {
  const isLog = x.scale === 'log'
  const factor = x.format === 'percent' ? 100 : 1
  const [low, high] = extentOf(rows.map(numbersOf), isLog) ?? [0, 1]
  const digits = Math.max(0, (factor === 1 ? 2 : 1) - Math.floor(Math.log10(factor * (high - low || 1)) + 1e-9))
  return rows.map(({ values }) => {
    const chance = values.find(({ form, value }) => form === 'chance' && Number.isFinite(value))?.value
    if (chance === undefined) return ''
    if (isLog) return valueText(chance, { label: '', format: x.format ?? 'number' })
    return `${formatFixed(factor * chance, digits)}${factor === 100 ? '\u00a0%' : ''}`
  })
}

function chanceMarks(text: string, left: number, middle: number): Mark[] {
  return [
    lineMark('chance', [[[left - 7, middle - 7], [left - 7, middle + 7]]]),
    { kind: 'text', x: left, y: middle + labelSize * 0.35, text, size: labelSize, fill: 'ink-soft', halo: true },
  ]
}

/** Beside a row with a scale of its own: what was measured. */
function ownText({ values }: DotRow, quantity: Quantity, right: number, middle: number): Mark[] {
  const main = values.find(({ form }) => form === 'measured') ?? values[0]
  if (!main) return []
  return [{ kind: 'text', x: right + 12, y: middle + labelSize * 0.35, text: valueText(main.value, quantity), size: labelSize, fill: 'ink' }]
}

