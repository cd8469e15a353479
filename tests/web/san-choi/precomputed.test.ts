import { describe, expect, it } from 'vitest'
import { demoName } from '../../../web/models/model_source'
import { type Precomputed, compareLogits } from '../../../web/san-choi/precomputed'
import { modelInfo } from '../fake_engine'

const precomputed: Precomputed = { ids: [5, 6], format: 'f32', next: [[[1, 2.5]], [[2, -1.25]]] }

function measured(logits: number[], name = demoName, ids = [5, 6]) {
  const value = logits.map((logit, position) => ({
    top: [{ id: position + 1, bytes: new Uint8Array(), logit, probability: 0.5 }],
    entropy: 1,
    actual: null,
  }))
  return { value, input: { model: modelInfo(name), ids, pieces: [] } }
}

describe('what was computed when the site was built', () => {
  it('is compared logit by logit', () => {
    expect(compareLogits(precomputed, measured([2.5, -1.25]))).toBe(0)
    expect(compareLogits(precomputed, measured([2.5, -1.5]))).toBe(0.25)
  })

  it('counts a token that has fallen out of the first as a difference', () => {
    const other = measured([2.5, -1.25])
    other.value[1]!.top[0]!.id = 99
    expect(compareLogits(precomputed, other)).toBe(Infinity)
  })

  it('is not compared with another model or another text', () => {
    expect(compareLogits(precomputed, measured([2.5, -1.25], 'gpt2.safetensors'))).toBeNull()
    expect(compareLogits(precomputed, measured([2.5, -1.25], demoName, [5, 7]))).toBeNull()
  })
})
