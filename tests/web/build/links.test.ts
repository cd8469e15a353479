import { describe, expect, it } from 'vitest'
import { findBrokenLinks } from '../../../web/build/check_links'

describe('links', () => {
  it('that lead somewhere are no faults', () => {
    const pages = new Map([
      ['index.html', '<p id="bai-hoc"></p><a href="./bai-hoc/01/index.html#a">x</a>'],
      ['bai-hoc/01/index.html', '<p id="a"></p><a href="#a">x</a><a class="t" href="../../index.html#bai-hoc">y</a><a href="https://arxiv.org/">z</a>'],
    ])
    expect(findBrokenLinks(pages)).toEqual([])
  })

  it.each([
    ['<a href="./02/index.html">x</a>', 'no page ./02/index.html'],
    ['<a href="#b">x</a>', 'nothing is named #b'],
    ['<a href="http://example.com/">x</a>', 'is no https address'],
    ['<p id="b"></p><p id="b"></p>', 'two elements have the id b'],
  ])('that do not are: %s', (html, fault) => {
    expect(findBrokenLinks(new Map([['index.html', html]]))).toEqual([expect.stringContaining(fault)])
  })
})
