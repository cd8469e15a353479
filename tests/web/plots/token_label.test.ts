import { describe, expect, it } from 'vitest'
import { decodeUtf8, labelOf, shorten } from '../../../web/plots/token_label'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('a token as it can be read', () => {
  it.each([
    [' river', '·river'],
    ['\n\n', '↵↵'],
    ['\t', '⇥'],
    ['\u0000', '␀'],
    ['\u007f', '␡'],
    ['\u00a0', 'U+00A0'],
    ['\u0085', 'U+0085'],
    ['\u200b', 'U+200B'],
    ['\u0301', '◌\u0301'],
    ['ế', 'ế'],
    ['👩', '👩'],
  ])('%j becomes %s', (text, label) => {
    expect(labelOf(bytes(text)).text).toBe(label)
  })

  it('shows bytes that are no characters alone in hex', () => {
    const label = labelOf(new Uint8Array([0xe1, 0xba]))
    expect(label).toMatchObject({ text: 'E1 BA', isBytes: true })
    expect(labelOf(new Uint8Array([0x20, 0xf0, 0x9f])).text).toBe('20 F0 9F')
  })

  it('tells signs from the token\'s own characters', () => {
    expect(labelOf(bytes(' a·\n')).parts).toEqual([
      { text: '·', isSign: true },
      { text: 'a·', isSign: false },
      { text: '↵', isSign: true },
    ])
  })

  it('keeps a byte order mark', () => {
    expect(decodeUtf8(bytes('\ufeffa'))).toBe('\ufeffa')
  })
})

describe('shorten', () => {
  it('counts characters, not UTF-16 units', () => {
    expect(shorten('👩👩👩', 3)).toBe('👩👩👩')
    expect(shorten('👩👩👩👩', 3)).toBe('👩👩…')
  })
})
