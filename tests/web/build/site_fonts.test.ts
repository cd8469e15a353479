import { describe, expect, it } from 'vitest'
import { cutFonts, fontSheet, siteFaces, unicodeRange } from '../../../web/build/site_fonts'

const lettersOf = (text: string) => Array.from(text, (letter) => letter.codePointAt(0)!)

describe('the site\'s fonts', async () => {
  const files = await cutFonts(siteFaces)
  const first = files.filter(({ file }) => !file.includes('-rest-'))

  it('weigh at most 76 kB in the first view', () => {
    expect(first.reduce((bytes, { font }) => bytes + font.length, 0)).toBeLessThan(76_000)
  })

  it('have every letter of Vietnamese in the files of the first view', () => {
    const lower = 'aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ'
    for (const face of siteFaces) {
      const letters = first.filter((file) => file.face === face).flatMap((file) => [...file.letters])
      expect(letters, face.family).toEqual(expect.arrayContaining(lettersOf(lower + lower.toUpperCase() + '0123456789 −×·"“”…')))
    }
  })

  it('leave each letter to one file, and lose none that the packages have', () => {
    for (const face of siteFaces) {
      const letters = files.filter((file) => file.face === face && !file.file.includes('-vietnamese-')).flatMap((file) => [...file.letters])
      expect(new Set(letters).size).toBe(letters.length)
      expect(letters).toEqual(expect.arrayContaining(lettersOf('þÿßœ€™¿')))
    }
  })

  it('name each file with its letters', () => {
    expect(fontSheet(files).match(/@font-face/g)).toHaveLength(files.length)
    expect(fontSheet(files)).toContain("src: url('./be-vietnam-pro-latin-600-normal.woff2') format('woff2')")
    expect(unicodeRange(new Set([0x41, 0x20ab, 0x43, 0x42]))).toBe('U+41-43, U+20AB')
  })
})
