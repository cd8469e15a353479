/** The shape of tests/golden/demo_playground.json, and of what the playground saves as JSON. */

export interface RankedGolden {
  id: number
  text: string
  logit: number
  probability: number
}

export interface Golden {
  sentence: string
  tokens: { id: number; text: string }[]
  /** At the last position, most probable first. */
  next: RankedGolden[]
  attention: { layer: number; head: number; query: number; row: number[] }
  /** At the last position. */
  lens: ({ layer: number } & RankedGolden)[]
}

export interface NextExport {
  position: number
  top: { id: number; logit: number; probability: number }[]
}

export interface PatternExport {
  layer: number
  head: number
  /** [query][key] */
  pattern: number[][]
}

export interface LensRow {
  layer: number
  position: number
  /** From 1. */
  rank: number
  id: number
  probability: number
}

/** The lens saved as CSV: layer, position, rank, id, "token", probability, logit. */
export function readLens(csv: string): LensRow[] {
  const rows = csv.matchAll(/^(\d+),(\d+),(\d+),(\d+),"(?:[^"]|"")*",([^,]+),.+$/gm)
  return Array.from(rows, (row) => {
    const [layer, position, rank, id, probability] = row.slice(1).map(Number) as [number, number, number, number, number]
    return { layer, position, rank, id, probability }
  })
}
