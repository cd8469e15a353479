/**
 * Makes the drawings that stand in a page's HTML lighter: a curve of hundreds of points keeps those that the eye would
 * miss (Ramer, Douglas and Peucker). The page draws it again from all its values.
 */

/** How far a point may lie from the line that is drawn without it, in pixels. */
const tolerance = 0.3

type Point = readonly [x: number, y: number]

export function thinDrawing(html: string): string {
  // Straight pieces alone: "M1,2 3,4 5,6", several of them where the curve has gaps.
  return html.replaceAll(/ d="([M\d., -]{200,})"/g, (_, path: string) => ` d="${path.split('M').filter(Boolean).map(thinPiece).join('')}"`)
}

function thinPiece(piece: string): string {
  const points = piece
    .trim()
    .split(' ')
    .map((point): Point => {
      const [x, y] = point.split(',').map(Number)
      return [x!, y!]
    })
  return `M${keep(points).map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}`
}

function keep(points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0]!, points.at(-1)!]
  let farthest = 0
  let at = -1
  for (let index = 1; index < points.length - 1; ++index) {
    const distance = distanceTo(points[index]!, first, last)
    if (distance <= farthest) continue
    farthest = distance
    at = index
  }
  if (farthest <= tolerance) return points.length > 1 ? [first, last] : [first]
  return [...keep(points.slice(0, at + 1)), ...keep(points.slice(at)).slice(1)]
}

function distanceTo([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const length = Math.hypot(x2 - x1, y2 - y1)
  if (length === 0) return Math.hypot(x - x1, y - y1)
  return Math.abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
}

function round(value: number): string {
  return String(Math.round(10 * value) / 10)
}
