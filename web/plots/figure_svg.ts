/** Draws a figure as the text of an SVG document. */
import type { Figure, Mark, MatrixMark, Paint, TextMark } from './figure'
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
      return `<rect${boxOf(mark)}${paintOf(mark, palette)}/>`
    case 'line': {
      const dash = mark.dash ? ` stroke-dasharray="${mark.dash.join(' ')}"` : ''
      const ends = `x1="${round(mark.x1)}" y1="${round(mark.y1)}" x2="${round(mark.x2)}" y2="${round(mark.y2)}"`
      return `<line ${ends}${dash}${paintOf(mark, palette)}/>`
    }
    case 'polygon': {
      const points = mark.points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')
      return `<polygon points="${points}"${paintOf(mark, palette)}/>`
    }
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
  const family = escapeXml(palette.fontFamily(mark.font ?? 'sans'))
  return (
    `<text x="${round(mark.x)}" y="${round(mark.y)}" font-family="${family}" font-size="${mark.size}"` +
    `${weight}${anchor}${rotate} fill="${palette.colour(mark.fill)}" xml:space="preserve">${escapeXml(mark.text)}</text>`
  )
}

/** One path for each of 64 steps of the map, so that a large matrix stays a file that can be opened. */
function matrixToSvg(mark: MatrixMark, palette: Palette): string {
  const steps = 64
  const width = mark.width / mark.columns
  const height = mark.height / mark.rows
  const paths = new Map<number, string>()
  mark.values.forEach((value, index) => {
    const step = Math.round(steps * value)
    if (step <= 0) return
    const x = mark.x + (index % mark.columns) * width
    const y = mark.y + Math.floor(index / mark.columns) * height
    paths.set(step, `${paths.get(step) ?? ''}M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`)
  })
  const ground = `<rect${boxOf(mark)} fill="${palette.colour({ ramp: 0 })}"/>`
  const cells = [...paths].map(
    ([step, path]) =>
      `<path d="${path}" fill="${palette.colour({ ramp: step / steps })}" shape-rendering="crispEdges"/>`,
  )
  return ground + cells.join('')
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
