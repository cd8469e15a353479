// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { type Selection, singlePosition } from '../../../web/plots/selection'
import { TokenStrip } from '../../../web/plots/token_strip'

let strip: TokenStrip
let selected: Selection[]

/** "a", the three bytes of ế one by one, " b". */
const tokens = [[0x61], [0xe1], [0xba], [0xbf], [0x20, 0x62]].map((bytes, id) => ({ id, bytes: new Uint8Array(bytes) }))

const press = (key: string, shiftKey = false) =>
  strip.querySelector('.token-strip')!.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }))

beforeEach(async () => {
  document.body.replaceChildren()
  strip = new TokenStrip()
  strip.id = 'strip'
  strip.tokens = tokens
  strip.groups = [0, 1, 4]
  strip.selection = singlePosition(1)
  selected = []
  strip.addEventListener('soi-select', ({ selection }) => {
    selected.push(selection)
    strip.selection = selection
  })
  document.body.append(strip)
  await strip.updateComplete
})

describe('the token strip', () => {
  it('brackets tokens that only together make a character', () => {
    const groups = [...strip.querySelectorAll('.token-group')]
    expect(groups).toHaveLength(1)
    expect(groups[0]!.querySelectorAll('.token')).toHaveLength(3)
    expect(groups[0]!.querySelector('.token-group-characters')!.textContent).toBe('ế')
    expect([...strip.querySelectorAll('.token-text')].map(({ textContent }) => textContent)).toEqual([
      'a',
      'E1',
      'BA',
      'BF',
      '·b',
    ])
  })

  it('goes by arrow keys and stops at the ends', () => {
    press('ArrowRight')
    press('End')
    press('ArrowRight')
    press('Home')
    press('ArrowLeft')
    expect(selected.map(({ focus }) => focus)).toEqual([2, 4, 4, 0, 0])
  })

  it('selects a range while Shift is held, and lets go of it without', () => {
    press('ArrowRight', true)
    press('ArrowRight', true)
    expect(selected.at(-1)).toEqual({ focus: 3, range: [1, 3] })
    press('ArrowLeft')
    expect(selected.at(-1)).toEqual(singlePosition(2))
  })

  it('selects by click, and a range by Shift and click', () => {
    const click = (position: number, shiftKey: boolean) =>
      strip
        .querySelector(`[data-position="${position}"]`)!
        .dispatchEvent(new MouseEvent('mousedown', { bubbles: true, shiftKey, cancelable: true }))
    click(4, false)
    click(2, true)
    expect(selected).toEqual([singlePosition(4), { focus: 2, range: [2, 4] }])
  })

  it('tells assistive technology which token is selected', async () => {
    press('End')
    await strip.updateComplete
    expect(strip.querySelector('.token-strip')!.getAttribute('aria-activedescendant')).toBe('strip-token-4')
    expect(strip.querySelectorAll('[aria-selected="true"]')).toHaveLength(1)
  })
})
