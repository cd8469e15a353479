/**
 * A drawing as data, in CSS pixels, y downwards. One description serves the screen, SVG, PNG and paper:
 * figure_svg.ts and figure_canvas.ts draw it.
 */

/**
 * A colour by what it says: see web/page/styles/tokens.css. `ramp`: a magnitude in [0, 1] on the sequential map;
 * `diverging`: a signed value in [-1, 1] on the map that is neutral at 0.
 */
export type Paint = NamedPaint | { ramp: number } | { diverging: number }

export const namedPaints = [
  'ink',
  'ink-soft',
  'paper',
  'rule',
  'rule-strong',
  'accent-mark',
  'group-a',
  'group-b',
  'chance',
  'chance-band',
  'prediction',
  'document',
] as const
export type NamedPaint = (typeof namedPaints)[number]

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
  opacity?: number
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
  /** With a rim of the paper's colour, so that it can be read over lines. */
  halo?: boolean
}

export type Point = [x: number, y: number]

export interface PolygonMark {
  kind: 'polygon'
  points: Point[]
  fill?: Paint
  stroke?: Paint
  strokeWidth?: number
  opacity?: number
}

/** Lines through points; each stretch on its own, so that missing values leave gaps. */
export interface PolylineMark {
  kind: 'polyline'
  stretches: Point[][]
  stroke: Paint
  strokeWidth: number
  dash?: number[]
  opacity?: number
}

export type DotShape = 'circle' | 'triangle' | 'square' | 'diamond'

/** Many equal marks of one colour. `hollow`: an outline, filled with paper. */
export interface DotsMark {
  kind: 'dots'
  points: Point[]
  radius: number
  shape: DotShape
  fill: Paint
  hollow?: boolean
  opacity?: number
}

/** Marks moved to (x, y); what lies outside `clip`, in the group's own coordinates, is not shown. */
export interface GroupMark {
  kind: 'group'
  x: number
  y: number
  clip?: { x: number; y: number; width: number; height: number }
  marks: Mark[]
}

/**
 * A matrix of magnitudes in [0, 1], or in [-1, 1] where the map is diverging; NaN: no value. Cell (row, column) is
 * values[row * columns + column].
 */
export interface MatrixMark {
  kind: 'matrix'
  x: number
  y: number
  width: number
  height: number
  rows: number
  columns: number
  values: Float32Array
  map?: ColourMap
}

export type ColourMap = 'sequential' | 'diverging'

export type Mark =
  | RectMark
  | LineMark
  | TextMark
  | PolygonMark
  | PolylineMark
  | DotsMark
  | GroupMark
  | MatrixMark

export interface Figure {
  width: number
  height: number
  /** What it shows, in one sentence, for those who do not see it. */
  description: string
  marks: Mark[]
}

/** Advance of one character of the mono font, per pixel of its size. */
export const monoAdvance = 0.6

/** Outline of one dot about (x, y), its area near that of a circle of this radius. A circle has none. */
export function dotOutline(shape: Exclude<DotShape, 'circle'>, radius: number): Point[] {
  switch (shape) {
    case 'triangle':
      return [
        [0, -1.3 * radius],
        [1.2 * radius, 0.85 * radius],
        [-1.2 * radius, 0.85 * radius],
      ]
    case 'square':
      return [
        [-0.9 * radius, -0.9 * radius],
        [0.9 * radius, -0.9 * radius],
        [0.9 * radius, 0.9 * radius],
        [-0.9 * radius, 0.9 * radius],
      ]
    case 'diamond':
      return [
        [0, -1.3 * radius],
        [1.3 * radius, 0],
        [0, 1.3 * radius],
        [-1.3 * radius, 0],
      ]
  }
}
