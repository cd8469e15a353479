/** KaTeX's style sheet with the fonts that the formulas use, as woff2 alone. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Classes that bring in a font, beside the ones that every formula may need. */
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

/** `html`: every page with formulas. */
export function katexCss(html: string): string {
  const css = readFileSync(createRequire(import.meta.url).resolve('katex/dist/katex.min.css'), 'utf8')
  return css.replaceAll(/@font-face\{[^}]*\}/g, (face) => {
    const [, font = ''] = /url\(fonts\/([\w-]+)\.woff2\)/.exec(face) ?? []
    if (fontClasses[font]?.test(html) === false) return ''
    const source = `src:url('katex/dist/fonts/${font}.woff2') format('woff2')`
    return face.replace(/src:[^;}]*/, source).replace(/font-display:\w+/, 'font-display:swap')
  })
}
