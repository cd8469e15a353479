import { describe, expect, it } from 'vitest'
import { absoluteSource } from '../../../web/build/lesson_pages'

describe('the path of what a page asks for', () => {
  it.each(['/nha/soi', '/nha/lớp 10 a/soi', '/nha/100% thật/#1'])('is that of the file, in %s too', (root) => {
    const page = `${root}/web/bai-hoc/01-sae/index.html`
    expect(absoluteSource('./page.ts', page)).toBe(`${root}/web/bai-hoc/01-sae/page.ts`)
    expect(absoluteSource('../math.css', page)).toBe(`${root}/web/bai-hoc/math.css`)
  })

  it('takes no part in what is no path beside the page', () => {
    expect(absoluteSource('/nha/soi/web/bai-hoc/math.css', undefined)).toBe('/nha/soi/web/bai-hoc/math.css')
    expect(absoluteSource('lit', '/nha/soi/web/page/site.ts')).toBe('lit')
  })
})
