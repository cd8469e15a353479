/**
 * A note stands behind its paragraph in the text. In the margin it is to begin beside that paragraph, for which a float must
 * come first: the two change places in a box of their own, which shows them in the text's order where there is no margin.
 */
import type { MarkdownIt, Token } from 'markdown-it'
import { directiveOf } from './directives'

export function useMarginNotes(markdown: MarkdownIt): void {
  markdown.core.ruler.push('margin_notes', (state) => {
    const { tokens } = state
    for (let index = 0; index < tokens.length; ++index) {
      const token = tokens[index]!
      if (!opensNote(token) || tokens[index - 1]?.type !== 'paragraph_close' || tokens[index - 1]!.level !== 0) continue
      const directive = directiveOf(token)
      const end = tokens.findIndex((each, at) => at > index && each.type === 'directive_close' && directiveOf(each) === directive)
      const paragraph = tokens.slice(index - 3, index)
      const note = tokens.slice(index, end + 1)
      const box = (html: string) => Object.assign(new state.Token('html_block', '', 0), { content: html })
      tokens.splice(index - 3, end + 1 - (index - 3), box('<div class="noted">\n'), ...note, ...paragraph, box('</div>\n'))
      index = end + 2
    }
  })
}

function opensNote(token: Token): boolean {
  return token.type === 'directive_open' && token.level === 0 && directiveOf(token).name === 'note'
}
