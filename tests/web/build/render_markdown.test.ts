import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DirectiveHtml } from '../../../web/build/directives'
import { Glossary } from '../../../web/build/glossary'
import { MathStyles } from '../../../web/build/math'
import { renderMarkdown } from '../../../web/build/render_markdown'

const glossary = new Glossary([{ term: 'giá trị kích hoạt', english: 'activation', meaning: 'đầu ra của một nơ-ron' }])
const directives: Record<string, DirectiveHtml> = {
  plot: { open: ({ argument }) => `<plot name="${argument}">` },
  note: { open: () => '<aside>', close: () => '</aside>' },
  exercise: { open: ({ argument }) => `<section title="${argument}">`, close: () => '</section>' },
  hint: { open: () => '<details>', close: () => '</details>' },
}

function render(body: string, styles = new MathStyles()) {
  const source = { matter: { title: '', question: '', summary: '', experiment: '', document: '' }, body, bodyLine: 10 }
  const figures = { 'best_r.lower': 0.97123, share: 0.065 }
  return renderMarkdown(source, { file: 'a.md', directives, glossary, glossaryHref: '../thuat-ngu/index.html', styles, figures })
}

describe('directives', () => {
  it('stand alone, or hold Markdown, one in another', () => {
    const { html } = render('::: plot khop\n:::\n\n::::: exercise Một hai\nChữ *nghiêng*.\n\n:::: hint\nGợi ý.\n::::\n:::::\n\nSau.')
    expect(html).toContain('<plot name="khop">')
    expect(html).toMatch(/<section title="Một hai"><p>Chữ <em>nghiêng<\/em>\.<\/p>\s*<details><p>Gợi ý\.<\/p>\s*<\/details><\/section>/)
    expect(html.trimEnd()).toMatch(/<p>Sau\.<\/p>$/)
  })

  it.each([
    ['Một.\n\n::: plott x\n:::', /a\.md:13: no directive plott/],
    ['::: note\nChữ.', /a\.md:11: note is not closed/],
    ['Chữ.\n\n:::', /a\.md:13: .*has not begun/],
    ['::: plot x\nChữ.\n:::', /plot holds no text/],
  ])('that are not right are errors with their line: %s', (body, message) => {
    expect(() => render(body)).toThrow(message)
  })
})

describe('formulas', () => {
  it('are set without style attributes, which the site forbids', () => {
    const styles = new MathStyles()
    const { html } = render('Cho $\\frac{a}{b}$ và\n\n$$\n\\sqrt{x} = \\sum_i x_i^2\n$$\n', styles)
    expect(html).not.toContain('style=')
    expect(html).toContain('<math')
    const classes = [...styles.css.matchAll(/\.katex \.(m[0-9a-f]{6})\.\1\{/g)].map(([, name]) => name!)
    expect(classes.length).toBeGreaterThan(3)
    for (const name of classes) expect(html).toContain(name)
  })

  it('are the same bytes each time', () => {
    const [first, second] = [new MathStyles(), new MathStyles()]
    render('$x^2$ $\\frac12$', first)
    render('$\\frac12$ $x^2$', second)
    expect(first.css).toBe(second.css)
  })

  it('hold Vietnamese words, whole', () => {
    const { html } = render('$\\alpha = \\text{trung bình của những trị riêng được đo}$')
    // KaTeX writes spaces that do not break.
    expect(html.replaceAll('\u00a0', ' ')).toContain('trung bình của những trị riêng được đo</mtext>')
    expect(html.replaceAll(/<annotation.*?<\/annotation>|<[^>]+>/g, '')).toContain('ữ')
    expect(html).not.toMatch(/[\u4e00-\u9faf]/)
  })

  it('keep their full stop, for which their last box makes room', () => {
    const { html } = render('Ở mẫu $t = 1$. Rồi')
    expect(html).toContain('<span class="closing">.</span> Rồi')
    const prose = readFileSync('web/lesson/styles/prose.css', 'utf8')
    const [, box = ''] = /\.katex:has\(\+ \.closing\) \.([\w-]+):last-child/.exec(prose) ?? []
    expect(html.match(new RegExp(`class="${box}"`, 'g'))).toHaveLength(2)
  })

  it('leave dollars of money alone', () => {
    expect(render('Giá 5 $ hay 6 $ thôi.').html).toContain('5 $ hay 6 $ thôi.')
  })

  it.each([
    ['$\\nosuch$', /formula \\nosuch/],
    ['$$\nx', /\$\$ is not closed/],
    ['$c_{\\max}$', /<msub> of its MathML has 3 children, not 2/],
  ])('that cannot be set are errors: %s', (body, message) => {
    expect(() => render(body)).toThrow(message)
  })
})

describe('terms', () => {
  it('lead to the glossary, as the text words them', () => {
    const { html, terms } = render('Các [[giá trị kích hoạt]] và [[mức sáng|Giá trị kích hoạt]].')
    expect(html).toContain('href="../thuat-ngu/index.html#gia-tri-kich-hoat"')
    expect(html).toContain('>mức sáng</a>')
    expect(terms.size).toBe(1)
  })

  it('that the glossary lacks are errors', () => {
    expect(() => render('[[hoạt hóa]]')).toThrow(/a\.md: \[\[hoạt hóa\]\]: the glossary has no such term/)
  })
})

describe('measured numbers', () => {
  it('are put into sentences, tables and formulas', () => {
    const { html } = render('Đạt {{figure:best_r.lower|3}}.\n\n| a | b |\n|---|---|\n| {{figure:share|percent}} | x |\n\n$r = {{figure:best_r.lower|2}}$')
    expect(html).toContain('data-figure="best_r.lower" data-format="3">0,971</span>')
    expect(html).toContain('>6,5\u00a0%</span></td>')
    expect(html).toContain('<annotation encoding="application/x-tex">r = 0{,}97</annotation>')
  })

  it('that the result lacks are errors', () => {
    expect(() => render('{{figure:best}}')).toThrow(/no single number of this name/)
  })
})

describe('headings', () => {
  it('have anchors without marks', () => {
    expect(render('## Điều gì sẽ đổi?').html).toContain('<h2 id="dieu-gi-se-doi">')
  })

  it('of the first level are the front matter\'s', () => {
    expect(() => render('# Bài')).toThrow(/begin with headings of the second level/)
  })
})
