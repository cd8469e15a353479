/** How each form is drawn: colour, shape, line. The one place that says it. */
import { plotStrings as strings } from '../page/strings/plots'
import type { DotShape, DotsMark, Mark, NamedPaint, Point, PolylineMark } from './figure'
import type { Form, Level } from './plot_spec'

export type AnyForm = Form | Level['form']

interface Style {
  paint: NamedPaint
  shape: DotShape
  strokeWidth: number
  dash?: number[]
  opacity?: number
  hollow?: boolean
}

const styles: Record<AnyForm, Style> = {
  measured: { paint: 'accent-mark', shape: 'circle', strokeWidth: 2 },
  'group-a': { paint: 'group-a', shape: 'circle', strokeWidth: 2 },
  'group-b': { paint: 'group-b', shape: 'triangle', strokeWidth: 2 },
  soft: { paint: 'ink-soft', shape: 'circle', strokeWidth: 1, opacity: 0.65 },
  chance: { paint: 'chance', shape: 'square', strokeWidth: 1.5, dash: [5, 4] },
  document: { paint: 'document', shape: 'diamond', strokeWidth: 1, hollow: true },
  prediction: { paint: 'prediction', shape: 'circle', strokeWidth: 2, dash: [0.1, 5] },
  threshold: { paint: 'ink-soft', shape: 'square', strokeWidth: 1 },
}

export const styleOf = (form: AnyForm): Style => styles[form]
export const paintOf = (form: AnyForm): NamedPaint => styles[form].paint

export function formLabel(form: Form): string {
  return strings.forms[form]
}

export function lineMark(form: AnyForm, stretches: Point[][]): PolylineMark {
  const { paint, strokeWidth, dash, opacity } = styles[form]
  return { kind: 'polyline', stretches, stroke: paint, strokeWidth, dash, opacity }
}

/** `radius`: of a circle; other shapes are about as large. */
export function dotsMark(form: AnyForm, points: Point[], radius: number): DotsMark {
  const { paint, shape, hollow, opacity } = styles[form]
  return { kind: 'dots', points, radius: hollow ? radius + 0.7 : radius, shape, fill: paint, hollow, opacity }
}

export const sampleWidth = 18

/** What stands before a label: a short line, a dot or a band, as the form is drawn in the plot. */
export function sampleMarks(form: AnyForm, x: number, y: number, drawn: 'line' | 'dots' | 'area'): Mark[] {
  const middle = x + sampleWidth / 2
  if (form === 'document') return [dotsMark(form, [[middle, y]], 4)]
  if (drawn === 'dots' && form !== 'prediction') return [dotsMark(form, [[middle, y]], 4)]
  if (drawn === 'area' && form !== 'prediction') {
    const fill = form === 'chance' ? 'chance-band' : paintOf(form)
    const stroke = form === 'chance' ? 'chance' : undefined
    return [{ kind: 'rect', x: x + 2, y: y - 5, width: sampleWidth - 4, height: 10, fill, stroke }]
  }
  return [lineMark(form, [[[x, y], [x + sampleWidth, y]]])]
}
