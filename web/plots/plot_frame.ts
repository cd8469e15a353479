/** A plot, laid out: its drawing, and the points that a reader can go to. */
import type { KeptDomains } from './cartesian'
import type { Figure } from './figure'
import type { AnyForm } from './forms'

/** A place that shows its value under the pointer and by arrow keys. */
export interface Target {
  x: number
  y: number
  /** Targets of one series are in order: left and right go along them, up and down to the next series. */
  series: number
  form: AnyForm
  /** Position in the text: choosing this target selects it on the whole page. */
  position?: number
  /** What is framed instead of the point. */
  box?: { x: number; y: number; width: number; height: number }
  /** The value in words; made when it is asked for, as there may be thousands. */
  text(): string
}

export interface PlotFrame {
  figure: Figure
  targets: Target[]
  /** To be given to the next layout of a plot that grows. */
  domains: KeptDomains
}
