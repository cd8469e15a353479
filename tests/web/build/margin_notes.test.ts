import createMarkdown from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { useDirectives } from '../../../web/build/directives'
import { useMarginNotes } from '../../../web/build/margin_notes'

const markdown = createMarkdown()
useDirectives(markdown, {
  note: { open: () => '<aside>', close: () => '</aside>' },
  box: { open: () => '<section>', close: () => '</section>' },
})
useMarginNotes(markdown)
const render = (text: string) => markdown.render(text).replaceAll('\n', '')

describe('margin notes', () => {
  it('come before the paragraph that they stand behind, in a box with it', () => {
    expect(render('Một.\n\nHai.\n\n::: note\nBa.\n:::\n\nBốn.')).toBe('<p>Một.</p><div class="noted"><aside><p>Ba.</p></aside><p>Hai.</p></div><p>Bốn.</p>')
  })

  it('stay where no paragraph is before them', () => {
    expect(render('## Một\n\n::: note\nHai.\n:::')).toBe('<h2>Một</h2><aside><p>Hai.</p></aside>')
    expect(render(':::: box\nMột.\n\n::: note\nHai.\n:::\n::::')).toBe('<section><p>Một.</p><aside><p>Hai.</p></aside></section>')
  })
})
