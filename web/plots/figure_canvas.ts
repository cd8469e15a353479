/** Draws a figure on a canvas: large matrices on the screen, and every figure as PNG. */
import { type DotsMark, type Figure, type Mark, type MatrixMark, type Point, type TextMark, dotOutline } from './figure'
import { type ResolvedPalette, mapStep } from './palette'

/** Sizes the canvas for the screen's pixels, `scale` of them to one of the figure's, and draws. */
export function drawFigure(canvas: HTMLCanvasElement, figure: Figure, palette: ResolvedPalette, scale: number): void {
  canvas.width = Math.ceil(figure.width * scale)
  canvas.height = Math.ceil(figure.height * scale)
  const context = canvas.getContext('2d')
  if (!context) return
  context.setTransform(scale, 0, 0, scale, 0, 0)
  for (const mark of figure.marks) drawMark(context, mark, palette)
}

function drawMark(context: CanvasRenderingContext2D, mark: Mark, palette: ResolvedPalette): void {
  context.globalAlpha = 'opacity' in mark ? (mark.opacity ?? 1) : 1
  switch (mark.kind) {
    case 'rect':
      if (mark.fill) {
        context.fillStyle = palette.colour(mark.fill)
        context.fillRect(mark.x, mark.y, mark.width, mark.height)
      }
      if (mark.stroke) {
        context.strokeStyle = palette.colour(mark.stroke)
        context.lineWidth = mark.strokeWidth ?? 1
        context.strokeRect(mark.x, mark.y, mark.width, mark.height)
      }
      break
    case 'line':
      context.strokeStyle = palette.colour(mark.stroke)
      context.lineWidth = mark.strokeWidth ?? 1
      context.setLineDash(mark.dash ?? [])
      context.beginPath()
      context.moveTo(mark.x1, mark.y1)
      context.lineTo(mark.x2, mark.y2)
      context.stroke()
      context.setLineDash([])
      break
    case 'polygon':
      trace(context, [mark.points])
      if (mark.fill) {
        context.fillStyle = palette.colour(mark.fill)
        context.fill()
      }
      if (mark.stroke) {
        context.strokeStyle = palette.colour(mark.stroke)
        context.lineWidth = mark.strokeWidth ?? 1
        context.closePath()
        context.stroke()
      }
      break
    case 'polyline':
      context.strokeStyle = palette.colour(mark.stroke)
      context.lineWidth = mark.strokeWidth
      context.lineJoin = 'round'
      context.lineCap = 'round'
      context.setLineDash(mark.dash ?? [])
      trace(context, mark.stretches)
      context.stroke()
      context.setLineDash([])
      context.lineCap = 'butt'
      break
    case 'dots':
      drawDots(context, mark, palette)
      break
    case 'group':
      context.save()
      context.translate(mark.x, mark.y)
      if (mark.clip) {
        context.beginPath()
        context.rect(mark.clip.x, mark.clip.y, mark.clip.width, mark.clip.height)
        context.clip()
      }
      for (const inner of mark.marks) drawMark(context, inner, palette)
      context.restore()
      break
    case 'text':
      drawText(context, mark, palette)
      break
    case 'matrix':
      drawMatrix(context, mark, palette)
  }
}

function trace(context: CanvasRenderingContext2D, stretches: Point[][]): void {
  context.beginPath()
  for (const points of stretches) {
    points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
  }
}

function drawDots(context: CanvasRenderingContext2D, mark: DotsMark, palette: ResolvedPalette): void {
  const colour = palette.colour(mark.fill)
  context.fillStyle = mark.hollow ? palette.colour('paper') : colour
  context.strokeStyle = colour
  context.lineWidth = 1.6
  for (const [x, y] of mark.points) {
    context.beginPath()
    if (mark.shape === 'circle') context.arc(x, y, mark.radius, 0, 2 * Math.PI)
    else for (const [dx, dy] of dotOutline(mark.shape, mark.radius)) context.lineTo(x + dx, y + dy)
    context.closePath()
    context.fill()
    if (mark.hollow) context.stroke()
  }
}

function drawText(context: CanvasRenderingContext2D, mark: TextMark, palette: ResolvedPalette): void {
  context.save()
  context.translate(mark.x, mark.y)
  context.rotate(((mark.rotate ?? 0) * Math.PI) / 180)
  context.font = `${mark.bold ? '600' : '400'} ${mark.size}px ${palette.fontFamily(mark.font ?? 'sans')}`
  context.textAlign = mark.anchor === 'middle' ? 'center' : (mark.anchor ?? 'start')
  if (mark.halo) {
    context.strokeStyle = palette.colour('paper')
    context.lineWidth = 3.5
    context.lineJoin = 'round'
    context.strokeText(mark.text, 0, 0)
  }
  context.fillStyle = palette.colour(mark.fill)
  context.fillText(mark.text, 0, 0)
  context.restore()
}

/** One pixel a cell, then scaled: sharp where cells are larger than pixels, averaged where they are smaller. */
function drawMatrix(context: CanvasRenderingContext2D, mark: MatrixMark, palette: ResolvedPalette): void {
  const image = new ImageData(mark.columns, mark.rows)
  const map = mark.map ?? 'sequential'
  const colours = palette.maps[map]
  mark.values.forEach((value, index) => {
    const [red, green, blue] = colours[mapStep(value, map, colours.length)] ?? [0, 0, 0]
    image.data.set([red, green, blue, Number.isNaN(value) ? 0 : 255], 4 * index)
  })
  const cells = document.createElement('canvas')
  cells.width = mark.columns
  cells.height = mark.rows
  cells.getContext('2d')?.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = mark.width * context.getTransform().a < mark.columns
  context.imageSmoothingQuality = 'high'
  context.drawImage(cells, mark.x, mark.y, mark.width, mark.height)
}
