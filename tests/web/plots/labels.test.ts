import { describe, expect, it } from 'vitest'
import { flagRows, keyRows, sideWidth, spread } from '../../../web/plots/labels'
import { textWidth, wrapText } from '../../../web/plots/text_width'

describe('labels beside lines', () => {
  const overlaps = (places: number[], heights: number[]) =>
    places.some((a, i) => places.some((b, j) => i < j && Math.abs(a - b) < (heights[i]! + heights[j]!) / 2 - 1e-9))

  it('stay where they want to be when there is room', () => {
    expect(spread([50, 10, 90], [16, 16, 16], 0, 100)).toEqual([50, 10, 90])
  })

  it('share the room about the mean of what they want, in order', () => {
    expect(spread([50, 50], [16, 16], 0, 100)).toEqual([42, 58])
    const wanted = [40, 41, 42, 43, 90, 91]
    const heights = [16, 32, 16, 16, 16, 16]
    const places = spread(wanted, heights, 0, 140)
    expect(overlaps(places, heights)).toBe(false)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  it('stay inside the plot', () => {
    expect(spread([0, 1], [16, 16], 0, 100)).toEqual([8, 24])
    expect(spread([99, 100], [16, 16], 0, 100)).toEqual([76, 92])
  })

  it('go to a key where a word is too long', () => {
    expect(sideWidth([{ form: 'measured', text: 'MSE', drawn: 'line' }], 150)).toBeLessThan(90)
    expect(sideWidth([{ form: 'measured', text: 'x'.repeat(60), drawn: 'line' }], 150)).toBeNull()
  })

  it('wrap in the key', () => {
    const entry = { form: 'measured', text: 'mạng chưa huấn luyện', drawn: 'line' } as const
    expect(keyRows([entry, entry, entry], 360).height).toBeGreaterThan(keyRows([entry], 360).height)
    expect(keyRows([], 360)).toEqual({ marks: [], height: 0 })
  })
})

describe('flags', () => {
  it('go a row up where they would touch', () => {
    const flags = [{ x: 100, text: 'tài liệu 0,17' }, { x: 120, text: 'bạn đoán 0,18' }, { x: 400, text: 'ngưỡng' }]
    expect(flagRows(flags, 0, 500).map(({ row }) => row)).toEqual([0, 1, 0])
  })

  it('stay inside the drawing', () => {
    const [flag] = flagRows([{ x: 498, text: 'bạn đoán' }], 0, 500)
    expect(flag!.x + textWidth('bạn đoán', 12.5) / 2).toBeLessThanOrEqual(500)
  })
})

describe('the width of text', () => {
  it('does not count the marks of a letter', () => {
    expect(textWidth('ế', 10)).toBe(textWidth('e', 10))
    expect(textWidth('Đường', 10)).toBeCloseTo(textWidth('Đuong', 10), 9)
  })

  it('breaks lines at spaces only', () => {
    expect(wrapText('mạng chưa huấn luyện', 12, 80)).toEqual(['mạng chưa', 'huấn luyện'])
    expect(wrapText('0,40\u00a0%', 12, 10)).toEqual(['0,40\u00a0%'])
  })
})
