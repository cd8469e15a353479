import { describe, expect, it } from 'vitest'
import type { Figure } from '../../../web/plots/figure'
import { escapeXml, figureToSvg } from '../../../web/plots/figure_svg'
import { pagePalette, rampBetween } from '../../../web/plots/palette'

const figure = (marks: Figure['marks']): Figure => ({ width: 10, height: 10, description: 'a < b', marks })

describe('figureToSvg', () => {
  it('escapes what a token may hold', () => {
    const text = '<script>&"\u0000'
    const svg = figureToSvg(figure([{ kind: 'text', x: 0, y: 0, text, size: 12, fill: 'ink' }]), pagePalette)
    expect(svg).toContain('>&lt;script&gt;&amp;&quot;\ufffd</text>')
    expect(svg).toContain('aria-label="a &lt; b"')
    expect(escapeXml('a\tb\n')).toBe('a\tb\n')
  })

  it('draws a matrix with a path for each colour, and nothing for zero', () => {
    const values = new Float32Array([0, 1, 0.5, 1])
    const svg = figureToSvg(
      figure([{ kind: 'matrix', x: 0, y: 0, width: 4, height: 4, rows: 2, columns: 2, values }]),
      pagePalette,
    )
    expect(svg.match(/<path/g)).toHaveLength(2)
    expect(svg).toContain('<svg x="0" y="0" width="4" height="4" viewBox="0 -0.5 2 2" preserveAspectRatio="none"')
    expect(svg).toContain('d="m1 0h1m-1 1h1"')
  })

  it('draws cells of one colour that lie side by side as one', () => {
    const values = new Float32Array([1, 1, 0.5, NaN, 1, 1])
    const svg = figureToSvg(
      figure([{ kind: 'matrix', x: 0, y: 0, width: 9, height: 2, rows: 2, columns: 3, values }]),
      pagePalette,
    )
    expect(svg).toContain('d="m0 0h2m-1 1h2"')
    expect(svg).toContain('d="m2 0h1"')
  })

  it('uses no style attribute, which the site does not allow', () => {
    const svg = figureToSvg(
      figure([
        { kind: 'rect', x: 0, y: 0, width: 1, height: 1, fill: { ramp: 0.5 }, stroke: 'rule' },
        { kind: 'line', x1: 0, y1: 0, x2: 1, y2: 1, stroke: 'chance', dash: [4, 3] },
        { kind: 'polygon', points: [[0, 0], [1, 1]], fill: 'ink' },
      ]),
      pagePalette,
    )
    expect(svg).not.toContain('style')
  })
})

describe('the sequential map', () => {
  it('runs from one colour to the other', () => {
    const ramp = rampBetween([251, 248, 241], [240, 169, 43])
    expect(ramp).toHaveLength(256)
    expect(ramp[0]).toEqual([251, 248, 241])
    expect(ramp[255]).toEqual([240, 169, 43])
  })

  it('is even in lightness: grey halfway between black and white in OKLab is #636363', () => {
    // OKLab lightness 0.5 is linear light 0.5 ** 3 = 0.125, in sRGB 1.055 * 0.125 ** (1 / 2.4) - 0.055 = 0.3885: 99 of 255.
    const [red, green, blue] = rampBetween([0, 0, 0], [255, 255, 255])[127]!
    expect(red).toBe(green)
    expect(green).toBe(blue)
    expect(Math.abs(red - 99)).toBeLessThanOrEqual(1)
  })
})
