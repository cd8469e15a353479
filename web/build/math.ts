/**
 * `$...$` and `$$...$$`, set by KaTeX at build time. KaTeX places its boxes by style attributes, which the site's
 * Content-Security-Policy forbids: each different style becomes a class of a style sheet instead.
 */
import katex from 'katex'
import type { MarkdownIt } from 'markdown-it'
import { createHash } from 'node:crypto'

export class MathError extends Error {}

/** The styles that the formulas of one page need. */
export class MathStyles {
  readonly #classes = new Map<string, string>()

  /** Moves every style attribute of `html` into a class. */
  hoist(html: string): string {
    return html.replaceAll(/<([a-z]+)((?:\s[^<>]*)?)>/g, (tag, name: string, attributes: string) => {
      const [whole, style] = /\sstyle="([^"]*)"/.exec(attributes) ?? []
      if (whole === undefined || style === undefined) return tag
      const className = this.#classFor(style)
      const rest = attributes.replace(whole, '')
      const classed = rest.includes(' class="') ? rest.replace(' class="', ` class="${className} `) : ` class="${className}"${rest}`
      return `<${name}${classed}>`
    })
  }

  /** Sorted, so that the same formulas give the same bytes. Doubled names outweigh KaTeX's own rules, as a style attribute would. */
  get css(): string {
    const rules = [...this.#classes].map(([style, name]) => `.katex .${name}.${name}{${style}}`)
    return rules.sort().join('\n')
  }

  #classFor(style: string): string {
    let name = this.#classes.get(style)
    if (name === undefined) {
      name = `m${createHash('sha256').update(style).digest('hex').slice(0, 6)}`
      this.#classes.set(style, name)
    }
    return name
  }
}

/**
 * Vietnamese letters in \text{...}. KaTeX takes a letter with marks apart and knows no horn (ơ, ư): each such letter goes
 * through it as an ideograph, which it passes on whole, and is a letter again afterwards.
 */
class LetterDisguise {
  readonly #letters: string[] = []

  put(formula: string): string {
    return formula.replaceAll(/[^\u0000-\u007f]/gu, (letter) => {
      if (!/\p{Script=Latin}/u.test(letter)) return letter
      this.#letters.push(letter)
      return String.fromCodePoint(firstIdeograph + this.#letters.length - 1)
    })
  }

  takeOff(text: string): string {
    return text.replaceAll(/[\u4e00-\u9faf]/g, (ideograph) => this.#letters[ideograph.codePointAt(0)! - firstIdeograph] ?? ideograph)
  }
}

const firstIdeograph = 0x4e00

/** MathML Core, section 3: how many children each of these has. Firefox draws an error in place of one with another number. */
const childrenOf: Record<string, number> = { mfrac: 2, mroot: 2, msub: 2, msup: 2, munder: 2, mover: 2, msubsup: 3, munderover: 3 }

/** KaTeX writes `c_\max` as an msub with three children: the operator and its invisible "apply" are not one. */
function checkMathml(html: string): void {
  const open: { name: string; children: number }[] = []
  for (const [, closing, name, selfClosing] of html.matchAll(/<(\/?)(m[a-z]*|semantics|annotation)\b[^>]*?(\/?)>/g)) {
    if (closing === '') {
      const parent = open.at(-1)
      if (parent) parent.children++
      if (selfClosing === '') open.push({ name: name!, children: 0 })
      continue
    }
    const { children } = open.pop()!
    if (children !== (childrenOf[name!] ?? children))
      throw new Error(`<${name!}> of its MathML has ${children} children, not ${childrenOf[name!]!}: put what is below or above in \\mathrm{...}`)
  }
}

function setFormula(formula: string, displayMode: boolean, styles: MathStyles): string {
  const disguise = new LetterDisguise()
  try {
    const html = katex.renderToString(disguise.put(formula), { displayMode, output: 'htmlAndMathml', strict: 'error', throwOnError: true })
    checkMathml(html)
    return disguise.takeOff(styles.hoist(html))
  } catch (error) {
    throw new MathError(`${formula.trim()}: ${disguise.takeOff(error instanceof Error ? error.message : String(error))}`)
  }
}

/** `source` turns what stands in the text into what KaTeX is given. */
export function useMath(markdown: MarkdownIt, styles: MathStyles, source: (formula: string) => string): void {
  markdown.inline.ruler.before('escape', 'math', (state, silent) => {
    if (state.src[state.pos] !== '$') return false
    // A formula has no space inside its dollars, and no digit behind them: "5 $ và 6 $" stays text.
    const found = /^\$((?:[^$\\\s]|\\[^])(?:(?:[^$\\]|\\[^])*(?:[^$\\\s]|\\[^]))?)\$(?!\d)/.exec(state.src.slice(state.pos))
    if (!found) return false
    const end = state.pos + found[0].length
    const closing = /^[.,;:!?)]+/.exec(state.src.slice(end))?.[0] ?? ''
    if (!silent) {
      const token = state.push('math_inline', '', 0)
      token.content = found[1]!
      token.info = closing
    }
    state.pos = end + closing.length
    return true
  })
  markdown.block.ruler.before(
    'fence',
    'math_block',
    (state, startLine, endLine, silent) => {
      const lineText = (line: number) => state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]).trim()
      const first = lineText(startLine)
      if (!first.startsWith('$$')) return false
      if (silent) return true
      let last = startLine
      let formula = first.slice(2)
      while (!formula.endsWith('$$') && last + 1 < endLine) formula += `\n${lineText(++last)}`
      if (!formula.endsWith('$$')) throw new MathError(`$$ is not closed: ${first}`)
      const token = state.push('math_block', '', 0)
      token.block = true
      token.content = formula.slice(0, -2)
      token.map = [startLine, last + 1]
      state.line = last + 1
      return true
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  )
  markdown.renderer.rules.math_inline = (tokens, index) => {
    const { content, info } = tokens[index]!
    const html = setFormula(source(content), false, styles)
    // A line may end within a formula, but not before its full stop: prose.css makes room for that in the last box.
    return info === '' ? html : `${html}<span class="closing">${info}</span>`
  }
  markdown.renderer.rules.math_block = (tokens, index) =>
    `<div class="formula">${setFormula(source(tokens[index]!.content), true, styles)}</div>\n`
}
