/** Numbers as Vietnamese print them: decimal comma, full-stop thousands, a space before the unit. */

const space = '\u00a0'
const minus = '\u2212'
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

function format(value: number, options: Intl.NumberFormatOptions): string {
  // What rounds to zero has no sign.
  return new Intl.NumberFormat('vi-VN', { signDisplay: 'negative', ...options }).format(value).replace('-', minus)
}

/** 50257 -> 50.257 */
export function formatCount(value: number): string {
  return format(value, { maximumFractionDigits: 0 })
}

/** A setting as it was given: 0.007 -> 0,007; 3000 -> 3.000. */
export function formatNumber(value: number): string {
  return format(value, { maximumSignificantDigits: 12 })
}

/** -3.2145 -> −3,21 */
export function formatFixed(value: number, digits: number): string {
  return format(value, { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/**
 * A value of any size: 0,0123; 12,3; 1.234; 1,20 × 10⁻⁹. Whole parts are never rounded away below 10⁹. The core writes the
 * ledger's sentences by the same rule (core/experiments/number_text.cpp).
 */
export function formatSignificant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return notFinite(value)
  if (value === 0) return '0'
  const [mantissa = '', exponent] = value.toExponential(digits - 1).split('e')
  const power = Number(exponent)
  if (power < -3 || power > 8) return formatScientific(Number(mantissa), digits - 1, power)
  return formatFixed(value, Math.max(0, digits - 1 - power))
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'không xác định' : value > 0 ? 'vô cùng' : 'âm vô cùng'
}

/** 1.2 and -9 -> 1,2 × 10⁻⁹, which no line end divides. */
export function formatScientific(mantissa: number, digits: number, exponent: number): string {
  return `${formatFixed(mantissa, digits)}${space}×${space}${formatPowerOfTen(exponent)}`
}

/** 10⁻⁹ */
export function formatPowerOfTen(exponent: number): string {
  const power = String(Math.abs(exponent))
    .split('')
    .map((digit) => superscripts[Number(digit)])
    .join('')
  return `10${exponent < 0 ? '⁻' : ''}${power}`
}

/** 0.1234 -> 12,3 %; 1/50257 -> 0,0020 %. */
export function formatPercent(probability: number): string {
  const percent = 100 * probability
  if (percent >= 99.95) return `${percent === 100 ? '100' : '>' + space + '99,9'}${space}%`
  if (percent >= 0.1 || percent === 0) return `${formatFixed(percent, percent === 0 ? 0 : 1)}${space}%`
  return `${formatSignificant(percent, 2)}${space}%`
}

/** Decimal megabytes, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${formatCount(bytes)}${space}byte`
  if (bytes < 1e6) return `${formatCount(bytes / 1e3)}${space}kB`
  if (bytes < 1e9) return `${formatFixed(bytes / 1e6, bytes < 1e8 ? 1 : 0)}${space}MB`
  return `${formatFixed(bytes / 1e9, 2)}${space}GB`
}

export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${formatCount(1000 * seconds)}${space}ms`
  if (seconds < 59.5) return `${formatFixed(seconds, seconds < 9.95 ? 1 : 0)}${space}giây`
  const whole = Math.round(seconds)
  return `${formatCount(Math.floor(whole / 60))}${space}phút ${whole % 60}${space}giây`
}

/**
 * A result's figure in the formats of claims.json, as the core writes them in the ledger's sentences: '' three
 * significant digits, 'percent', or the number of digits behind the comma.
 */
export function formatFigure(value: number | null, format = ''): string {
  if (value === null || !Number.isFinite(value)) return notFinite(value ?? NaN)
  if (format === 'percent') {
    const size = Math.abs(value)
    if (size > 0 && size < 0.001) return `${formatSignificant(100 * value, 2)}${space}%` // no tiny share is written as none
    return `${formatFixed(100 * value, size >= 0.1 ? 0 : size >= 0.01 || size === 0 ? 1 : 2)}${space}%`
  }
  if (/^\d$/.test(format)) return formatFixed(value, Number(format))
  if (format !== '') throw new Error(`no such format of a figure: ${format}`)
  return formatSignificant(value)
}
