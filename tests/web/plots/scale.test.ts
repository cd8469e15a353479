import { describe, expect, it } from 'vitest'
import type { Axis } from '../../../web/plots/plot_spec'
import { domainOf, extentOf, linearScale, logScale, multiplesIn, niceStep, scaleOf, tickText } from '../../../web/plots/scale'

const axis: Axis = { label: 'x' }
const shown = (text: string) => text.replaceAll('\u00a0', '~')

describe('steps and ticks', () => {
  it.each([
    [10, 5, 2],
    [1, 5, 0.2],
    [0.07, 5, 0.01],
    [6000, 8, 1000],
    [3.4e-5, 4, 1e-5],
  ])('cuts %d into about %d parts by %d', (span, count, step) => {
    expect(niceStep(span, count)).toBeCloseTo(step, 12)
  })

  it('gathers no rounding errors', () => {
    expect(multiplesIn([0, 0.7], 0.1)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    expect(multiplesIn([-0.3, 0.3], 0.1)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
    expect(multiplesIn([5, 4], 1)).toEqual([])
  })

  it('writes ticks with the decimals of their step, the Vietnamese way', () => {
    expect(tickText(0, 0.05, 'number')).toBe('0')
    expect(tickText(0.1, 0.05, 'number')).toBe('0,10')
    expect(tickText(-2000, 500, 'number')).toBe('−2.000')
    expect(shown(tickText(0.125, 0.005, 'percent'))).toBe('12,5~%')
    expect(shown(tickText(0.4, 0.2, 'percent'))).toBe('40~%')
  })
})

describe('extentOf', () => {
  it('passes over what is not finite, and over what a logarithm has not', () => {
    expect(extentOf([[3, NaN, -1], [Infinity, 2]])).toEqual([-1, 3])
    expect(extentOf([[0, 1e-3, 10]], true)).toEqual([1e-3, 10])
    expect(extentOf([[], [NaN]])).toBeNull()
  })
})

describe('domainOf', () => {
  it('holds the data, between round numbers', () => {
    expect(domainOf(axis, [0.13, 0.87], 5)).toEqual([0.1, 0.9])
    expect(domainOf({ ...axis, zero: true }, [3.2, 8.9], 5)).toEqual([0, 10])
    expect(domainOf(axis, [5, 5], 5)).toEqual([2, 8])
    expect(domainOf(axis, null, 5)).toEqual([0, 1])
  })

  it('ends where counted things end', () => {
    expect(domainOf({ ...axis, format: 'count' }, [0, 11], 5)).toEqual([0, 11])
  })

  it('takes the ends that are known', () => {
    expect(domainOf({ ...axis, domain: [0, 600] }, [0, 3], 5)).toEqual([0, 600])
    expect(domainOf({ ...axis, domain: [0, null] }, [0.2, 0.9], 5)).toEqual([0, 1])
  })

  it('holds powers of ten on a logarithmic axis', () => {
    expect(domainOf({ ...axis, scale: 'log' }, [0.004, 0.9], 5)).toEqual([0.001, 1])
    expect(domainOf({ ...axis, scale: 'log' }, [1, 1], 5)).toEqual([1, 10])
  })

  it('does not move while a growing plot stays inside, and seldom when it does not', () => {
    const kept = domainOf(axis, [0, 0.9], 5)
    expect(domainOf(axis, [0, 0.3], 5, kept)).toBe(kept)
    const grown = domainOf(axis, [0, 1.01], 5, kept)
    expect(grown[0]).toBe(0)
    expect(grown[1]).toBeGreaterThanOrEqual(1.5)
    let [domain, moves] = [grown, 0]
    for (let value = 1; value < 1000; value *= 1.05) {
      const next = domainOf(axis, [0, value], 5, domain)
      if (next !== domain) ++moves
      domain = next
    }
    expect(moves).toBeLessThan(18)
  })
})

describe('scales', () => {
  it('are linear between their ends', () => {
    const scale = linearScale([0, 10], [100, 0], 5, axis)
    expect([0, 5, 10].map((value) => scale.at(value))).toEqual([100, 50, 0])
    expect(scale.ticks.map((tick) => scale.label(tick))).toEqual(['0', '2', '4', '6', '8', '10'])
  })

  it('have no tick between counted things, and call them by name', () => {
    expect(linearScale([0, 3], [0, 1000], 12, { label: 'khối', format: 'count' }).ticks).toEqual([0, 1, 2, 3])
    const named = linearScale([0, 1], [0, 100], 5, { label: '', names: ['him', 'her'] })
    expect(named.ticks.map((tick) => named.label(tick))).toEqual(['him', 'her'])
  })

  it('are logarithmic, and have no place for 0', () => {
    const scale = logScale([0.001, 1], [0, 300], 5, axis)
    expect(scale.at(0.01)).toBeCloseTo(100, 9)
    expect(scale.at(0)).toBeNaN()
    expect(scale.ticks.map((tick) => scale.label(tick))).toEqual(['0,001', '0,01', '0,1', '1'])
  })

  it('write powers where decimals grow long, and leave some out where there are many', () => {
    const scale = scaleOf({ ...axis, scale: 'log' }, [1e-12, 1], [0, 100], 5)
    expect(scale.ticks.length).toBeLessThanOrEqual(5)
    expect(scale.label(scale.ticks[0]!)).toBe('10⁻¹²')
  })

  it('show 2 and 5 where there is but one decade', () => {
    const scale = logScale([1, 10], [0, 100], 5, axis)
    expect([...scale.ticks].sort((a, b) => a - b)).toEqual([1, 2, 5, 10])
  })
})
