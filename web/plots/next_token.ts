/** The most probable next tokens as bars, the token that really follows, and chance. */
import { formatCount, formatFixed, formatPercent } from '../page/numbers'
import { plotStrings as strings } from '../page/strings/plots'
import { type Figure, type Mark, monoAdvance } from './figure'
import { textWidth } from './text_width'
import { shorten } from './token_label'

export interface TokenBar {
  label: string
  logit: number
  probability: number
  /** Whether it is the token that really follows. */
  isActual: boolean
}

export interface NextTokenData {
  /** Most probable first. */
  bars: TokenBar[]
  /** The token that really follows, where it is not among `bars`. */
  outside: { label: string; probability: number; rank: number } | null
  /** Size of the vocabulary: chance is one in so many. */
  nVocab: number
}

export type ProbabilityScale = 'linear' | 'log'

const rowHeight = 25
const headHeight = 24
const labelSize = 13
const smallSize = 11.5
const valueWidth = 76
const logitWidth = 64
/** The log scale's left end: chance, 1/50257, lies inside. */
const logFloor = 1e-6

export function nextTokenFigure(data: NextTokenData, width: number, scale: ProbabilityScale): Figure {
  const showsLogit = width >= 480
  const labelWidth = Math.min(170, Math.max(116, 0.28 * width))
  const mostCharacters = Math.floor((labelWidth - 28) / (labelSize * monoAdvance))
  const axis = axisOf(data, scale)
  const left = labelWidth
  const right = width - valueWidth - (showsLogit ? logitWidth : 0)
  const xOf = (probability: number) => left + (right - left) * axis.position(probability)
  const plotHeight = rowHeight * (data.bars.length + (data.outside ? 1.4 : 0))
  const bottom = headHeight + plotHeight + 4

  const marks: Mark[] = []
  const text = (x: number, y: number, words: string, options: Partial<Mark> = {}) =>
    marks.push({ kind: 'text', x, y, text: words, size: smallSize, fill: 'ink-soft', ...options } as Mark)

  text(left - 10, 14, strings.token, { anchor: 'end' })
  text(left, 14, strings.probability)
  if (showsLogit) text(width, 14, strings.logit, { anchor: 'end' })

  for (const tick of axis.ticks) {
    const x = Math.round(xOf(tick)) + 0.5
    marks.push({ kind: 'line', x1: x, y1: headHeight, x2: x, y2: bottom, stroke: 'rule' })
    if (tick === 0) text(x + 5, bottom + 16, axis.label(tick))
    else text(x, bottom + 16, axis.label(tick), { anchor: 'middle' })
  }

  data.bars.forEach((bar, index) => {
    const top = headHeight + rowHeight * index
    drawRow(marks, bar, { top, left, end: xOf(bar.probability), mostCharacters })
    if (showsLogit) {
      const logit = formatFixed(bar.logit, 2)
      text(width, top + 17, logit, { anchor: 'end', size: 12.5 })
    }
  })
  if (data.outside) {
    const { label, probability, rank } = data.outside
    const top = headHeight + rowHeight * (data.bars.length + 0.4)
    text(left - 10, top, '⋮', { anchor: 'end' })
    const row = { label, probability, logit: NaN, isActual: true }
    drawRow(marks, row, { top, left, end: xOf(probability), mostCharacters })
    if (showsLogit) text(width, top + 17, strings.rank(formatCount(rank)), { anchor: 'end', size: 12.5 })
  }

  const chance = 1 / data.nVocab
  const chanceX = Math.round(xOf(chance)) + 0.5
  marks.push({ kind: 'line', x1: chanceX, y1: headHeight, x2: chanceX, y2: bottom + 22, stroke: 'chance', dash: [4, 3] })
  const chanceLabel = strings.chance(formatCount(data.nVocab), formatPercent(chance))
  text(Math.max(0, Math.min(chanceX + 5, width - textWidth(chanceLabel, smallSize))), bottom + 34, chanceLabel)
  return { width, height: bottom + 42, description: descriptionOf(data), marks }
}

interface RowPlace {
  top: number
  left: number
  end: number
  mostCharacters: number
}

function drawRow(marks: Mark[], bar: TokenBar, { top, left, end, mostCharacters }: RowPlace): void {
  const shown = shorten(bar.label, mostCharacters)
  marks.push({
    kind: 'text',
    x: left - 10,
    y: top + 17,
    text: shown,
    size: labelSize,
    font: 'mono',
    anchor: 'end',
    fill: 'ink',
  })
  if (bar.isActual) {
    const tip = left - 18 - [...shown].length * labelSize * monoAdvance
    const points: [number, number][] = [
      [tip - 7, top + 7.5],
      [tip, top + 12.5],
      [tip - 7, top + 17.5],
    ]
    marks.push({ kind: 'polygon', points, fill: 'ink' })
  }
  const barWidth = Math.max(1, end - left)
  marks.push({ kind: 'rect', x: left, y: top + 5, width: barWidth, height: rowHeight - 10, fill: 'accent-mark' })
  marks.push({
    kind: 'text',
    x: left + barWidth + 6,
    y: top + 17,
    text: formatPercent(bar.probability),
    size: 12.5,
    fill: 'ink',
    bold: bar.isActual,
  })
}

interface Axis {
  /** Of a probability, in [0, 1] along the axis. */
  position(probability: number): number
  ticks: number[]
  label(tick: number): string
}

function axisOf(data: NextTokenData, scale: ProbabilityScale): Axis {
  const wholePercent = (tick: number) => `${formatCount(100 * tick)}\u00a0%`
  if (scale === 'log') {
    return {
      position: (probability) => Math.max(0, 1 - Math.log(Math.max(probability, logFloor)) / Math.log(logFloor)),
      ticks: [1e-6, 1e-4, 1e-2, 1],
      label: (tick) => (tick >= 0.01 ? wholePercent(tick) : formatPercent(tick)),
    }
  }
  const largest = Math.max(...data.bars.map(({ probability }) => probability))
  const end = [0.1, 0.2, 0.5].find((candidate) => largest <= candidate) ?? 1
  return {
    position: (probability) => Math.min(1, probability / end),
    ticks: [0, end / 2, end],
    label: wholePercent,
  }
}

function descriptionOf({ bars, outside }: NextTokenData): string {
  const first = bars.slice(0, 5).map(({ label, probability }) => `${label} ${formatPercent(probability)}`)
  return strings.nextTokenDescription(first, outside?.rank ?? null)
}
