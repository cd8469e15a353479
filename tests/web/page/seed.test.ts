import { expect, it } from 'vitest'
import { largestSeed, nextSeed } from '../../../web/page/seed'

it('the seed after the largest is 1: what the core is asked for is in range', () => {
  expect([0, 1, largestSeed - 1, largestSeed].map(nextSeed)).toEqual([1, 2, largestSeed, 1])
})
