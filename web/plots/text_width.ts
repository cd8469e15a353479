/** Width of text in the sans font, where there may be no page to measure it: at build time. */

// Advances of Be Vietnam Pro 400, in hundredths of the size, for U+0020 to U+007E.
const advances = [
  23, 28, 32, 81, 64, 85, 74, 18, 44, 44, 50, 61, 30, 61, 29, 50, 68, 38, 65, 66, 71, 66, 68, 59, 63, 68, 29, 30, 56, 73,
  56, 57, 100, 74, 67, 77, 73, 62, 63, 78, 71, 26, 46, 68, 62, 85, 73, 83, 64, 82, 67, 63, 65, 72, 71, 100, 72, 66, 66,
  46, 48, 46, 56, 70, 20, 64, 65, 61, 65, 60, 39, 64, 58, 26, 27, 55, 25, 89, 57, 64, 65, 65, 39, 51, 43, 57, 58, 87, 56,
  58, 50, 43, 41, 43, 47,
]
const others: Record<string, number> = { đ: 66, Đ: 79, '\u00a0': 23, '·': 25, '–': 68, '×': 58, '≥': 84, '≤': 84, '−': 84 }
const widest = 84
const boldFactor = 1.035
const marks = /\p{M}/gu

export function textWidth(text: string, size: number, bold = false): number {
  let width = 0
  // Vietnamese letters are as wide as their base letters.
  for (const character of text.normalize('NFD').replaceAll(marks, '')) {
    width += advances[character.charCodeAt(0) - 0x20] ?? others[character] ?? widest
  }
  return (width * size * (bold ? boldFactor : 1)) / 100
}

/** Breaks text at its spaces into lines of at most `most` pixels; a longer word keeps a line for itself. */
export function wrapText(text: string, size: number, most: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim()
    if (lines.length > 0 && textWidth(longer, size) <= most) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
