/**
 * The site's type, cut down to what its pages are written in: Vietnamese, the letters of ASCII and a few signs. What the
 * fonts have beyond that (a reader's own text may hold it) lies in files of their own, which a browser fetches at the first
 * such letter.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import { cutFont } from './cut_font'

const require = createRequire(import.meta.url)

export interface FontFace {
  family: string
  /** Of the npm package @fontsource/NAME. */
  name: string
  weight: 400 | 600
  style: 'normal' | 'italic'
}

/** Prose has no bold: emphasis is italic, headings are large. */
export const siteFaces: readonly FontFace[] = [
  { family: 'Source Serif 4', name: 'source-serif-4', weight: 400, style: 'normal' },
  { family: 'Source Serif 4', name: 'source-serif-4', weight: 400, style: 'italic' },
  { family: 'Be Vietnam Pro', name: 'be-vietnam-pro', weight: 400, style: 'normal' },
  { family: 'Be Vietnam Pro', name: 'be-vietnam-pro', weight: 600, style: 'normal' },
  { family: 'Source Code Pro', name: 'source-code-pro', weight: 400, style: 'normal' },
]

type Range = readonly [first: number, last: number]

/** The letters that the files of a fonts' package hold together, as its own style sheets have them. */
const packageRanges: Record<'latin' | 'vietnamese', readonly Range[]> = {
  vietnamese: [[0x102, 0x103], [0x110, 0x111], [0x128, 0x129], [0x168, 0x169], [0x1a0, 0x1a1], [0x1af, 0x1b0], [0x300, 0x301], [0x303, 0x304],
    [0x308, 0x309], [0x323, 0x323], [0x329, 0x329], [0x1ea0, 0x1ef9], [0x20ab, 0x20ab]],
  latin: [[0, 0xff], [0x131, 0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6, 0x2c6], [0x2da, 0x2da], [0x2dc, 0x2dc], [0x304, 0x304],
    [0x308, 0x308], [0x329, 0x329], [0x2000, 0x206f], [0x20ac, 0x20ac], [0x2122, 0x2122], [0x2191, 0x2191], [0x2193, 0x2193],
    [0x2212, 0x2212], [0x2215, 0x2215], [0xfeff, 0xfeff], [0xfffd, 0xfffd]],
}

/** Beside the Vietnamese file whole: what the pages say in Vietnamese and in numbers. */
const latinInUse = lettersOf(
  [...range(0x20, 0x7e)].map((code) => String.fromCodePoint(code)).join('') +
    'ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý' + // in Vietnamese; the package counts them as Latin
    'äëïöü' + // in names of people
    '\u00a0·×±°²³¹«»–—‘’“”…‖′−↑↓\u200b\u2009\u202f',
)

/** Kerning, marks over letters, and the figures that the style sheets ask for. */
const keepFeatures = ['kern', 'mark', 'mkmk', 'ccmp', 'locl', 'liga', 'lnum', 'tnum']

export interface FontFile {
  face: FontFace
  file: string
  letters: Set<number>
  font: Uint8Array
}

interface Cut {
  face: FontFace
  part: 'latin' | 'vietnamese'
  /** Of the file: the part's, or 'rest' for what the pages do not need of it. */
  name: string
  letters: Set<number>
}

export async function cutFonts(faces: readonly FontFace[]): Promise<FontFile[]> {
  return Promise.all(
    faces.flatMap(cutsOf).map(async ({ face, part, name, letters }) => {
      const path = `@fontsource/${face.name}/files/${face.name}-${part}-${face.weight}-${face.style}.woff2`
      const text = [...letters].map((code) => String.fromCodePoint(code)).join('')
      const font = await cutFont(await readFile(require.resolve(path)), text, keepFeatures)
      return { face, file: `${face.name}-${name}-${face.weight}-${face.style}.woff2`, letters, font }
    }),
  )
}

function cutsOf(face: FontFace): Cut[] {
  const all = (part: Cut['part']) => packageRanges[part].flatMap(([first, last]) => [...range(first, last)])
  return [
    { face, part: 'vietnamese', name: 'vietnamese', letters: new Set(all('vietnamese')) },
    { face, part: 'latin', name: 'latin', letters: new Set(all('latin').filter((code) => latinInUse.has(code))) },
    { face, part: 'latin', name: 'rest', letters: new Set(all('latin').filter((code) => !latinInUse.has(code))) },
  ]
}

export function fontSheet(files: readonly FontFile[]): string {
  return files.map(faceRule).join('\n')
}

function faceRule({ face, file, letters }: FontFile): string {
  return `@font-face {
  font-family: '${face.family}';
  font-style: ${face.style};
  font-weight: ${face.weight};
  font-display: swap;
  src: url('./${file}') format('woff2');
  unicode-range: ${unicodeRange(letters)};
}
`
}

/** "U+20-7E, U+A0". */
export function unicodeRange(letters: ReadonlySet<number>): string {
  const runs: [number, number][] = []
  for (const code of [...letters].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last?.[1] === code - 1) last[1] = code
    else runs.push([code, code])
  }
  const hex = (code: number) => code.toString(16).toUpperCase()
  return runs.map(([first, last]) => (first === last ? `U+${hex(first)}` : `U+${hex(first)}-${hex(last)}`)).join(', ')
}

/** `folder`: where the files are put; a style sheet imports them as 'site-fonts/fonts.css'. */
export function siteFonts(folder: string): Plugin {
  return {
    name: 'soi-site-fonts',
    async config() {
      const files = await cutFonts(siteFaces)
      await mkdir(folder, { recursive: true })
      await Promise.all(files.map(({ file, font }) => writeFile(`${folder}/${file}`, font)))
      await writeFile(`${folder}/fonts.css`, fontSheet(files))
      return { resolve: { alias: { 'site-fonts': folder } } }
    },
  }
}

function lettersOf(text: string): Set<number> {
  return new Set(Array.from(text, (letter) => letter.codePointAt(0)!))
}

function* range(first: number, last: number): Generator<number> {
  for (let code = first; code <= last; code++) yield code
}
