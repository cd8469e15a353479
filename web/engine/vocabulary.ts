import type { Vocabulary as VocabularyColumns } from './generated/messages'

/** The bytes of every token, kept on the page so that results need only carry ids. */
export class Vocabulary {
  constructor(readonly columns: VocabularyColumns) {}

  /** A copy; empty for an id beyond GPT-2's vocabulary (some checkpoints have padded embeddings). */
  bytesOf(id: number): Uint8Array {
    const { bytes, ends } = this.columns
    if (id < 0 || id >= ends.length) return new Uint8Array(0)
    return bytes.slice(id === 0 ? 0 : ends[id - 1], ends[id])
  }
}
