import { describe, expect, it } from 'vitest'
import { type AttentionData, attentionFigure, attentionRow, cropPattern, poolPattern } from '../../../web/plots/attention'
import type { MatrixMark, RectMark } from '../../../web/plots/figure'

/** Weight of head h, query q, key k: 100 h + 10 q + k, so that each can be told. */
const T = 4
const pattern = Float32Array.from({ length: 2 * T * T }, (_, index) => {
  const head = Math.floor(index / (T * T))
  const query = Math.floor(index / T) % T
  return 100 * head + 10 * query + (index % T)
})
const data: AttentionData = { pattern, nHeads: 2, labels: ['a', '·b', '·c', '·d'] }

describe('an attention pattern', () => {
  it('gives one query\'s weights', () => {
    expect([...attentionRow(data, 1, 2)]).toEqual([120, 121, 122, 123])
  })

  it('is cropped to a square of positions', () => {
    expect([...cropPattern(data, 1, [1, 2])]).toEqual([111, 112, 121, 122])
  })

  it('keeps its strongest weights when it is pooled', () => {
    const values = new Float32Array([0.1, 0.9, 0, 0.2, 0, 0, 0.3, 0, 0])
    expect([...poolPattern(values, 2)]).toEqual([...new Float32Array([0.9, 0, 0.3, 0])])
    expect(poolPattern(values, 3)).toBe(values)
  })

  it('is drawn whole, its selected row framed', () => {
    const { figure, left, top, cell } = attentionFigure(data, 0, [0, 3], 2, 500)
    const matrix = figure.marks.find((mark): mark is MatrixMark => mark.kind === 'matrix')!
    expect(matrix).toMatchObject({ rows: 4, columns: 4, x: left, y: top, width: 4 * cell })
    const frame = figure.marks.findLast((mark): mark is RectMark => mark.kind === 'rect')!
    expect(frame).toMatchObject({ x: left, y: top + 2 * cell, width: 4 * cell, height: cell })
  })

  it('names tokens where there is room, else positions', () => {
    const texts = (width: number) =>
      attentionFigure(data, 0, [0, 3], 0, width).figure.marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []))
    expect(texts(500)).toContain('·b')
    expect(texts(70)).not.toContain('·b')
  })

  it.each([100, 358, 600])('stays within %d pixels', (width) => {
    expect(attentionFigure(data, 0, [0, 3], 0, width).figure.width).toBeLessThanOrEqual(width)
  })
})
