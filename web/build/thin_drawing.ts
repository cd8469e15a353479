/**
 * Makes the drawings that stand in a page's HTML lighter. A curve of hundreds of points keeps those that the eye would
 * miss (Ramer, Douglas and Peucker); dots that fall on each other become one; places are told to a tenth of a pixel; a matrix
 * that is drawn for a phone and for a wide page is written once, and what SVG takes for granted not at all. The page draws it again from all its values.
 */
import { createHash } from 'node:crypto'

/** How far a point may lie from the line that is drawn without it, in pixels. */
const tolerance = 0.3

type Point = readonly [x: number, y: number]

export function thinDrawing(html: string): string {
  return shareMatrices(
    html
      // Straight pieces alone: "M1,2 3,4 5,6", several of them where the curve has gaps.
      .replaceAll(/ d="([M\d., -]{200,})"/g, (_, path: string) => ` d="${path.split('M').filter(Boolean).map(thinPiece).join('')}"`)
      .replaceAll(/ d="((?:M[\d.,-]+h0){20,})"/g, (_, path: string) => ` d="${thinDots(path)}"`)
      .replaceAll(/ (x|y|x1|x2|y1|y2|d|points|transform)="([^"]*\.\d\d[^"]*)"/g, (_, name: string, places: string) => ` ${name}="${inTenths(places)}"`)
      // What is so anyway: no line has an inside.
      .replaceAll(/(<line[^>]*) fill="none"/g, '$1')
      .replaceAll(' stroke-width="1"', '')
      // Words with single spaces between them need no such care.
      .replaceAll(/ xml:space="preserve">([^\s<]+(?: [^\s<]+)*)</g, '>$1<'),
  )
}

/** Dots (figure_svg.ts): in rows from top to bottom, each from the one before. */
function thinDots(path: string): string {
  const places = [...path.matchAll(/M([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [Math.round(2 * Number(x)), Math.round(2 * Number(y))] as const)
  const dots = new Map(places.map((place) => [place.join(), place]))
  const sorted = [...dots.values()].sort(([x1, y1], [x2, y2]) => y1 - y2 || x1 - x2)
  let [lastX, lastY] = [0, 0]
  const moves = sorted.map(([x, y]) => {
    const move = `m${(x - lastX) / 2} ${(y - lastY) / 2}h0`
    ;[lastX, lastY] = [x, y]
    return move
  })
  return moves.join('')
}

/**
 * The cells of a matrix are the same at any size (figure_svg.ts): all drawings of a plot but the first use them from there.
 * Other plots of the page do not: a script replaces each when it likes.
 */
function shareMatrices(html: string): string {
  const plot = hashOf(html)
  const seen = new Set<string>()
  return html.replaceAll(/(<svg[^>]* preserveAspectRatio="none"[^>]*>)((?:<path[^>]*>){8,})<\/svg>/g, (_, open: string, cells: string) => {
    const id = `o-${plot}-${hashOf(cells)}`
    if (seen.has(id)) return `${open}<use href="#${id}"/></svg>`
    seen.add(id)
    return `${open}<g id="${id}">${cells}</g></svg>`
  })
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
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

function inTenths(places: string): string {
  return places.replaceAll(/-?\d+\.\d+/g, (place) => round(Number(place)))
}

function round(value: number): string {
  return String(Math.round(10 * value) / 10)
}
