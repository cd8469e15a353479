/** A number as a reader types it: "0,5" or "0.5", "3000" or, as the page itself writes it, "3.000". */

export type TypedNumber =
  /** `text` is what Number() reads, if it is a number at all. */
  | { kind: 'plain'; text: string }
  /** Thousands in one way of writing, decimals in the other. */
  | { kind: 'ambiguous'; meanings: [number, number] }

const vietnameseThousands = /^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/
const englishThousands = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/
/** Both a number with three decimals and a number of thousands. */
const oneMark = /^[+-]?\d+[.,]\d{3}$/

/** In a whole number a full stop can only part thousands, so that 3.000 is clear there; 3,000 is not. */
export function readTyped(typed: string, isWhole: boolean): TypedNumber {
  const text = typed.trim().replace('\u2212', '-')
  const isVietnamese = vietnameseThousands.test(text)
  if (!isVietnamese && !englishThousands.test(text)) return { kind: 'plain', text: text.replace(',', '.') }
  const grouped = isVietnamese ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '')
  if (!oneMark.test(text)) return { kind: 'plain', text: grouped }
  const decimal = text.replace(',', '.')
  if (isVietnamese) return isWhole ? { kind: 'plain', text: grouped } : ambiguous(decimal, grouped)
  // In a real number, 0,125 and 3,125 are decimals: so the page writes them.
  return isWhole ? ambiguous(decimal, grouped) : { kind: 'plain', text: decimal }
}

function ambiguous(decimal: string, grouped: string): TypedNumber {
  return { kind: 'ambiguous', meanings: [Number(decimal), Number(grouped)] }
}
