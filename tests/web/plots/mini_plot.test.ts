import { describe, expect, it } from 'vitest'
import { miniPlotSvg } from '../../../web/plots/mini_plot'

describe('the small plot of a ledger line', () => {
  it('draws what is measured over the band of chance', () => {
    const svg = miniPlotSvg([
      { form: 'measured', value: 0.9 },
      { form: 'chance', value: 0.5, low: 0.4, high: 0.6 },
    ])
    expect(svg).toContain('aria-hidden="true"')
    expect(svg.indexOf('--chance-band')).toBeLessThan(svg.indexOf('--accent-mark'))
  })

  it('is nothing where there is nothing to compare', () => {
    expect(miniPlotSvg([{ form: 'measured', value: 0.9 }])).toBe('')
    expect(miniPlotSvg([{ form: 'measured', value: 0.9 }, { form: 'chance', value: NaN }])).toBe('')
  })

  it('has a place for equal values', () => {
    expect(miniPlotSvg([{ form: 'measured', value: 1 }, { form: 'chance', value: 1, low: 1, high: 1 }])).not.toMatch(/NaN|Infinity/)
  })
})
