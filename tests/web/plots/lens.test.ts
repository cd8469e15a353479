import { describe, expect, it } from 'vitest'
import type { RectMark } from '../../../web/plots/figure'
import { type LensData, lensFigure, lensRowLabel } from '../../../web/plots/lens'

const token = (text: string, probability: number) => ({ id: 0, bytes: new TextEncoder().encode(text), probability })
const data: LensData = {
  tokens: [token('a', 0), token(' b', 0), token(' c', 0)],
  cells: [
    [[token('x', 0.1)], [token('y', 0.2)], [token('z', 0.3)]],
    [[token('u', 0.4)], [token('v', 0.5)], [token('w', 0.6)]],
  ],
}

describe('the logit lens', () => {
  it('names its rows by what the stream has passed', () => {
    expect([0, 1, 2, 3].map((row) => lensRowLabel(row, 4))).toEqual(['đầu vào', 'sau khối 0', 'sau khối 1', 'đầu ra'])
  })

  it('colours the shown positions by probability', () => {
    const { marks } = lensFigure(data, [1, 2])
    const ramps = marks
      .filter((mark): mark is RectMark => mark.kind === 'rect' && mark.width > 50)
      .flatMap(({ fill }) => (typeof fill === 'object' && 'ramp' in fill ? [fill.ramp] : []))
    expect(ramps).toEqual([0.2, 0.3, 0.5, 0.6])
  })
})
