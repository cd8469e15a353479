/** A value in words of a plot: in its format, with its unit. */
import { formatCount, formatFixed, formatPercent, formatSignificant } from '../page/numbers'
import type { Quantity } from './plot_spec'

export function valueText(value: number, { format = 'number', unit }: Quantity): string {
  if (!Number.isFinite(value)) return '–'
  const text = numberText(value, format)
  return unit ? `${text}\u00a0${unit}` : text
}

function numberText(value: number, format: NonNullable<Quantity['format']>): string {
  switch (format) {
    case 'count':
      return formatCount(value)
    case 'percent':
      return value >= 0 && value <= 1 ? formatPercent(value) : `${formatFixed(100 * value, 1)}\u00a0%`
    case 'number':
      return formatSignificant(value)
  }
}
