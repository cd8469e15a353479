/** What the colours of a map mean: a strip from its lowest to its highest value. */
import { axisName, tickMark, tickSize } from './cartesian'
import type { ColourMap, Mark } from './figure'
import type { Quantity } from './plot_spec'
import { textWidth } from './text_width'
import { valueText } from './value_text'

export const colourBarHeight = 30
const stripWidth = 120
const steps = 48

/** Name, then lowest value, strip, highest value, in one line at (x, y). */
export function colourBar(quantity: Quantity, map: ColourMap, range: number, x: number, y: number): Mark[] {
  const low = valueText(map === 'diverging' ? -range : 0, quantity)
  const name = axisName({ label: quantity.label, unit: quantity.unit })
  const lowX = x + textWidth(name, tickSize) + 14
  const stripX = lowX + textWidth(low, tickSize) + 6
  const values = Float32Array.from({ length: steps }, (_, step) => {
    const share = step / (steps - 1)
    return map === 'diverging' ? 2 * share - 1 : share
  })
  const box = { x: stripX, y: y + 3, width: stripWidth, height: 10 }
  return [
    tickMark(name, x, y + 12, 'start'),
    tickMark(low, lowX, y + 12, 'start'),
    { kind: 'matrix', ...box, rows: 1, columns: steps, values, map },
    { kind: 'rect', ...box, stroke: 'rule' },
    tickMark(valueText(range, quantity), stripX + stripWidth + 6, y + 12, 'start'),
  ]
}
