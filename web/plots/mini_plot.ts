/** One line's figures, as small as a line of text: the ledger's. Its numbers stand beside it in words. */
import { ownScale, rowMarks } from './dot_plot'
import { figureToSvg } from './figure_svg'
import { pagePalette } from './palette'
import type { DotValue } from './plot_spec'

const size = { width: 132, height: 24 }
const margin = 8

/** Hidden from screen readers. Empty where there is nothing to compare. */
export function miniPlotSvg(values: readonly DotValue[]): string {
  if (values.length < 2 || values.some(({ value }) => !Number.isFinite(value))) return ''
  const scale = ownScale({ label: '', values }, [margin, size.width - margin])
  const middle = size.height / 2
  const axis = { kind: 'line', x1: 0, y1: middle, x2: size.width, y2: middle, stroke: 'rule' } as const
  const marks = [axis, ...rowMarks(values, scale, middle, false)]
  return `<span class="mini-plot" aria-hidden="true">${figureToSvg({ ...size, description: '', marks }, pagePalette)}</span>`
}
