/** Seeds of the core: 32 bits without a sign. */

export const largestSeed = 4294967295

/** After the largest comes 1. */
export function nextSeed(seed: number): number {
  return (seed % largestSeed) + 1
}
