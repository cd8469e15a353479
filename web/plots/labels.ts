/** Labels that do not collide: beside the lines' ends, as flags above a plot, or as a key where neither has room. */
import type { Mark } from './figure'
import { type AnyForm, sampleMarks, sampleWidth } from './forms'
import { textWidth, wrapText } from './text_width'

export const labelSize = 12.5
export const lineHeight = 16
const gap = 6

export interface LabelEntry {
  form: AnyForm
  text: string
  drawn: 'line' | 'dots' | 'area'
}

/** Where centres of things of these heights go, each as near to where it wants to be as the others and the ends allow. */
export function spread(wanted: readonly number[], heights: readonly number[], low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!)
  // Clusters of touching things, each moved as one to the mean of what its members want.
  interface Cluster {
    members: number[]
    height: number
    centre: number
  }
  const clusters: Cluster[] = []
  const settle = (members: number[]): Cluster => {
    const height = members.reduce((sum, member) => sum + heights[member]!, 0)
    let above = 0
    let sum = 0
    for (const member of members) {
      sum += wanted[member]! - above - heights[member]! / 2
      above += heights[member]!
    }
    const top = Math.min(Math.max(sum / members.length, low), Math.max(low, high - height))
    return { members, height, centre: top + height / 2 }
  }
  for (const index of order) {
    let cluster = settle([index])
    for (let last = clusters.at(-1); last; last = clusters.at(-1)) {
      if (last.centre + last.height / 2 <= cluster.centre - cluster.height / 2 + 1e-9) break
      clusters.pop()
      cluster = settle([...last.members, ...cluster.members])
    }
    clusters.push(cluster)
  }
  const places: number[] = []
  for (const { members, height, centre } of clusters) {
    let top = centre - height / 2
    for (const member of members) {
      places[member] = top + heights[member]! / 2
      top += heights[member]!
    }
  }
  return places
}

export interface SideLabel extends LabelEntry {
  /** Where its line ends. */
  y: number
}

/** Room that labels beside the lines need; null where it would be more than `most`. */
export function sideWidth(entries: readonly LabelEntry[], most: number): number | null {
  if (entries.length === 0) return 0
  const room = most - sampleWidth - gap - 10
  const lines = entries.flatMap(({ text }) => wrapText(text, labelSize, room))
  const widest = Math.max(...lines.map((line) => textWidth(line, labelSize)))
  return widest > room ? null : Math.ceil(widest + sampleWidth + gap + 10)
}

/** Labels from `x` on, `width` wide, spread between `top` and `bottom`. */
export function sideLabels(labels: readonly SideLabel[], x: number, width: number, top: number, bottom: number): Mark[] {
  const room = width - sampleWidth - gap - 9
  const wrapped = labels.map(({ text }) => wrapText(text, labelSize, room))
  const places = spread(
    labels.map(({ y }) => y),
    wrapped.map((lines) => lines.length * lineHeight + 2),
    top,
    bottom,
  )
  return labels.flatMap(({ form, drawn }, index) => {
    const lines = wrapped[index]!
    const first = places[index]! - ((lines.length - 1) * lineHeight) / 2
    const textX = x + 9 + sampleWidth + gap
    return [
      ...sampleMarks(form, x + 9, places[index]!, drawn),
      ...lines.map((text, line): Mark => {
        const y = first + line * lineHeight + labelSize * 0.35
        return { kind: 'text', x: textX, y, text, size: labelSize, fill: 'ink' }
      }),
    ]
  })
}

export interface Key {
  marks: Mark[]
  height: number
}

/** The labels in rows from the top, for plots that are too narrow to have them beside their lines. */
export function keyRows(entries: readonly LabelEntry[], width: number): Key {
  const marks: Mark[] = []
  const rowHeight = 20
  let [x, row] = [0, 0]
  for (const { form, text, drawn } of entries) {
    const lines = wrapText(text, labelSize, width - sampleWidth - gap)
    const wide = sampleWidth + gap + Math.max(...lines.map((line) => textWidth(line, labelSize)))
    if (x > 0 && x + wide > width) [x, row] = [0, row + 1]
    marks.push(...sampleMarks(form, x, row * rowHeight + 9, drawn))
    lines.forEach((line, index) => {
      const y = (row + index) * rowHeight + 9 + labelSize * 0.35
      marks.push({ kind: 'text', x: x + sampleWidth + gap, y, text: line, size: labelSize, fill: 'ink' })
    })
    row += lines.length - 1
    x += wide + 18
  }
  return { marks, height: entries.length === 0 ? 0 : (row + 1) * rowHeight + 8 }
}

/** Rows for flags (texts above a plot, each over its x): the row of each, from the plot upwards. */
export function flagRows(flags: readonly { x: number; text: string }[], left: number, right: number): { x: number; row: number }[] {
  const taken: [number, number][][] = []
  return flags.map(({ x, text }) => {
    const width = textWidth(text, labelSize) + 12
    const start = Math.min(Math.max(left, x - width / 2), Math.max(left, right - width))
    const isFree = (spans: [number, number][]) => spans.every(([from, to]) => start >= to || start + width <= from)
    let row = taken.findIndex(isFree)
    if (row < 0) row = taken.push([]) - 1
    taken[row]!.push([start, start + width])
    return { x: start + width / 2, row }
  })
}
