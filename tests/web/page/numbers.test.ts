import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatFigure,
  formatFixed,
  formatPercent,
  formatSeconds,
  formatSignificant,
} from '../../../web/page/numbers'

/** Spaces before units do not break: written as ~ here. */
const shown = (text: string) => text.replaceAll('\u00a0', '~')

describe('numbers', () => {
  it('writes decimal commas and full-stop thousands', () => {
    expect(formatCount(50257)).toBe('50.257')
    expect(formatCount(3072)).toBe('3.072')
    expect(formatFixed(10.8249, 2)).toBe('10,82')
    expect(formatFixed(-3.2145, 2)).toBe('−3,21')
    expect(formatFixed(-0.001, 2)).toBe('0,00')
    expect(formatCount(-0.2)).toBe('0')
  })

  // As tests/core/experiments has them of the core.
  it.each([
    [0.12345, '0,123'],
    [0.0012345, '0,00123'],
    [0.00099999, '0,00100'],
    [0.00012345, '1,23~×~10⁻⁴'],
    [-0.000012345, '−1,23~×~10⁻⁵'],
    [12.345, '12,3'],
    [999.6, '1.000'],
    [123456789, '123.456.789'],
    [1.5e9, '1,50~×~10⁹'],
    [0, '0'],
    [-0, '0'],
    [NaN, 'không xác định'],
    [-Infinity, 'âm vô cùng'],
  ])('writes %d as %s in plots, in the ledger and in sentences', (value, text) => {
    expect(shown(formatSignificant(value))).toBe(text)
    expect(shown(formatFigure(value))).toBe(text)
  })

  it.each([
    [null, '', 'không xác định'],
    [0.065, 'percent', '6,5~%'],
    [0.65, 'percent', '65~%'],
    [0.00146, 'percent', '0,15~%'],
    [0.00013, 'percent', '0,013~%'],
    [-0.0004, 'percent', '−0,040~%'],
    [0, 'percent', '0,0~%'],
    [-0.001, '2', '0,00'],
    [-0.006, '2', '−0,01'],
    [3072, '0', '3.072'],
    [1e-5, '3', '0,000'],
  ])('writes the figure %d in the format "%s" as %s', (value, format, text) => {
    expect(shown(formatFigure(value, format))).toBe(text)
  })

  it('refuses a format that claims.json may not have', () => {
    expect(() => formatFigure(1, 'px')).toThrow('no such format of a figure: px')
  })

  it.each([
    [0, '0~%'],
    [1 / 50257, '0,0020~%'],
    [0.00046, '0,046~%'],
    [0.1234, '12,3~%'],
    [0.9994, '99,9~%'],
    [0.99999, '>~99,9~%'],
    [1, '100~%'],
  ])('writes %d as %s', (probability, text) => {
    expect(shown(formatPercent(probability))).toBe(text)
  })

  it.each([
    [0, '0~byte'],
    [230_000, '230~kB'],
    [17_997_804, '18,0~MB'],
    [548_105_171, '548~MB'],
    [6_431_829_964, '6,43~GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(shown(formatBytes(bytes))).toBe(text)
  })

  it.each([
    [0.147, '147~ms'],
    [0.9996, '1,0~giây'],
    [3.21, '3,2~giây'],
    [59.4, '59~giây'],
    [80, '1~phút 20~giây'],
    [119.9, '2~phút 0~giây'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(shown(formatSeconds(seconds))).toBe(text)
  })
})
