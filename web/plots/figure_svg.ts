/** Draws a figure as the text of an SVG document. */
import {
  type DotsMark,
  type Figure,
  type GroupMark,
  type Mark,
  type MatrixMark,
  type Paint,
  type Point,
  type TextMark,
  dotOutline,
} from './figure'
import type { Palette } from './palette'

export function figureToSvg(figure: Figure, palette: Palette): string {
  const { width, height, description, marks } = figure
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" ` +
    `viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escapeXml(description)}">` +
    marks.map((mark) => markToSvg(mark, palette)).join('') +
    '</svg>'
  )
}

function markToSvg(mark: Mark, palette: Palette): string {
  switch (mark.kind) {
    case 'rect':
      return `<rect${boxOf(mark)}${opacityOf(mark)}${paintOf(mark, palette)}/>`
    case 'line': {
      const dash = mark.dash ? ` stroke-dasharray="${mark.dash.join(' ')}"` : ''
      const ends = `x1="${round(mark.x1)}" y1="${round(mark.y1)}" x2="${round(mark.x2)}" y2="${round(mark.y2)}"`
      return `<line ${ends}${dash}${paintOf(mark, palette)}/>`
    }
    case 'polygon':
      return `<polygon points="${pointsOf(mark.points)}"${opacityOf(mark)}${paintOf(mark, palette)}/>`
    case 'polyline': {
      const path = mark.stretches.map((points) => `M${pointsOf(points)}`).join('')
      const dash = mark.dash ? ` stroke-dasharray="${mark.dash.join(' ')}"` : ''
      return `<path d="${path}" stroke-linejoin="round" stroke-linecap="round"${dash}${opacityOf(mark)}${paintOf(mark, palette)}/>`
    }
    case 'dots':
      return dotsToSvg(mark, palette)
    case 'group':
      return groupToSvg(mark, palette)
    case 'text':
      return textToSvg(mark, palette)
    case 'matrix':
      return matrixToSvg(mark, palette)
  }
}

function textToSvg(mark: TextMark, palette: Palette): string {
  const anchor = mark.anchor && mark.anchor !== 'start' ? ` text-anchor="${mark.anchor}"` : ''
  const weight = mark.bold ? ' font-weight="600"' : ''
  const rotate = mark.rotate ? ` transform="rotate(${mark.rotate} ${round(mark.x)} ${round(mark.y)})"` : ''
  const halo = mark.halo
    ? ` stroke="${palette.colour('paper')}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"`
    : ''
  const family = escapeXml(palette.fontFamily(mark.font ?? 'sans'))
  return (
    `<text x="${round(mark.x)}" y="${round(mark.y)}" font-family="${family}" font-size="${mark.size}"` +
    `${weight}${anchor}${rotate}${halo} fill="${palette.colour(mark.fill)}" xml:space="preserve">${escapeXml(mark.text)}</text>`
  )
}

/** All dots as one path: a stroke with round ends and no length is a circle. */
function dotsToSvg(mark: DotsMark, palette: Palette): string {
  const { points, radius, shape, hollow } = mark
  const colour = palette.colour(mark.fill)
  const opacity = opacityOf(mark)
  if (shape === 'circle') {
    const path = points.map((point) => `M${pointsOf([point])}h0`).join('')
    const stroke = (width: number, paint: string) =>
      `<path d="${path}" fill="none" stroke-linecap="round" stroke-width="${round(width)}" stroke="${paint}"${opacity}/>`
    if (!hollow) return stroke(2 * radius, colour)
    return stroke(2 * radius + 1.6, colour) + stroke(2 * radius - 1.6, palette.colour('paper'))
  }
  const outline = dotOutline(shape, radius)
  const path = points
    .map(([x, y]) => `M${pointsOf(outline.map(([dx, dy]): Point => [x + dx, y + dy]))}z`)
    .join('')
  const paint = hollow
    ? ` fill="${palette.colour('paper')}" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"`
    : ` fill="${colour}"`
  return `<path d="${path}"${paint}${opacity}/>`
}

/** A nested svg clips what lies outside it, without an id that two figures of a page could share. */
function groupToSvg({ x, y, clip, marks }: GroupMark, palette: Palette): string {
  const inner = marks.map((mark) => markToSvg(mark, palette)).join('')
  if (!clip) return `<g transform="translate(${round(x)} ${round(y)})">${inner}</g>`
  const box = boxOf({ ...clip, x: x + clip.x, y: y + clip.y })
  const view = `${round(clip.x)} ${round(clip.y)} ${round(clip.width)} ${round(clip.height)}`
  return `<svg${box} viewBox="${view}" overflow="hidden">${inner}</svg>`
}

/**
 * One path for each step of the map, in cells as units and each run of cells from the end of the one before: a large matrix
 * stays a file that can be opened, and weighs a third of what it does in pixels.
 */
function matrixToSvg(mark: MatrixMark, palette: Palette): string {
  const steps = palette.matrixSteps
  const { rows, columns } = mark
  const stepOf = (index: number) => Math.round(steps * mark.values[index]!)
  const paths = new Map<number, { path: string; row: number; column: number }>()
  for (let row = 0; row < rows; ++row) {
    for (let column = 0; column < columns; ) {
      const step = stepOf(row * columns + column)
      let end = column + 1
      while (end < columns && stepOf(row * columns + end) === step) ++end
      if (step !== 0 && !Number.isNaN(step)) {
        const before = paths.get(step) ?? { path: '', row: 0, column: 0 }
        const path = `${before.path}m${column - before.column} ${row - before.row}h${end - column}`
        paths.set(step, { path, row, column: end })
      }
      column = end
    }
  }
  const colourOf = (value: number) => palette.colour(mark.map === 'diverging' ? { diverging: value } : { ramp: value })
  const ground = `<rect${boxOf(mark)} fill="${colourOf(0)}"/>`
  const cells = [...paths].map(([step, { path }]) => `<path d="${path}" stroke="${colourOf(step / steps)}"/>`)
  // A run is a line as thick as a cell, along the middle of its row.
  return (
    `${ground}<svg${boxOf(mark)} viewBox="0 -0.5 ${columns} ${rows}" preserveAspectRatio="none" fill="none" ` +
    `shape-rendering="crispEdges">${cells.join('')}</svg>`
  )
}

function pointsOf(points: Point[]): string {
  return points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')
}

function opacityOf({ opacity }: { opacity?: number }): string {
  return opacity === undefined ? '' : ` opacity="${opacity}"`
}

function boxOf({ x, y, width, height }: { x: number; y: number; width: number; height: number }): string {
  return ` x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`
}

function paintOf(mark: { fill?: Paint; stroke?: Paint; strokeWidth?: number }, palette: Palette): string {
  const fill = ` fill="${mark.fill ? palette.colour(mark.fill) : 'none'}"`
  if (!mark.stroke) return fill
  return `${fill} stroke="${palette.colour(mark.stroke)}" stroke-width="${mark.strokeWidth ?? 1}"`
}

function round(value: number): string {
  return String(Math.round(100 * value) / 100)
}

// Controls other than tab and line ends are not allowed in XML at all.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

export function escapeXml(text: string): string {
  return text
    .replace(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
