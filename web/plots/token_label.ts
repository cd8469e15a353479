/** A token as it can be read: spaces and controls visible, bytes in hex where they are no characters alone. */

export interface LabelPart {
  text: string
  /** A sign that stands for something invisible, not the token's own character. */
  isSign: boolean
}

export interface TokenLabel {
  parts: LabelPart[]
  /** The parts' texts, joined. */
  text: string
  /** The bytes are not valid UTF-8 alone: the text is their hex. */
  isBytes: boolean
}

const signs: Record<string, string> = { ' ': '·', '\n': '↵', '\t': '⇥', '\r': '␍', '\u007f': '␡' }
const invisible = /^[\p{C}\p{Z}]$/u
const combining = /^\p{M}$/u

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
}

/** null where the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function partOf(character: string, isFirst: boolean): LabelPart {
  const sign = signs[character]
  if (sign !== undefined) return { text: sign, isSign: true }
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return { text: String.fromCodePoint(0x2400 + code), isSign: true }
  if (invisible.test(character)) {
    return { text: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, isSign: true }
  }
  return { text: isFirst && combining.test(character) ? `◌${character}` : character, isSign: false }
}

export function labelOf(bytes: Uint8Array): TokenLabel {
  const decoded = decodeUtf8(bytes)
  if (decoded === null) {
    const text = hexOf(bytes)
    return { parts: [{ text, isSign: true }], text, isBytes: true }
  }
  const parts: LabelPart[] = []
  for (const [index, character] of [...decoded].entries()) {
    const part = partOf(character, index === 0)
    const last = parts.at(-1)
    if (last && !last.isSign && !part.isSign) last.text += part.text
    else parts.push(part)
  }
  return { parts, text: parts.map(({ text }) => text).join(''), isBytes: false }
}

/** Keeps the beginning, in characters as a reader counts them. */
export function shorten(text: string, mostCharacters: number): string {
  const characters = [...text]
  return characters.length <= mostCharacters ? text : `${characters.slice(0, mostCharacters - 1).join('')}…`
}
