// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LitElement } from 'lit'
import { layoutPlot } from '../../../web/plots/plot'
import '../../../web/plots/soi_plot'
import type { SoiPlot } from '../../../web/plots/soi_plot'
import { stories } from './stories'

/** Tells every element at once that it is 600 px wide: happy-dom lays nothing out. */
class WideObserver {
  constructor(private readonly callback: (entries: { contentRect: { width: number } }[]) => void) {}
  observe() {
    this.callback([{ contentRect: { width: 600 } }])
  }
  disconnect() {
    // Nothing is kept.
  }
}

const whole = stories(0.05)
let element: SoiPlot

const area = () => element.querySelector<HTMLElement>('.plot-area')!
const tip = () => element.querySelector('.plot-tip')?.textContent ?? null
const spoken = () => element.querySelector('[role="status"]')!.textContent.trim()
const press = async (key: string) => {
  area().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await element.updateComplete
}

beforeEach(async () => {
  vi.stubGlobal('ResizeObserver', WideObserver)
  document.body.innerHTML = '<soi-plot><p id="static">tính sẵn</p></soi-plot>'
  element = document.querySelector('soi-plot')!
  await element.updateComplete
})

afterEach(() => vi.unstubAllGlobals())

describe('<soi-plot>', () => {
  it('leaves what the build drew until it has a plot', async () => {
    expect(element.querySelector('#static')).not.toBeNull()
    element.plot = whole.drift!
    await element.updateComplete
    expect(element.querySelector('#static')).toBeNull()
    expect(element.querySelector('figure svg')).not.toBeNull()
    expect(element.querySelector('.plot-lead')!.textContent).toBe(whole.drift!.lead)
  })

  it('goes from point to point and from series to series by arrow keys, and says each', async () => {
    element.plot = whole.drift!
    await element.updateComplete
    expect(tip()).toBeNull()
    await press('ArrowRight')
    expect(tip()).toBe('khối 0: bỏ PC1 0\u00a0%')
    await press('End')
    expect(spoken()).toBe('khối 11: bỏ PC1 31,0\u00a0%')
    await press('ArrowDown')
    expect(spoken()).toMatch(/^khối 11: bỏ một hướng ngẫu nhiên 2,4\u00a0%/)
    await press('ArrowDown')
    await press('Home')
    expect(spoken()).toMatch(/^khối 0: bỏ một hướng/)
    await press('Escape')
    expect(tip()).toBeNull()
  })

  it('shows the value under the pointer, and leaves the screen reader in peace', async () => {
    element.plot = whole.drift!
    await element.updateComplete
    const { x, y } = layoutPlot(whole.drift!, 600).targets[5]!
    area().dispatchEvent(new MouseEvent('pointermove', { clientX: x + 3, clientY: y - 3 }))
    await element.updateComplete
    expect(tip()).toBe('khối 5: bỏ PC1 13,0\u00a0%')
    expect(spoken()).toBe('')
  })

  it('makes its table when that is opened: headed columns, headed rows, a caption', async () => {
    element.plot = whole.dots!
    await element.updateComplete
    const data = element.querySelector<LitElement>('soi-plot-data')!
    expect(data.querySelector('table')).toBeNull()
    const details = data.querySelector('details')!
    details.open = true
    details.dispatchEvent(new Event('toggle'))
    await data.updateComplete
    const table = data.querySelector('table')!
    expect(table.querySelector('caption')!.textContent.trim()).toContain(whole.dots!.lead)
    expect([...table.querySelectorAll('thead th')].every((cell) => cell.getAttribute('scope') === 'col')).toBe(true)
    expect([...table.querySelectorAll('tbody tr')].every((row) => row.children[0]!.getAttribute('scope') === 'row')).toBe(true)
    expect(table.textContent).toContain('6,5\u00a0%')
    expect(data.querySelector('[role="region"]')!.getAttribute('tabindex')).toBe('0')
  })

  it('is dimmed, and says so, when a control has moved since', async () => {
    element.plot = whole.scree!
    element.stale = true
    await element.updateComplete
    expect(area().classList.contains('stale')).toBe(true)
    expect(element.querySelector('figcaption')!.textContent).toContain('Tham số đã đổi')
  })

  it('has no tools while it grows', async () => {
    element.plot = whole.training!
    element.live = true
    await element.updateComplete
    expect(element.querySelector('soi-export-bar')).toBeNull()
    element.live = false
    await element.updateComplete
    expect(element.querySelectorAll('soi-export-bar button')).toHaveLength(3)
  })
})
