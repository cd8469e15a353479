/** Values as lines across a plot: chance with its band, the document's figure, the reader's prediction, a threshold. */
import { type Frame, type FrameRequest, cartesianFrame, crisp } from './cartesian'
import type { Mark } from './figure'
import { dotsMark, lineMark } from './forms'
import { type LabelEntry, flagRows, labelSize, lineHeight } from './labels'
import type { Level, Numbers, Quantity } from './plot_spec'
import { valueText } from './value_text'

export function levelText({ label, value }: Level, quantity: Quantity): string {
  return `${label} ${valueText(value, quantity)}`
}

export function levelEntry(level: Level, quantity: Quantity): LabelEntry {
  return { form: level.form, text: levelText(level, quantity), drawn: 'line' }
}

/** What an axis must hold to show the levels. */
export function levelNumbers(levels: readonly Level[] = []): Numbers {
  return levels.flatMap(({ value, low = value, high = value }) => [value, low, high])
}

/** Bands lie under the data, lines over it. The document's diamond stands beside the axis, clear of its labels and mostly of the data. */
export function horizontalLevels(levels: readonly Level[] = [], { left, right, y }: Frame): { under: Mark[]; over: Mark[] } {
  const under: Mark[] = []
  const over: Mark[] = []
  for (const { form, value, low, high } of levels) {
    if (low !== undefined && high !== undefined) {
      const [top, bottom] = [y.at(high), y.at(low)]
      under.push({ kind: 'rect', x: left, y: top, width: right - left, height: bottom - top, fill: 'chance-band' })
    }
    const at = y.at(value)
    if (form === 'document') over.push({ kind: 'line', x1: left, y1: crisp(at), x2: right, y2: crisp(at), stroke: 'rule-strong' }, dotsMark(form, [[left + 8, at]], 4.5))
    else over.push(lineMark(form, [[[left, at], [right, at]]]))
  }
  return { under, over }
}

/** The frame, and the levels of its x axis: their texts stand above the plot, in as many rows as they need. */
export function frameWithFlags(request: Omit<FrameRequest, 'flagRows'>, levels: readonly Level[] = []) {
  const { x } = cartesianFrame({ ...request, flagRows: 0 })
  const texts = levels.map((level) => levelText(level, request.x))
  const flags = flagRows(texts.map((text, index) => ({ x: x.at(levels[index]!.value), text })), 0, request.width)
  const frame = cartesianFrame({ ...request, flagRows: Math.max(0, ...flags.map(({ row }) => row + 1)) })
  const under: Mark[] = []
  const over: Mark[] = []
  levels.forEach((level, index) => {
    const { row, x: flagX } = flags[index]!
    const textY = frame.top - 8 - row * (lineHeight + 2)
    under.push(...verticalBand(level, frame))
    over.push(...verticalLine(level, frame, textY))
    const text = { kind: 'text', text: texts[index]!, size: labelSize, fill: 'ink', anchor: 'middle', halo: true } as const
    over.push({ ...text, x: flagX, y: textY })
  })
  return { frame, under, over }
}

function verticalBand({ low, high }: Level, { top, bottom, x }: Frame): Mark[] {
  if (low === undefined || high === undefined) return []
  return [{ kind: 'rect', x: x.at(low), y: top, width: x.at(high) - x.at(low), height: bottom - top, fill: 'chance-band' }]
}

function verticalLine({ form, value }: Level, { bottom, x }: Frame, textY: number): Mark[] {
  const at = crisp(x.at(value))
  if (form !== 'document') return [lineMark(form, [[[at, textY + 4], [at, bottom]]])]
  return [
    { kind: 'line', x1: at, y1: textY + 4, x2: at, y2: bottom, stroke: 'rule-strong' },
    dotsMark(form, [[at, bottom]], 4.5),
  ]
}
