/** The words that all lessons share: lessons/glossary.json. */

export interface GlossaryEntry {
  /** In Vietnamese, as the lessons write it. */
  term: string
  english: string
  /** One line. */
  meaning: string
}

export class Glossary {
  readonly entries: readonly GlossaryEntry[]
  readonly #byTerm = new Map<string, GlossaryEntry>()

  /** Throws where an entry lacks a field or a term is there twice. */
  constructor(entries: readonly GlossaryEntry[], file = 'lessons/glossary.json') {
    for (const entry of entries) {
      for (const field of ['term', 'english', 'meaning'] as const) {
        if (typeof entry[field] !== 'string' || entry[field] === '') throw new Error(`${file}: an entry lacks ${field}: ${JSON.stringify(entry)}`)
      }
      const key = keyOf(entry.term)
      if (this.#byTerm.has(key)) throw new Error(`${file}: ${entry.term} is there twice`)
      this.#byTerm.set(key, entry)
    }
    this.entries = [...entries].sort((a, b) => a.term.localeCompare(b.term, 'vi'))
  }

  find(term: string): GlossaryEntry | undefined {
    return this.#byTerm.get(keyOf(term))
  }
}

function keyOf(term: string): string {
  return term.normalize('NFC').trim().toLocaleLowerCase('vi')
}

/** A term's anchor on the glossary's page: "giá trị kích hoạt" -> "gia-tri-kich-hoat". */
export function anchorOf(term: string): string {
  return term
    .toLocaleLowerCase('vi')
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
