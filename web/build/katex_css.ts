/** KaTeX's style sheet, and its fonts cut down to the letters that the site's formulas use. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cutFont } from './cut_font'

const require = createRequire(import.meta.url)

/** Classes that bring in a font, beside the fonts that every formula may need. */
const fontClasses: Record<string, RegExp> = {
  'KaTeX_AMS-Regular': /\b(amsrm|mathbb|textbb)\b/,
  'KaTeX_Caligraphic-Bold': /\bmathcal\b.*\bmathbf\b/,
  'KaTeX_Caligraphic-Regular': /\bmathcal\b/,
  'KaTeX_Fraktur-Bold': /\bmathboldfrak\b/,
  'KaTeX_Fraktur-Regular': /\b(mathfrak|textfrak)\b/,
  'KaTeX_Main-Bold': /\b(mathbf|textbf)\b/,
  'KaTeX_Main-BoldItalic': /\btextbf textit\b/,
  'KaTeX_Main-Italic': /\b(mathit|textit)\b/,
  'KaTeX_Math-BoldItalic': /\bboldsymbol\b/,
  'KaTeX_SansSerif-Bold': /\bmathboldsf\b/,
  'KaTeX_SansSerif-Italic': /\b(mathitsf|mathsfit)\b/,
  'KaTeX_SansSerif-Regular': /\b(mathsf|textsf)\b/,
  'KaTeX_Script-Regular': /\b(mathscr|textscr)\b/,
  'KaTeX_Typewriter-Regular': /\b(mathtt|texttt)\b/,
}

export interface MathSheet {
  css: string
  /** File name -> woff2. */
  fonts: Map<string, Uint8Array>
}

/** `html`: every page with formulas. `fontFolder`: where the style sheet will find the fonts. */
export async function katexSheet(html: string, fontFolder: string): Promise<MathSheet> {
  const source = readFileSync(require.resolve('katex/dist/katex.min.css'), 'utf8')
  const faces = [...source.matchAll(/@font-face\{[^}]*\}/g)].map(([face]) => {
    const [, name = ''] = /url\(fonts\/([\w-]+)\.woff2\)/.exec(face) ?? []
    return { face, name, isUsed: fontClasses[name]?.test(html) !== false }
  })
  const letters = lettersOf(html)
  const fonts = new Map<string, Uint8Array>()
  let css = source
  for (const { face, name, isUsed } of faces) {
    const rule = face.replace(/src:[^;}]*/, `src:url('${fontFolder}/${name}.woff2') format('woff2')`).replace(/font-display:\w+/, 'font-display:swap')
    css = css.replace(face, isUsed ? rule : '')
    if (!isUsed) continue
    const font = readFileSync(require.resolve(`katex/dist/fonts/${name}.woff2`))
    fonts.set(`${name}.woff2`, await cutFont(font, letters, ['kern']))
  }
  return { css, fonts }
}

/** Every letter that stands in a formula as it is drawn. */
function lettersOf(html: string): string {
  const formulas = html.match(/<span[^>]*class="[^"]*katex-html"[^]*?(?=<span class="katex"|<\/p>|<\/div>|$)/g) ?? []
  const text = formulas
    .join('')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" })[name] ?? '')
  // What the style sheet itself writes.
  return [...new Set(`${text}(`)].sort().join('')
}
