/** Tokens that are whole characters only together. */
import { decodeUtf8, labelOf } from './token_label'

export interface StripToken {
  id: number
  bytes: Uint8Array
}

export interface TokenGroup {
  /** Positions [first, end). */
  first: number
  end: number
  /** The characters that the tokens make together; null for one token, or bytes that make none. */
  characters: string | null
}

/** `firsts`: index of the first token of each group. */
export function groupsOf(tokens: readonly StripToken[], firsts: readonly number[]): TokenGroup[] {
  return firsts.map((first, index) => {
    const end = firsts[index + 1] ?? tokens.length
    return { first, end, characters: end - first > 1 ? charactersOf(tokens.slice(first, end)) : null }
  })
}

function charactersOf(tokens: readonly StripToken[]): string | null {
  const bytes = new Uint8Array(tokens.flatMap((token) => [...token.bytes]))
  return decodeUtf8(bytes) === null ? null : labelOf(bytes).text
}
