// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { RunStatus } from '../../../web/page/run_status'

it('a run is told once, while its bar and the time left go on', async () => {
  const status = new RunStatus()
  document.body.append(status)
  const heard = async (fraction: number) => {
    status.state = { kind: 'running', fraction, since: performance.now() - 10_000 }
    await status.updateComplete
    const region = status.querySelector('[role=status]')!.cloneNode(true) as Element
    const seen = region.textContent
    for (const silent of region.querySelectorAll('[aria-hidden=true]')) silent.remove()
    return { seen, told: region.textContent, bar: region.querySelector('progress')?.getAttribute('value') }
  }
  const [first, second] = [await heard(0.25), await heard(0.5)]
  expect(first.seen).toContain('còn khoảng 30\u00a0giây')
  expect(second.seen).toContain('còn khoảng 10\u00a0giây')
  expect([first.bar, second.bar]).toEqual(['0.25', '0.5'])
  expect(second.told).toBe(first.told)
})
