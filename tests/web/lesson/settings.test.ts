import { describe, expect, it } from 'vitest'
import {
  type RunSettings,
  allValues,
  commandLine,
  initialModel,
  initialSettings,
  protocolDifferences,
  readValue,
  settingsOf,
  withDefault,
  withValue,
} from '../../../web/lesson/settings'
import { aResult, spec } from './a_result'

const [epochs, rate, tied, step, passage] = spec.parameters as [never, never, never, never, never]
const settings = (changes: Partial<RunSettings>): RunSettings => ({ ...initialSettings, ...changes })

describe('values', () => {
  it('are the protocol\'s where the reader sets none', () => {
    expect(allValues(spec, settings({ protocol: 'notebook' }))).toEqual({ epochs: 600, rate: 0.0007, tied: false, step: 'two', passage: '' })
    expect(allValues(spec, settings({ given: { epochs: '20', rate: 'x' } }))).toMatchObject({ epochs: 20, rate: 0.007 })
  })

  it.each([
    [epochs, '20', 20],
    [epochs, '2.5', undefined],
    [epochs, '0', undefined],
    [epochs, ' ', undefined],
    [rate, '1e-3', 0.001],
    [rate, '1.5', undefined],
    [tied, 'true', true],
    [tied, '1', undefined],
    [step, 'three', 'three'],
    [step, 'four', undefined],
    [passage, 'x', 'x'],
  ])('are read by kind and range: %#', (parameter, text, value) => {
    expect(readValue(parameter, text)).toBe(value)
  })

  it('that are the defaults are not the reader\'s', () => {
    const changed = withValue(initialSettings, epochs, 20)
    expect(changed.given).toEqual({ epochs: '20' })
    expect(withValue(changed, epochs, 600).given).toEqual({})
    expect(withDefault(changed, 'epochs').given).toEqual({})
  })

  it('of a result lead back to its settings', () => {
    const result = aResult({ protocol: 'notebook', seed: 7, parameters: { epochs: 20, rate: 0.0007, tied: true, step: 'two', passage: 'x' } })
    expect(settingsOf(spec, result)).toEqual({ protocol: 'notebook', seed: 7, given: { epochs: '20', tied: 'true', passage: 'x' } })
  })
})

it('protocols differ in what they set', () => {
  expect(protocolDifferences(spec).map(({ parameter, values }) => [parameter.name, values])).toEqual([
    ['rate', { corrected: 0.007, document: 0.007, notebook: 0.0007 }],
  ])
})

describe('the command line', () => {
  it('is short where all is as it was', () => {
    expect(commandLine(spec, initialSettings, initialModel)).toBe('tools/soi lesson sae-simulation --seed 1')
  })

  it('quotes what a shell would take apart', () => {
    const given = { epochs: '20', passage: "it's\nhere" }
    expect(commandLine({ ...spec, needs_model: true }, settings({ protocol: 'document', seed: 3, given }), initialModel)).toBe(
      "tools/soi lesson sae-simulation --model demo --seed 3 --protocol document --set epochs=20 --set 'passage=it'\\''s\nhere'",
    )
  })
  it('names the reader\'s own file, and the format that it is held in', () => {
    const model = { name: 'mô hình của tôi.safetensors', format: 'f16' } as const
    expect(commandLine({ ...spec, needs_model: true }, initialSettings, model)).toBe(
      "tools/soi lesson sae-simulation --model 'mô hình của tôi.safetensors' --format f16 --seed 1",
    )
    expect(commandLine(spec, initialSettings, model)).toBe('tools/soi lesson sae-simulation --seed 1')
  })

  it('gives a text that begins with @ as a text, not as a file\'s name', () => {
    const given = { passage: '@he|she', step: '@three' }
    expect(commandLine(spec, settings({ given }), initialModel)).toContain("--set 'passage=@@he|she' --set 'step=@three'")
    expect(commandLine(spec, settings({ given: { passage: '@@' } }), initialModel)).toContain("'passage=@@@'")
  })
})
