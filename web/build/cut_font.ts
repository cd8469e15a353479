import subsetFont from 'subset-font'

/**
 * A font's letters of `text` alone, as woff2, with the OpenType features that are named. Without hints, which serve screens
 * without smoothing: with them a file of Be Vietnam Pro is twice as large.
 */
export function cutFont(font: Buffer, text: string, keepFeatures: string[]): Promise<Uint8Array> {
  const options = { targetFormat: 'woff2' as const, noHinting: true, keepFeatures }
  return subsetFont(font, text, options)
}
