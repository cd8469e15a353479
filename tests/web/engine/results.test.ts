import { expect, it } from 'vitest'
import { toCaptured, toInspectResult, toLessonResult } from '../../../web/engine/results'
import { Vocabulary } from '../../../web/engine/vocabulary'

const vocabulary = new Vocabulary({ bytes: Uint8Array.of(97, 98, 99, 100), ends: Int32Array.of(1, 3, 4) })
const [a, bc, d] = [Uint8Array.of(97), Uint8Array.of(98, 99), Uint8Array.of(100)]

it('finds the bytes of each token, and none beyond the vocabulary', () => {
  expect([0, 1, 2].map((id) => vocabulary.bytesOf(id))).toEqual([a, bc, d])
  expect(vocabulary.bytesOf(3)).toEqual(new Uint8Array(0))
  expect(vocabulary.bytesOf(-1)).toEqual(new Uint8Array(0))
})

it('unfolds columns by row, by layer and position, and by pattern', () => {
  const column = (n: number) => Float32Array.from({ length: n }, (_, i) => i / 16)
  const result = toInspectResult(
    {
      next: { nRows: 2, ids: Int32Array.of(2, 1, 0, 2), logits: column(4), probabilities: column(4) },
      entropies: Float32Array.of(1, 2),
      actualProbabilities: Float32Array.of(0.25),
      actualRanks: Int32Array.of(3),
      lens: { nRows: 4, ids: Int32Array.of(0, 1, 2, 0), logits: column(4), probabilities: column(4) },
      patterns: [column(4), column(5)],
      seconds: 7,
    },
    { ids: [0, 1], top: 2, lensTop: 1, patternLayers: [3, 0] },
    vocabulary,
  )
  expect(result.next).toEqual([
    {
      top: [
        { id: 2, bytes: d, logit: 0, probability: 0 },
        { id: 1, bytes: bc, logit: 1 / 16, probability: 1 / 16 },
      ],
      entropy: 1,
      actual: { probability: 0.25, rank: 3 },
    },
    {
      top: [
        { id: 0, bytes: a, logit: 2 / 16, probability: 2 / 16 },
        { id: 2, bytes: d, logit: 3 / 16, probability: 3 / 16 },
      ],
      entropy: 2,
      actual: null,
    },
  ])
  expect(result.lens.map((layer) => layer.map((top) => top.map((token) => token.id)))).toEqual([
    [[0], [1]],
    [[2], [0]],
  ])
  expect(result.patterns.get(3)).toHaveLength(4)
  expect(result.patterns.get(0)).toHaveLength(5)
  expect(result.seconds).toBe(7)
})

it('has no lens where none was asked for', () => {
  const none = { nRows: 0, ids: new Int32Array(0), logits: new Float32Array(0), probabilities: new Float32Array(0) }
  const columns = {
    next: { ...none, nRows: 1 },
    entropies: Float32Array.of(1),
    actualProbabilities: new Float32Array(0),
    actualRanks: new Int32Array(0),
    lens: none,
    patterns: [],
    seconds: 0,
  }
  const result = toInspectResult(columns, { ids: [0], top: 0, lensTop: 0, patternLayers: [] }, vocabulary)
  expect(result).toMatchObject({ next: [{ top: [], entropy: 1, actual: null }], lens: [] })
})

it('names captured values by the hooks that were asked for', () => {
  const values = [1, 2].map((n) => ({ shape: [n], values: new Float32Array(n) }))
  const captured = toCaptured({ values }, { ids: [0], hooks: ['logits', 'hook_embed'] })
  expect([...captured]).toEqual([
    ['logits', values[0]],
    ['hook_embed', values[1]],
  ])
})

it('puts a lesson together from its JSON and its arrays', () => {
  const array = { shape: [2, 1], values: new Float32Array(2) }
  const json = '{"lesson":"sae-simulation","figures":{"r":{"value":null,"unit":""}},"arrays":{"data":[2,1]}}'
  expect(toLessonResult({ json, names: ['data'], arrays: [array] })).toEqual({
    lesson: 'sae-simulation',
    figures: { r: { value: null, unit: '' } },
    arrays: new Map([['data', array]]),
  })
})
