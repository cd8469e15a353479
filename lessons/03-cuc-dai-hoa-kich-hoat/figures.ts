/** What the drawings that need no run are computed from. */

const hill = (x: number, centre: number, width: number) => Math.exp(-(((x - centre) / width) ** 2))
const height = (x: number) => hill(x, 1, 1) + 0.6 * hill(x, -1.8, 0.7)
const slope = (x: number) => (-2 * (x - 1) * hill(x, 1, 1)) / 1 + (0.6 * -2 * (x + 1.8) * hill(x, -1.8, 0.7)) / 0.49

/** A function with two tops. */
export function hills(): { x: number[]; y: number[] } {
  const x = Array.from({ length: 141 }, (_, i) => -3.5 + i * 0.05)
  return { x, y: x.map(height) }
}

/** Every fourth of sixty steps up its slope. */
export function climb(start: number): { x: number[]; y: number[] } {
  const x: number[] = []
  let at = start
  for (let step = 0; step <= 60; ++step) {
    if (step % 4 === 0) x.push(at)
    at += 0.05 * slope(at)
  }
  return { x: x.sort((a, b) => a - b), y: x.map(height) }
}

/** Of one random direction with n others in d dimensions, by integrating over the angle; as core/analysis/cosine_search. */
export function expectedLargestCosine(n: number, d: number): number {
  const nSteps = 4000
  const density = Array.from({ length: nSteps + 1 }, (_, i) => Math.sin((i * Math.PI) / nSteps) ** (d - 2))
  const cumulative = [0]
  for (let i = 1; i <= nSteps; ++i) cumulative.push(cumulative[i - 1]! + (density[i - 1]! + density[i]!) / 2)
  const total = cumulative[nSteps]!
  return cumulative.reduce((sum, below, i) => {
    const some = 1 - (1 - below / total) ** n
    return sum + (Math.sin((i * Math.PI) / nSteps) * some * Math.PI) / nSteps
  }, -1)
}
