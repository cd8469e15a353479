// @vitest-environment happy-dom
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { followInPageLinks } from '../../../web/page/in_page_links'

beforeAll(() => followInPageLinks(document))

beforeEach(() => {
  history.replaceState(null, '', '/page#seed=5')
  document.body.innerHTML =
    '<a href="#khop">xem <b>hình</b></a> <a href="#khong-co">không có</a> <details><section id="khop"></section></details><button>khác</button>'
})

const click = (selector: string, init: MouseEventInit = {}) => {
  const event = new MouseEvent('click', { bubbles: true, cancelable: true, ...init })
  document.querySelector(selector)!.dispatchEvent(event)
  return event
}

describe('a link within the page', () => {
  it('scrolls, unfolds and focuses, and leaves the address alone', () => {
    const scroll = vi.spyOn(Element.prototype, 'scrollIntoView')
    expect(click('a').defaultPrevented).toBe(true)
    const target = document.querySelector('#khop')!
    expect(scroll.mock.contexts).toEqual([target])
    expect(document.querySelector('details')!.open).toBe(true)
    expect(document.activeElement).toBe(target)
    expect(location.hash).toBe('#seed=5')
    document.querySelector('button')!.focus()
    expect(target.hasAttribute('tabindex')).toBe(false)
  })

  it('is the browser\'s where it leads nowhere, or opens another tab', () => {
    expect(click('[href="#khong-co"]').defaultPrevented).toBe(false)
    expect(click('a b', { ctrlKey: true }).defaultPrevented).toBe(false)
    expect(click('a b', { button: 1 }).defaultPrevented).toBe(false)
  })
})
