import { describe, expect, it } from 'vitest'
import { compareResults } from '../../../web/lesson/agreement'
import { packResult, unpackResult } from '../../../web/lesson/packed_result'
import { readRunFile, writeRunFile } from '../../../web/lesson/run_file'
import { aResult } from './a_result'

const bits = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)]

describe('a run as a file', () => {
  it('comes back to the last bit', () => {
    const result = aResult()
    const read = readRunFile(writeRunFile(result), 'sae-simulation')
    expect(compareResults(result, read).kind).toBe('same')
    expect(bits(read.arrays.get('latents')!.values)).toEqual(bits(result.arrays.get('latents')!.values))
    expect({ ...read, arrays: 0 }).toEqual({ ...result, arrays: 0 })
  })

  it.each([
    ['no JSON', 'x', 'format'],
    ['null', 'null', 'format'],
    ['another JSON', '{"kind":"soi"}', 'format'],
    ['a later version', '{"kind":"soi-lesson-run","version":2}', 'version'],
    ['a part of one', '{"kind":"soi-lesson-run","version":1,"result":{"lesson":"sae-simulation"}}', 'format'],
    ['another lesson', writeRunFile(aResult({ lesson: 'ged-him-her' })), 'lesson'],
  ])('is refused where it is none: %s', (_, text, reason) => {
    expect(() => readRunFile(text, 'sae-simulation')).toThrow(expect.objectContaining({ reason }))
  })
})

it('the result that the site ships comes back to the last bit', () => {
  const result = aResult()
  const { json, arrays } = packResult(result)
  const read = unpackResult(json, arrays.buffer as ArrayBuffer)
  expect(read.arrays.get('one')).toEqual({ shape: [1], values: new Float32Array([5]) })
  expect(bits(read.arrays.get('latents')!.values)).toEqual(bits(result.arrays.get('latents')!.values))
})

describe('agreement', () => {
  it('counts every number', () => {
    // 1 + 1 + 1 + 3 figures, 2 of the control, 6 + 1 in arrays
    expect(compareResults(aResult(), aResult())).toEqual({ kind: 'same', numbers: 15 })
  })

  it('tells the largest relative difference, and where', () => {
    const other = aResult({ figures: { ...aResult().figures, r: { value: 0.97 * (1 + 1e-6), unit: '' } } })
    const agreement = compareResults(aResult(), other)
    expect(agreement).toMatchObject({ kind: 'differs', where: 'r' })
    expect((agreement as { largest: number }).largest).toBeCloseTo(1e-6, 9)
  })

  it('is no question between runs of other settings', () => {
    expect(compareResults(aResult(), aResult({ seed: 2 })).kind).toBe('other')
    expect(compareResults(aResult(), aResult({ parameters: { ...aResult().parameters, epochs: 5 } })).kind).toBe('other')
  })
})
