import type { ReadSlice } from './module'

/**
 * Reads in blocks, ahead of what is asked for: the core asks for a megabyte at a time, and a browser takes about as long
 * to read one as to read ten.
 */
export function readAhead(read: ReadSlice, fileBytes: number, blockBytes = 8 << 20): ReadSlice {
  let block: Uint8Array = new Uint8Array(0)
  let begin = 0
  return (offset, length) => {
    if (offset < begin || offset + length > begin + block.length) {
      const ahead = read(offset, Math.max(length, Math.min(blockBytes, fileBytes - offset)))
      if (!ahead) return null
      block = ahead
      begin = offset
    }
    return block.subarray(offset - begin, offset - begin + length)
  }
}
