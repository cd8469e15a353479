import { describe, expect, it } from 'vitest'
import type { LessonResult } from '../../../web/engine/engine'
import { compareResults } from '../../../web/lesson/agreement'
import { packResult, unpackResult } from '../../../web/lesson/packed_result'
import { readRunFile, writeRunFile } from '../../../web/lesson/run_file'
import { aResult, spec } from './a_result'

const bits = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)]

const fileOf = (result: LessonResult) => writeRunFile({ result, model: null })

describe('a run as a file', () => {
  it('comes back to the last bit', () => {
    const result = aResult()
    const read = readRunFile(fileOf(result), spec).result
    expect(compareResults(result, read).kind).toBe('same')
    expect(bits(read.arrays.get('latents')!.values)).toEqual(bits(result.arrays.get('latents')!.values))
    expect({ ...read, arrays: 0 }).toEqual({ ...result, arrays: 0 })
  })

  it.each([
    ['no JSON', 'x', 'format'],
    ['null', 'null', 'format'],
    ['another JSON', '{"kind":"soi"}', 'format'],
    ['a later version', '{"kind":"soi-lesson-run","version":2}', 'version'],
    ['a part of one', '{"kind":"soi-lesson-run","version":1,"result":{"lesson":"sae-simulation"}}', 'content'],
    ['nothing in it', '{"kind":"soi-lesson-run","version":1,"result":null}', 'content'],
    ['another lesson', fileOf(aResult({ lesson: 'ged-him-her' })), 'lesson'],
  ])('is refused where it is none: %s', (_, text, reason) => {
    expect(() => readRunFile(text, spec)).toThrow(expect.objectContaining({ reason }))
  })

  const [claim] = aResult().claims
  const claims = (changes: object) => ({ claims: [{ ...claim, ...changes }] })
  const parameters = (changes: object) => ({ parameters: { ...aResult().parameters, ...changes } })

  it.each<[where: string, changes: object]>([
    ['protocol', { protocol: 'better' }],
    ['protocol', { protocol: 'constructor' }],
    ['seed', { seed: 4294967296 }],
    ['seed', { seed: 1.5 }],
    ['seed', { seed: '1' }],
    ['model', { model: null }],
    ['seconds', { seconds: -1 }],
    ['parameters', { parameters: [] }],
    ['parameters.epochs', parameters({ epochs: 0 })],
    ['parameters.epochs', parameters({ epochs: '600' })],
    ['parameters.epochs', parameters({ epochs: null })],
    ['parameters.tied', { parameters: { epochs: 600, rate: 0.007 } }],
    ['parameters.step', parameters({ step: 'four' })],
    ['figures.r', { figures: { r: null } }],
    ['figures.r.value', { figures: { r: { value: '0.97', unit: '' } } }],
    ['figures.r.value.1', { figures: { r: { value: [1, {}], unit: '' } } }],
    ['figures.r.unit', { figures: { r: { value: 1 } } }],
    ['controls.0.values', { controls: [{ name: 'untrained', figure: 'r', unit: '' }] }],
    ['claims', { claims: {} }],
    ['claims.0', { claims: [null] }],
    ['claims.0.document', claims({ document: 3 })],
    ['claims.0.measured', claims({ measured: '0.97' })],
    ['claims.0.chance_high', claims({ chance_high: undefined })],
    ['claims.0.verdict', claims({ verdict: '"><img src=x onerror=alert(1)>' })],
    ['claims.0.verdict', claims({ verdict: 'toString' })],
    ['claims.0.why', claims({ why: ['x'] })],
    ['labels.words.1', { labels: { words: ['a', 2] } }],
    ['arrays.x.shape', { arrays: { x: { values: '' } } }],
    ['arrays.x.shape.0', { arrays: { x: { shape: [-1, -1], values: 'AAAAAA==' } } }],
    ['arrays.x', { arrays: { x: { shape: [2], values: 'AAAAAA==' } } }],
    ['arrays.x', { arrays: { x: { shape: [1], values: 'AAAA' } } }],
    ['arrays.x', { arrays: { x: { shape: [1], values: '!' } } }],
  ])('is refused where an element is wrong: %s', (where, changes) => {
    const file = JSON.parse(fileOf(aResult())) as { result: object }
    const text = JSON.stringify({ ...file, result: { ...file.result, ...changes } })
    expect(() => readRunFile(text, spec)).toThrow(expect.objectContaining({ reason: 'content', where }))
  })

  it('tells its model by name, size and number format', () => {
    const model = { name: 'model.safetensors', fileBytes: 548105171, format: 'f16' } as const
    const text = writeRunFile({ result: aResult(), model })
    expect(readRunFile(text, spec).model).toEqual(model)
    expect(readRunFile(fileOf(aResult()), spec).model).toBeNull()
    for (const [from, to, where] of [['"f16"', '"f8"', 'model.format'], ['548105171', '-1', 'model.fileBytes']] as const) {
      expect(() => readRunFile(text.replace(from, to), spec)).toThrow(expect.objectContaining({ reason: 'content', where }))
    }
  })

  it('is refused where a number is none: JSON lets 1e999 pass', () => {
    const text = fileOf(aResult()).replace('"seconds": 1.5', '"seconds": 1e999')
    expect(() => readRunFile(text, spec)).toThrow(expect.objectContaining({ where: 'seconds' }))
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
