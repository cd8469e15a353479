/** Colours of the figures, from the page's custom properties. */
import { type ColourMap, type Font, type Paint, namedPaints } from './figure'

export interface Palette {
  colour(paint: Paint): string
  fontFamily(font: Font): string
  /** Into how many steps a matrix's colours, each side of 0, are parted where it is drawn as paths. */
  matrixSteps: number
}

/** For SVG inside the page: follows the theme by itself. A matrix's drawing stands there until the page draws it on a canvas. */
export const pagePalette: Palette = {
  matrixSteps: 16,
  colour(paint) {
    if (typeof paint === 'string') return `var(--${paint})`
    if ('ramp' in paint) return mix('ramp-high', paint.ramp, 'ramp-low')
    return mix(paint.diverging < 0 ? 'diverging-low' : 'diverging-high', Math.abs(paint.diverging), 'diverging-middle')
  },
  fontFamily: (font) => `var(--${font})`,
}

function mix(end: string, share: number, start: string): string {
  return `color-mix(in oklab, var(--${end}) ${(100 * clamp(share)).toFixed(1)}%, var(--${start}))`
}

export type Rgb = readonly [red: number, green: number, blue: number]

/** The palette in plain colours, for canvas and for files. */
export interface ResolvedPalette extends Palette {
  /** Steps of each map from its lowest to its highest value, each red, green, blue in [0, 255]. */
  maps: Readonly<Record<ColourMap, readonly Rgb[]>>
}

/** The step of a map that a value takes: of [0, 1] on the sequential one, of [-1, 1] on the diverging one. */
export function mapStep(value: number, map: ColourMap, steps: number): number {
  const share = map === 'diverging' ? 0.5 + 0.5 * value : value
  return Math.round((steps - 1) * clamp(share))
}

let resolved: { theme: string; palette: ResolvedPalette } | null = null

/** The colours that the page has now. */
export function resolvePalette(document: Document): ResolvedPalette {
  const theme = `${document.documentElement.dataset.theme} ${matchMedia('(prefers-color-scheme: dark)').matches}`
  if (resolved?.theme !== theme) resolved = { theme, palette: readPalette(document) }
  return resolved.palette
}

function readPalette(document: Document): ResolvedPalette {
  const probe = document.createElement('span')
  document.body.append(probe)
  const resolve = (name: string): string => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const colours = new Map<string, string>(namedPaints.map((name) => [name, resolve(name)]))
  const rgb = (name: string) => parseRgb(resolve(name))
  const maps = {
    sequential: rampBetween(rgb('ramp-low'), rgb('ramp-high')),
    diverging: [
      ...rampBetween(rgb('diverging-low'), rgb('diverging-middle')).slice(0, 255),
      ...rampBetween(rgb('diverging-middle'), rgb('diverging-high')),
    ],
  }
  const families = { sans: '', mono: '' }
  for (const font of ['sans', 'mono'] as const) {
    probe.style.fontFamily = `var(--${font})`
    families[font] = getComputedStyle(probe).fontFamily
  }
  probe.remove()
  const stepOf = (map: ColourMap, value: number) => maps[map][mapStep(value, map, maps[map].length)] ?? [0, 0, 0]
  return {
    maps,
    matrixSteps: 64,
    colour(paint) {
      if (typeof paint === 'string') return colours.get(paint) ?? 'black'
      const [red, green, blue] = 'ramp' in paint ? stepOf('sequential', paint.ramp) : stepOf('diverging', paint.diverging)
      return `rgb(${red} ${green} ${blue})`
    },
    fontFamily: (font) => families[font],
  }
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}

function parseRgb(colour: string): Rgb {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue]
}

/** 256 steps, evenly spaced in OKLab, as CSS's color-mix(in oklab) mixes. */
export function rampBetween(low: Rgb, high: Rgb): Rgb[] {
  const from = toOklab(low)
  const to = toOklab(high)
  return Array.from({ length: 256 }, (_, step) => {
    const t = step / 255
    return fromOklab([0, 1, 2].map((axis) => (1 - t) * (from[axis] ?? 0) + t * (to[axis] ?? 0)) as unknown as Rgb)
  })
}

// Björn Ottosson, "A perceptual color space for image processing" (2020).
function toOklab([red, green, blue]: Rgb): Rgb {
  const [r, g, b] = [red, green, blue].map(toLinear) as unknown as Rgb
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function toLinear(byte: number): number {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function toByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(255 * clamp(value))
}
