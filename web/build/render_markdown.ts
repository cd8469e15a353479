/** The body of a lesson.md as HTML. Every fault is an error with the file's name and, where it is known, its line. */
import createMarkdown, { type MarkdownIt } from 'markdown-it'
import { keepWords } from '../page/kept_words'
import { type DirectiveHtml, DirectiveError, useDirectives } from './directives'
import { type Glossary, type GlossaryEntry, anchorOf } from './glossary'
import type { LessonSource } from './front_matter'
import { LiveNumbers } from './live_numbers'
import { useMarginNotes } from './margin_notes'
import { MathError, type MathStyles, useMath } from './math'

export interface RenderSettings {
  /** For messages: 'lessons/01-sae-mo-phong/lesson.md'. */
  file: string
  directives: Record<string, DirectiveHtml>
  glossary: Glossary
  /** The glossary's page, as the lesson's page links to it. */
  glossaryHref: string
  styles: MathStyles
  /** Single numbers of the result that the build has computed. */
  figures: Readonly<Record<string, number | null>>
}

export interface RenderedLesson {
  html: string
  /** Terms of the glossary that the text links to. */
  terms: ReadonlySet<GlossaryEntry>
}

export function renderMarkdown({ body, bodyLine }: LessonSource, settings: RenderSettings): RenderedLesson {
  const { file, directives, styles, figures } = settings
  const numbers = new LiveNumbers()
  const terms = new Set<GlossaryEntry>()
  const markdown = createMarkdown({ html: false, linkify: false, typographer: false })
  useDirectives(markdown, directives)
  useKeptWords(markdown)
  useMath(markdown, styles, (formula) => numbers.inFormula(formula))
  useTerms(markdown, settings, terms)
  useTables(markdown)
  useHeadingAnchors(markdown)
  useMarginNotes(markdown)
  try {
    const html = markdown.render(numbers.mark(body, figures))
    return { html: numbers.inHtml(html), terms }
  } catch (error) {
    const place = error instanceof DirectiveError ? `${file}:${bodyLine + error.line}` : file
    const what = error instanceof MathError ? 'formula ' : ''
    throw new Error(`${place}: ${what}${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** `[[term]]` and `[[shown|term]]`. */
function useTerms(markdown: MarkdownIt, { glossary, glossaryHref }: RenderSettings, terms: Set<GlossaryEntry>): void {
  markdown.inline.ruler.before('link', 'term', (state, silent) => {
    const found = /^\[\[([^[\]|]+)(?:\|([^[\]|]+))?\]\]/.exec(state.src.slice(state.pos))
    if (!found) return false
    const [whole, shown, name] = found
    const entry = glossary.find(name ?? shown!)
    if (!entry) throw new Error(`${whole}: the glossary has no such term`)
    terms.add(entry)
    if (!silent) state.push('term', '', 0).meta = { shown, entry }
    state.pos += whole.length
    return true
  })
  markdown.renderer.rules.term = (tokens, index) => {
    const { shown, entry } = tokens[index]!.meta as unknown as { shown: string; entry: GlossaryEntry }
    const escape = markdown.utils.escapeHtml
    const meaning = `${entry.english}: ${entry.meaning}`
    return `<a class="term" href="${glossaryHref}#${anchorOf(entry.term)}" data-meaning="${escape(meaning)}">${escape(shown)}</a>`
  }
}

function useKeptWords(markdown: MarkdownIt): void {
  markdown.renderer.rules.text = (tokens, index) => keepWords(markdown.utils.escapeHtml(tokens[index]!.content))
}

/** Tables scroll by themselves on a phone. */
function useTables(markdown: MarkdownIt): void {
  markdown.renderer.rules.table_open = () => '<div class="table-scroll"><table>'
  markdown.renderer.rules.table_close = () => '</table></div>'
}

/** Every heading can be linked to. */
function useHeadingAnchors(markdown: MarkdownIt): void {
  markdown.core.ruler.push('heading_anchors', ({ tokens }) => {
    const taken = new Set<string>()
    tokens.forEach((token, index) => {
      if (token.type !== 'heading_open') return
      const anchor = anchorOf(tokens[index + 1]!.content)
      if (token.tag === 'h1') throw new Error('the title stands in the front matter: begin with headings of the second level (##)')
      if (taken.has(anchor)) throw new Error(`two headings have the anchor #${anchor}`)
      taken.add(anchor)
      token.attrSet('id', anchor)
    })
  })
}
