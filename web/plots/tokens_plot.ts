/** A text's tokens, each on the colour of its value. */
import { colourBar, colourBarHeight } from './colour_bar'
import { type Mark, type Paint, monoAdvance } from './figure'
import { rangeOf } from './matrix_pool'
import type { PlotFrame, Target } from './plot_frame'
import type { TokensPlot } from './plot_spec'
import { groupsOf } from './token_groups'
import { labelOf, shorten } from './token_label'
import { valueText } from './value_text'

const size = 13.5
const tokenHeight = 23
const padding = 4
const gap = 2
const rowGap = 7
const bracketHeight = 20

/** A token's bytes: those of its text, or those it has where they are no text alone. */
export function bytesOf(token: string | { bytes: Uint8Array }): Uint8Array {
  return typeof token === 'string' ? new TextEncoder().encode(token) : token.bytes
}

interface Placed {
  position: number
  text: string
  x: number
  width: number
  row: number
}

export function tokensPlot(spec: TokensPlot, width: number): PlotFrame {
  const tokens = spec.tokens.map((token) => ({ id: 0, bytes: bytesOf(token) }))
  const groups = groupsOf(tokens, spec.groups ?? tokens.map((_, position) => position))
  const mostCharacters = Math.max(4, Math.floor((width - 2 * padding) / (size * monoAdvance)))
  const placed: Placed[] = []
  const brackets: { row: number; x: number; width: number; text: string }[] = []
  let [x, row] = [0, 0]
  for (const { first, end, characters } of groups) {
    const members = tokens.slice(first, end).map(({ bytes }) => shorten(labelOf(bytes).text, mostCharacters))
    const widths = members.map((text) => [...text].length * size * monoAdvance + 2 * padding)
    const wide = widths.reduce((sum, one) => sum + one + gap, -gap)
    if (x > 0 && x + wide > width) [x, row] = [0, row + 1]
    if (end - first > 1) brackets.push({ row, x, width: wide, text: characters ?? '?' })
    members.forEach((text, index) => {
      placed.push({ position: first + index, text, x, width: widths[index]!, row })
      x += widths[index]! + gap
    })
    if (tokens[end - 1]?.bytes.includes(0x0a)) [x, row] = [0, row + 1]
  }
  const tops = rowTops(Math.max(0, ...placed.map((one) => one.row)) + 1, new Set(brackets.map((one) => one.row)))
  const range = spec.range ?? rangeOf(spec.values, spec.map)

  const marks: Mark[] = colourBar(spec.value, spec.map, range, 0, 0)
  const targets: Target[] = []
  for (const { position, text, x: left, width: wide, row: line } of placed) {
    const top = tops[line]!
    const value = spec.values[position] ?? NaN
    const box = { x: left, y: top, width: wide, height: tokenHeight }
    marks.push({ kind: 'rect', ...box, fill: paintOf(value / range, spec.map), stroke: 'rule' })
    marks.push({ kind: 'text', x: left + padding, y: top + 16, text, size, font: 'mono', fill: 'ink' })
    const words = () => `${position} ${text}: ${spec.value.label} ${valueText(value, spec.value)}`
    targets.push({ x: left + wide / 2, y: top + tokenHeight / 2, series: 0, form: 'measured', position, box, text: words })
  }
  for (const { row: line, x: left, width: wide, text } of brackets) {
    const y = tops[line]! + tokenHeight + 3
    const ends: [number, number][] = [[left, y], [left, y + 3], [left + wide, y + 3], [left + wide, y]]
    marks.push({ kind: 'polyline', stretches: [ends], stroke: 'rule-strong', strokeWidth: 1 })
    marks.push({ kind: 'text', x: left + wide / 2, y: y + 16, text, size: 12.5, anchor: 'middle', fill: 'ink' })
  }
  const last = tops.length - 1
  const height = (tops[last] ?? 0) + tokenHeight + (brackets.some((one) => one.row === last) ? bracketHeight : 0) + 2
  return { figure: { width, height, description: spec.lead, marks }, targets, domains: {} }
}

function rowTops(count: number, bracketed: ReadonlySet<number>): number[] {
  let y = colourBarHeight
  return Array.from({ length: count }, (_, row) => {
    const top = y
    y += tokenHeight + rowGap + (bracketed.has(row) ? bracketHeight : 0)
    return top
  })
}

function paintOf(share: number, map: TokensPlot['map']): Paint {
  if (Number.isNaN(share)) return 'paper'
  return map === 'diverging' ? { diverging: Math.max(-1, Math.min(1, share)) } : { ramp: Math.max(0, Math.min(1, share)) }
}
