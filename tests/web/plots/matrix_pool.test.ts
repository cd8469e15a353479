import { describe, expect, it } from 'vitest'
import { matrixFrame } from '../../../web/plots/heat_map'
import { panView, poolMatrix, rangeOf, showCell, wholeView, zoomView } from '../../../web/plots/matrix_pool'
import { fileTableOf, tableOf } from '../../../web/plots/plot_table'
import type { MatricesPlot } from '../../../web/plots/plot_spec'

const most = (mostRows: number, mostColumns: number, map: 'sequential' | 'diverging' = 'diverging', range = 10) => ({
  mostRows,
  mostColumns,
  range,
  map,
})

describe('a pooled matrix', () => {
  // 2 x 4
  const values = [1, -8, 0, 3, NaN, 2, 30, -1]

  it('keeps the strongest value of each cell, with its sign, within the range', () => {
    const pooled = poolMatrix(values, 4, wholeView(2, 4), most(1, 2))
    expect([...pooled.values].map((value) => Number(value.toFixed(3)))).toEqual([-0.8, 1])
  })

  it('shows nothing below 0 on a map of magnitudes, and gaps as gaps', () => {
    const pooled = poolMatrix(values, 4, wholeView(2, 4), most(9, 9, 'sequential'))
    expect([pooled.rows, pooled.columns]).toEqual([2, 4])
    expect([...pooled.values.slice(0, 2)]).toEqual([Math.fround(0.1), 0])
    expect(pooled.values[4]).toBeNaN()
  })

  it('covers whole cells of a view that cuts some', () => {
    const pooled = poolMatrix(values, 4, { top: 0.5, bottom: 1.5, left: 1.2, right: 2.4 }, most(9, 9))
    expect(pooled.view).toEqual({ top: 0, bottom: 2, left: 1, right: 3 })
    expect(pooled.rows * pooled.columns).toBe(4)
  })

  it('has a range even where all values are 0', () => {
    expect(rangeOf([0, 0], 'diverging')).toBe(1)
    expect(rangeOf([-4, 2, NaN], 'diverging')).toBe(4)
    expect(rangeOf([-4, 2], 'sequential')).toBe(2)
  })
})

describe('a view of 220 x 6144 cells', () => {
  const [rows, columns] = [220, 6144]
  const whole = wholeView(rows, columns)

  it('zooms about the place under the pointer', () => {
    const view = zoomView(whole, rows, columns, 2, 0.25, 0)
    expect(view.right - view.left).toBe(3072)
    expect(view.left + 0.25 * 3072).toBeCloseTo(0.25 * columns, 9)
    expect(view.top).toBe(0)
  })

  it('ends at a few cells, and at the whole', () => {
    const deep = zoomView(whole, rows, columns, 1e9)
    expect(deep.right - deep.left).toBe(8)
    expect(zoomView(deep, rows, columns, 1e-9)).toEqual(whole)
  })

  it('stays inside', () => {
    const view = zoomView(whole, rows, columns, 4)
    expect(panView(view, rows, columns, 1e9, -1e9)).toMatchObject({ right: columns, top: 0 })
  })

  it('follows the cell that keys reach, and moves no more than that', () => {
    const view = { top: 0, bottom: 10, left: 100, right: 110 }
    expect(showCell(view, rows, columns, 5, 105)).toBe(view)
    expect(showCell(view, rows, columns, 10, 99)).toEqual({ top: 1, bottom: 11, left: 99, right: 109 })
  })
})

describe('matrices side by side', () => {
  const spec: MatricesPlot = {
    kind: 'matrices',
    name: 'm',
    lead: 'Hai ma trận.',
    rows: { label: 'hàng', count: 2 },
    columns: { label: 'cột', count: 2, names: ['a', 'b'] },
    panels: [{ label: 'trước', values: [1, -4, 0, 2] }, { label: 'sau', values: [1, -1, 0, 2] }],
    difference: 'chênh lệch',
    value: { label: 'hiệp phương sai' },
    map: 'diverging',
  }

  it('share one scale; their difference has its own', () => {
    const { panels } = matrixFrame(spec, 720)
    expect(panels.map(({ range }) => range)).toEqual([4, 4, 3])
    expect(new Set(panels.map(({ top }) => top)).size).toBe(1)
  })

  it('stand one under the other on a phone', () => {
    const { panels, figure } = matrixFrame(spec, 358)
    expect(new Set(panels.map(({ left }) => left)).size).toBe(1)
    expect(figure.height).toBeGreaterThan(panels.at(-1)!.top + panels.at(-1)!.height)
  })

  it('have a table that can be read, and a file with every cell', () => {
    expect(tableOf(spec).rows[0]).toEqual(['trước', '0', -1.5, 1, '0 a', -4, '1 b'])
    expect(fileTableOf(spec).rows).toEqual([
      ['0', '0 a', 1, 1],
      ['0', '1 b', -4, -1],
      ['1', '0 a', 0, 0],
      ['1', '1 b', 2, 2],
    ])
  })
})
