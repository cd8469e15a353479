/**
 * A drawing as data, in CSS pixels, y downwards. One description serves the screen, SVG, PNG and paper:
 * figure_svg.ts and figure_canvas.ts draw it.
 */

/** A colour by what it says: see web/page/styles/tokens.css. `ramp`: a magnitude in [0, 1] on the sequential map. */
export type Paint = 'ink' | 'ink-soft' | 'paper' | 'rule' | 'rule-strong' | 'accent-mark' | 'chance' | { ramp: number }

export type Font = 'sans' | 'mono'

export interface RectMark {
  kind: 'rect'
  x: number
  y: number
  width: number
  height: number
  fill?: Paint
  stroke?: Paint
  strokeWidth?: number
}

export interface LineMark {
  kind: 'line'
  x1: number
  y1: number
  x2: number
  y2: number
  stroke: Paint
  strokeWidth?: number
  /** Lengths of dashes and gaps. */
  dash?: number[]
}

export interface TextMark {
  kind: 'text'
  /** The anchor's x, and the baseline's y. */
  x: number
  y: number
  text: string
  size: number
  fill: Paint
  font?: Font
  bold?: boolean
  anchor?: 'start' | 'middle' | 'end'
  /** Degrees, clockwise, about (x, y). */
  rotate?: number
}

export interface PolygonMark {
  kind: 'polygon'
  points: [x: number, y: number][]
  fill: Paint
}

/** A matrix of magnitudes in [0, 1]: cell (row, column) is values[row * columns + column]. */
export interface MatrixMark {
  kind: 'matrix'
  x: number
  y: number
  width: number
  height: number
  rows: number
  columns: number
  values: Float32Array
}

export type Mark = RectMark | LineMark | TextMark | PolygonMark | MatrixMark

export interface Figure {
  width: number
  height: number
  /** What it shows, in one sentence, for those who do not see it. */
  description: string
  marks: Mark[]
}

/** Advance of one character of the mono font, per pixel of its size. */
export const monoAdvance = 0.6
