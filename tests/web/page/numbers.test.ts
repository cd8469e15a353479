import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
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
  })

  it('writes very small values as powers of ten', () => {
    expect(formatSignificant(0.12345)).toBe('0,123')
    expect(formatSignificant(0.00012345)).toBe('0,000123')
    expect(formatSignificant(0.000012345)).toBe('1,23·10⁻⁵')
    expect(formatSignificant(-1.5e-12, 2)).toBe('−1,5·10⁻¹²')
    expect(formatSignificant(0)).toBe('0,00')
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
