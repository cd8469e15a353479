import { describe, expect, it } from 'vitest'
import type { Figure, RectMark, TextMark } from '../../../web/plots/figure'
import { type NextTokenData, nextTokenFigure } from '../../../web/plots/next_token'
import { textWidth } from '../../../web/plots/text_width'

const bar = (label: string, probability: number, isActual = false) => ({ label, probability, logit: 1, isActual })
const data: NextTokenData = {
  bars: [bar('·the', 0.4, true), bar('·a', 0.2), bar('·an', 0.004)],
  outside: null,
  nVocab: 50257,
}

const bars = (figure: Figure) => figure.marks.filter((mark): mark is RectMark => mark.kind === 'rect')
const texts = (figure: Figure) =>
  figure.marks.filter((mark): mark is TextMark => mark.kind === 'text').map(({ text }) => text)
const lines = (figure: Figure) => figure.marks.filter((mark) => mark.kind === 'line')

describe('the bars of next tokens', () => {
  it('are as long as their probabilities on the linear scale', () => {
    const [first, second, third] = bars(nextTokenFigure(data, 720, 'linear'))
    expect(second!.width / first!.width).toBeCloseTo(0.5)
    expect(third!.width / first!.width).toBeCloseTo(0.01)
  })

  it('differ by the logarithm on the log scale, whose left end is one in a million', () => {
    const [first, second] = bars(nextTokenFigure(data, 720, 'log'))
    expect(second!.width / first!.width).toBeCloseTo((Math.log10(0.2) + 6) / (Math.log10(0.4) + 6))
  })

  it('stand beside chance, dashed and with its number', () => {
    const figure = nextTokenFigure(data, 720, 'log')
    const chance = lines(figure).filter((mark) => 'dash' in mark)
    expect(chance).toHaveLength(1)
    expect(chance[0]).toMatchObject({ stroke: 'chance' })
    const [first] = bars(figure)
    const at = (chance[0]!.x1 - first!.x) / first!.width
    expect(at).toBeCloseTo((Math.log10(1 / 50257) + 6) / (Math.log10(0.4) + 6), 2)
    expect(texts(figure).join()).toContain('1/50.257')
  })

  it('mark the token that really follows, also where it is not among the first', () => {
    const pointers = (figure: Figure) => figure.marks.filter(({ kind }) => kind === 'polygon').length
    expect(pointers(nextTokenFigure(data, 720, 'linear'))).toBe(1)
    const outside = { label: '·xyz', probability: 1e-7, rank: 1234 }
    const figure = nextTokenFigure({ ...data, bars: [bar('·the', 0.4)], outside }, 720, 'log')
    expect(pointers(figure)).toBe(1)
    expect(texts(figure)).toContain('hạng 1.234')
  })

  it.each([280, 340, 720, 990])('stays within %d pixels', (width) => {
    const figure = nextTokenFigure({ ...data, bars: [bar('·the', 1)] }, width, 'linear')
    const [only] = bars(figure)
    // The longest label beside the longest bar: "100 %", in 12.5 pixels.
    expect(only!.x + only!.width + 50).toBeLessThanOrEqual(width)
    for (const scale of ['linear', 'log'] as const) {
      const { marks } = nextTokenFigure(data, width, scale)
      const chance = marks.find((mark): mark is TextMark => mark.kind === 'text' && mark.text.includes('1/50.257'))!
      expect(chance.x + textWidth(chance.text, chance.size)).toBeLessThanOrEqual(width)
    }
  })
})
