import { describe, expect, it } from 'vitest'
import type { Mark } from '../../../web/plots/figure'
import { layoutPlot, plotToSvg } from '../../../web/plots/plot'
import { plotToHtml } from '../../../web/plots/plot_html'
import type { LinePlot } from '../../../web/plots/plot_spec'
import { tableOf } from '../../../web/plots/plot_table'
import { stories } from './stories'
import { textWidth } from '../../../web/plots/text_width'

const few = stories(0.05)
const names = Object.keys(few)
const widths = [358, 720]

/** All marks, those of groups too. */
const flat = (marks: Mark[]): Mark[] => marks.flatMap((mark) => (mark.kind === 'group' ? flat(mark.marks) : [mark]))

describe.each(names)('the plot "%s"', (name) => {
  const spec = few[name]!
  const whole = stories(1)[name]!

  it('is drawn as it was', async () => {
    const lines = plotToSvg(spec, 560).replaceAll('><', '>\n<')
    await expect(`${lines}\n`).toMatchFileSnapshot(`snapshots/${name}.svg`)
  })

  it.each(widths)('keeps its text inside, and apart, at %d px', (width) => {
    const { figure } = layoutPlot(whole, width)
    const boxes = flat(figure.marks).flatMap((mark) => {
      if (mark.kind !== 'text' || mark.rotate) return []
      const wide = mark.font === 'mono' ? 0.6 * mark.size * mark.text.length : textWidth(mark.text, mark.size, mark.bold)
      const left = mark.x - (mark.anchor === 'middle' ? wide / 2 : mark.anchor === 'end' ? wide : 0)
      return [{ text: mark.text, left, right: left + wide, top: mark.y - 0.75 * mark.size, bottom: mark.y + 0.1 * mark.size }]
    })
    for (const [index, a] of boxes.entries()) {
      expect(a.left, a.text).toBeGreaterThanOrEqual(-1)
      expect(a.right, a.text).toBeLessThanOrEqual(width + 1)
      expect(a.bottom, a.text).toBeLessThanOrEqual(figure.height)
      for (const b of boxes.slice(index + 1)) {
        const touch = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
        expect(touch, `${a.text} | ${b.text}`).toBe(false)
      }
    }
  })

  // Matrices answer to the pointer by themselves: matrix_view.ts.
  it.skipIf(spec.kind === 'heat-map' || spec.kind === 'matrices')('has targets inside it, in words', () => {
    const { figure, targets } = layoutPlot(whole, 720)
    expect(targets.length).toBeGreaterThan(0)
    for (const { x, y } of targets) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(figure.width)
      expect(y).toBeLessThanOrEqual(figure.height)
    }
    expect(targets[0]!.text()).toMatch(/\d/)
  })

  it('has a table with as many cells in each row as there are columns', () => {
    const { columns, rows } = tableOf(whole)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toHaveLength(columns.length)
  })

  it('is whole without a script, and without a style attribute', () => {
    const html = plotToHtml(spec, 'Tính sẵn.')
    expect(html).toContain('<caption')
    expect(html).toContain('<th scope="row">')
    expect(html).not.toContain('style=')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('a line plot', () => {
  const line: LinePlot = {
    kind: 'line',
    name: 'a',
    lead: 'Một hình.',
    x: { label: 'bước', format: 'count', domain: [0, 100] },
    y: { label: 'mất mát' },
    series: [{ label: 'MSE', form: 'measured', y: [0.9, NaN, 0.2] }],
  }
  const grown = (count: number): LinePlot => ({
    ...line,
    series: [{ ...line.series[0]!, y: Array.from({ length: count }, (_, index) => 1 / (1 + index)) }],
  })

  it('leaves a gap where a value is missing, and still shows what stands alone', () => {
    const marks = flat(layoutPlot(line, 600).figure.marks)
    expect(marks.find((mark) => mark.kind === 'polyline')).toMatchObject({ stretches: [[expect.anything()], [expect.anything()]] })
    expect(marks.find((mark) => mark.kind === 'dots')).toMatchObject({ points: { length: 2 } })
    expect(layoutPlot(line, 600).targets).toHaveLength(2)
  })

  it('keeps its ranges while it grows', () => {
    let { domains } = layoutPlot(grown(1), 600)
    const first = domains
    let moves = 0
    for (let count = 2; count < 100; ++count) {
      const next = layoutPlot(grown(count), 600, domains).domains
      if (next.y !== domains.y) ++moves
      domains = next
    }
    expect(domains.x).toEqual([0, 100])
    expect(domains.y![1]).toBe(first.y![1])
    expect(moves).toBeLessThanOrEqual(1)
  })

  it('draws nothing but its frame before there are values', () => {
    const empty: LinePlot = { ...line, series: [{ label: 'MSE', form: 'measured', y: [] }] }
    expect(plotToSvg(empty, 600)).not.toMatch(/NaN|Infinity/)
    expect(tableOf(empty).rows).toEqual([])
  })

  it('draws thousands of points as one short path', () => {
    const y = Array.from({ length: 20_000 }, (_, index) => Math.sin(index / 3))
    const svg = plotToSvg({ ...line, x: { label: 'bước' }, series: [{ label: '', form: 'measured', y }] }, 600)
    expect(svg.length).toBeLessThan(60_000)
  })

  it('lists in one table what has different x', () => {
    const series = [
      { label: 'đo', form: 'measured' as const, x: [0, 2], y: [1, 3] },
      { label: 'đoán', form: 'prediction' as const, x: [1, 2], y: [5, 6] },
    ]
    expect(tableOf({ ...line, series }).rows).toEqual([[0, 1, NaN], [1, NaN, 5], [2, 3, 6]])
  })
})

describe("the document's level", () => {
  it('is a line across the plot, with its diamond at the left, off the data', () => {
    const plot: LinePlot = {
      kind: 'line',
      name: 'moc',
      lead: 'Mốc.',
      x: { label: 'x', domain: [0, 1] },
      y: { label: 'y' },
      levels: [{ form: 'document', label: 'tài liệu', value: 0.95 }],
      series: [{ label: 'đo được', form: 'measured', draw: 'dots', x: [1, 1, 1], y: [0.9, 0.95, 1] }],
    }
    const { figure } = layoutPlot(plot, 358)
    const marks = flat(figure.marks)
    const diamonds = marks.flatMap((mark) => (mark.kind === 'dots' && mark.shape === 'diamond' ? mark.points : []))
    const [x, y] = diamonds.reduce((low, point) => (point[1] > low[1] ? point : low))
    expect(x).toBeLessThan(0.3 * figure.width)
    expect(marks.some((mark) => mark.kind === 'line' && mark.y1 === mark.y2 && Math.abs(mark.y1 - y) <= 0.5 && mark.x1 < x && mark.x2 > 0.9 * figure.width)).toBe(true)
  })
})
