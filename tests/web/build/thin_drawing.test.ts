import { describe, expect, it } from 'vitest'
import { thinDrawing } from '../../../web/build/thin_drawing'

const pathOf = (points: number[][]) => `<path d="M${points.map(([x, y]) => `${x},${y}`).join(' ')}" fill="none"/>`
const range = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('a drawing made lighter', () => {
  it('keeps the ends and corners of a curve', () => {
    const corner = range(101).map((x) => [x, x < 50 ? 0 : 2 * (x - 50)])
    expect(thinDrawing(pathOf(corner))).toBe('<path d="M0,0 50,0 100,100" fill="none"/>')
  })

  it('strays from no point by more than a third of a pixel', () => {
    const wave = range(400).map((x) => [x, Number((40 * Math.sin(x / 20)).toFixed(2))])
    const thin = /d="M([^"]+)"/.exec(thinDrawing(pathOf(wave)))![1]!.split(' ').map((point) => point.split(',').map(Number))
    expect(thin.length).toBeLessThan(120)
    for (const [x = 0, y = 0] of wave) {
      const right = Math.max(1, thin.findIndex(([at = 0]) => at >= x))
      const [[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]] = [thin[right - 1]!, thin[right]!]
      // The tolerance, rounding to a tenth, and the slope of the wave, at most 2.
      expect(Math.abs(y1 + ((y2 - y1) * (x - x1)) / (x2 - x1) - y)).toBeLessThan((0.3 + 0.1) * Math.sqrt(5))
    }
  })

  it('leaves gaps, short paths and curved ones as they are', () => {
    const gap = `<path d="M${range(60).map((x) => `${x},0`).join(' ')}M${range(60).map((x) => `${x + 100},5`).join(' ')}"/>`
    expect(thinDrawing(gap)).toBe('<path d="M0,0 59,0M100,5 159,5"/>')
    expect(thinDrawing('<path d="M1,2 3,4"/>')).toBe('<path d="M1,2 3,4"/>')
    const curved = `<path d="M1,2${'c1,2,3,4,5,6'.repeat(30)}"/>`
    expect(thinDrawing(curved)).toBe(curved)
  })

  it('draws dots that fall on each other once, wherever they came in the path', () => {
    const dots = range(40).map((i) => `M${(i % 4) + 10.1},${20 - (i % 2)}h0`).join('')
    expect(thinDrawing(`<path d="${dots}" fill="none"/>`)).toBe('<path d="m11 19h0m2 0h0m-3 1h0m2 0h0" fill="none"/>')
  })

  it('tells places to a tenth of a pixel, and leaves the words and colours alone', () => {
    expect(thinDrawing('<text x="3.04" y="-0.04" fill="a" transform="rotate(-90 3.06 2)" xml:space="preserve">p = 0.125</text>')).toBe(
      '<text x="3" y="0" fill="a" transform="rotate(-90 3.1 2)">p = 0.125</text>',
    )
    const spaced = '<text x="3" xml:space="preserve"> the</text>'
    expect(thinDrawing(spaced)).toBe(spaced)
  })

  it('leaves out what is so anyway', () => {
    const line = '<line x1="1" y1="2" x2="3" y2="4" fill="none" stroke="a" stroke-width="1"/>'
    expect(thinDrawing(line)).toBe('<line x1="1" y1="2" x2="3" y2="4" stroke="a"/>')
    for (const path of ['<path d="M1,2 3,4" fill="none" stroke="a" stroke-width="1.5"/>', '<rect x="1" fill="none"/>']) {
      expect(thinDrawing(path)).toBe(path)
    }
  })

  it('writes the cells of a matrix once for all sizes that it is drawn in', () => {
    const cells = range(9).map((i) => `<path d="m${i} 0h1" stroke="red"/>`).join('')
    const matrix = (width: number, paths: string) => `<svg x="0" y="0" width="${width}" height="9" viewBox="0 -0.5 9 1" preserveAspectRatio="none">${paths}</svg>`
    const thin = thinDrawing(matrix(90, cells) + matrix(45, cells) + matrix(90, cells.replace('red', 'blue')))
    const [, id] = /<g id="([^"]+)">/.exec(thin)!
    expect(thin.match(/<path/g)).toHaveLength(18)
    expect(thin).toContain(matrix(45, `<use href="#${id}"/>`))
    expect(thin.match(/<g id=/g)).toHaveLength(2)
  })
})
