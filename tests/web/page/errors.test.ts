import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../../web/engine/engine'
import { errorText } from '../../../web/page/strings/errors'

describe('what is said of an error', () => {
  it.each(errorCodes)('%s: what happened and what to do, also without details', (code) => {
    const { what, next } = errorText(code, {})
    for (const sentence of [what, next]) {
      expect(sentence).toMatch(/^\p{Lu}.*\.$/u)
      expect(sentence).not.toMatch(code === 'tensor_not_finite' ? /undefined/ : /undefined|NaN/)
    }
  })

  it('names the tensor and the numbers', () => {
    expect(errorText('tensor_missing', { tensor: 'h.3.ln_1.weight' }).what).toContain('h.3.ln_1.weight')
    expect(errorText('safetensors_truncated', { expected: '229528', actual: '60000' }).what).toContain(
      'cần 229.528 byte, có 60.000',
    )
    expect(errorText('text_too_long', { n_tokens: '1500', n_ctx: '1024' }).what).toContain('1.500')
  })
})
