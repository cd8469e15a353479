/** Draws a figure on a canvas: large matrices on the screen, and every figure as PNG. */
import type { Figure, Mark, MatrixMark, TextMark } from './figure'
import type { ResolvedPalette } from './palette'

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
      context.fillStyle = palette.colour(mark.fill)
      context.beginPath()
      for (const [x, y] of mark.points) context.lineTo(x, y)
      context.fill()
      break
    case 'text':
      drawText(context, mark, palette)
      break
    case 'matrix':
      drawMatrix(context, mark, palette)
  }
}

function drawText(context: CanvasRenderingContext2D, mark: TextMark, palette: ResolvedPalette): void {
  context.save()
  context.translate(mark.x, mark.y)
  context.rotate(((mark.rotate ?? 0) * Math.PI) / 180)
  context.font = `${mark.bold ? '600' : '400'} ${mark.size}px ${palette.fontFamily(mark.font ?? 'sans')}`
  context.textAlign = mark.anchor === 'middle' ? 'center' : (mark.anchor ?? 'start')
  context.fillStyle = palette.colour(mark.fill)
  context.fillText(mark.text, 0, 0)
  context.restore()
}

/** One pixel a cell, then scaled: sharp where cells are larger than pixels, averaged where they are smaller. */
function drawMatrix(context: CanvasRenderingContext2D, mark: MatrixMark, palette: ResolvedPalette): void {
  const image = new ImageData(mark.columns, mark.rows)
  mark.values.forEach((value, index) => {
    const [red, green, blue] = palette.ramp[Math.round(255 * Math.min(1, Math.max(0, value)))] ?? [0, 0, 0]
    image.data.set([red, green, blue, 255], 4 * index)
  })
  const cells = document.createElement('canvas')
  cells.width = mark.columns
  cells.height = mark.rows
  cells.getContext('2d')?.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = mark.width * context.getTransform().a < mark.columns
  context.imageSmoothingQuality = 'high'
  context.drawImage(cells, mark.x, mark.y, mark.width, mark.height)
}
