/** From the pointer to the point it means, and from one point to the next by arrow keys. */
import type { Target } from './plot_frame'

/** Farther than this, the pointer means no point. */
const reach = 48

/** Index of the nearest target; -1: none in reach. Sideways counts more: readers follow the x axis. */
export function nearestTarget(targets: readonly Target[], x: number, y: number): number {
  let best = -1
  let bestCost = reach ** 2
  targets.forEach((target, index) => {
    const cost = (target.x - x) ** 2 + 0.5 * (target.y - y) ** 2
    if (cost < bestCost) [best, bestCost] = [index, cost]
  })
  return best
}

/** Where a key leads from `index` (-1: nowhere yet); null where it leads nowhere. */
export function targetAfterKey(targets: readonly Target[], index: number, key: string): number | null {
  if (targets.length === 0) return null
  const at = targets[index]
  const known = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']
  if (!known.includes(key)) return null
  if (!at) return 0
  const series = targets.flatMap((target, other) => (target.series === at.series ? [other] : []))
  const place = series.indexOf(index)
  const along = (to: number) => series[Math.max(0, Math.min(to, series.length - 1))]!
  switch (key) {
    case 'ArrowLeft':
      return along(place - 1)
    case 'ArrowRight':
      return along(place + 1)
    case 'PageUp':
      return along(place - Math.max(1, Math.round(series.length / 10)))
    case 'PageDown':
      return along(place + Math.max(1, Math.round(series.length / 10)))
    case 'Home':
      return along(0)
    case 'End':
      return along(series.length - 1)
    default:
      return otherSeries(targets, at, key === 'ArrowUp' ? -1 : 1) ?? index
  }
}

/** The target nearest in x of the series before (-1) or after (1). */
function otherSeries(targets: readonly Target[], at: Target, direction: -1 | 1): number | null {
  const numbers = [...new Set(targets.map(({ series }) => series))].sort((a, b) => a - b)
  const wanted = numbers[numbers.indexOf(at.series) + direction]
  let best: number | null = null
  targets.forEach((target, index) => {
    if (target.series !== wanted) return
    if (best === null || Math.abs(target.x - at.x) < Math.abs(targets[best]!.x - at.x)) best = index
  })
  return best
}
