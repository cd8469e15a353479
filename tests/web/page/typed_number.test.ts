import { describe, expect, it } from 'vitest'
import { readTyped } from '../../../web/page/typed_number'

describe('a number that was typed', () => {
  it.each([
    ['3000', 3000, 3000],
    ['3.000', 3000, [3, 3000]],
    ['-1.250', -1250, [-1.25, -1250]],
    ['\u2212 5', NaN, NaN],
    ['\u22125', -5, -5],
    ['3,000', [3, 3000], 3],
    ['1.234.567', 1234567, 1234567],
    ['1,234,567', 1234567, 1234567],
    ['1.234,5', 1234.5, 1234.5],
    ['1,234.5', 1234.5, 1234.5],
    ['0.005', 0.005, 0.005],
    ['0,005', 0.005, 0.005],
    ['2,5', 2.5, 2.5],
    ['12.34', 12.34, 12.34],
    ['3.0000', 3, 3],
    ['1e-3', 0.001, 0.001],
    ['1.00', 1, 1],
    ['0001.000', 1, 1],
    ['1.23.456', NaN, NaN],
    ['ba', NaN, NaN],
  ])('%s is %j as a whole number, %j as a real one', (typed, whole, real) => {
    const read = (isWhole: boolean) => {
      const result = readTyped(typed, isWhole)
      return result.kind === 'plain' ? Number(result.text) : result.meanings
    }
    expect([read(true), read(false)]).toEqual([whole, real])
  })
})
