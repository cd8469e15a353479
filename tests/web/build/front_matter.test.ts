import { describe, expect, it } from 'vitest'
import { readFrontMatter } from '../../../web/build/front_matter'

const head = ['title: SAE', 'question: Vì sao: có hay không?', 'summary: Tóm tắt.', 'experiment: sae-simulation', 'document: Bài "gốc"']
const text = (lines: string[], body = 'Thân bài.') => ['---', ...lines, '---', body].join('\n')

describe('front matter', () => {
  it('is read, colons and quotes in values as they stand', () => {
    const { matter, body, bodyLine } = readFrontMatter(text(head), 'a.md')
    expect(matter.question).toBe('Vì sao: có hay không?')
    expect(matter.document).toBe('Bài "gốc"')
    expect(body).toBe('Thân bài.')
    expect(bodyLine).toBe(7)
  })

  it.each([
    ['nothing at the top', 'Thân bài.', /a\.md:1: .*begins with front matter/],
    ['no end', '---\ntitle: x', /begins with front matter/],
    ['an unknown key', text([...head, 'author: x']), /a\.md:7: unknown key author/],
    ['a line of another form', text([...head, 'xin chào']), /a\.md:7: not a line/],
    ['a key twice', text([...head, 'title: y']), /title is there twice/],
    ['a key left out', text(head.slice(1)), /lacks title/],
  ])('says what is wrong: %s', (_, source, message) => {
    expect(() => readFrontMatter(source, 'a.md')).toThrow(message)
  })
})
