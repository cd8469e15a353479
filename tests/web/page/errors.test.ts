import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../../web/engine/engine'
import { errorText } from '../../../web/page/strings/errors'

describe('what is said of an error', () => {
  it.each(errorCodes)('%s: what happened and what to do, also without details', (code) => {
    const { what, next } = errorText(code, {})
    for (const sentence of [what, next]) {
      expect(sentence).toMatch(/^\p{Lu}.*\.$/u)
      expect(sentence).not.toMatch(code.endsWith('_not_finite') ? /undefined/ : /undefined|NaN/)
    }
  })

  it('names the tensor and the numbers', () => {
    expect(errorText('tensor_missing', { tensor: 'h.3.ln_1.weight' }).what).toContain('h.3.ln_1.weight')
    expect(errorText('safetensors_truncated', { expected: '229528', actual: '60000' }).what).toContain(
      'cần 229.528 byte, có 60.000',
    )
    expect(errorText('text_too_long', { n_tokens: '1500', n_ctx: '1024' }).what).toContain('1.500')
  })

  it.each([
    [{ name: 'layer', value: '9', range: '0 to 6' }, '"Tầng" không nhận giá trị 9; giá trị hợp lệ: từ 0 đến 6.'],
    [{ name: 'layer', value: '-2', range: 'a whole number from -1 to 1000' }, 'từ −1 đến 1.000.'],
    [{ name: 'text', value: '3 tokens', range: 'at least 24 tokens' }, 'Tham số text mới có 3 token, cần ít nhất 24.'],
    [{ name: 'pairs', value: '2', range: 'at least 8 pairs' }, 'mới có 2 cặp với phần đầu khác nhau, cần ít nhất 8.'],
    [{ name: 'pairs', value: 'line 3', range: '... [a|b] ...' }, 'dòng 3 viết chưa đúng.'],
    [{ name: 'text', value: 'x', range: 'ids: 464 3290 ...' }, '"x" không phải số hiệu của một token.'],
    [{ name: 'component, rank', value: '500, 1', range: 'up to component 179' }, 'Chỉ có 179 thành phần'],
    [{ name: 'selected', value: '"Roma" of selected is not in the passage.', range: 'words of the passage' }, 'đoạn văn không có "Roma".'],
    [{ name: 'gamma', value: '0', range: 'above 0' }, 'phải lớn hơn 0'],
    [{ name: 'model', value: '', range: '' }, 'Tham số model không nhận giá trị này.'],
  ])('says in Vietnamese which setting was refused, and why: %o', (details, words) => {
    const { what, next } = errorText('invalid_argument', details, (name) => (name === 'layer' ? 'Tầng' : undefined))
    expect(what).toContain(words)
    expect(`${what} ${next}`).not.toMatch(/at least|line|token ids|up to|above/)
  })

  it('tells which blocks and tokens there are', () => {
    expect(errorText('hook_layer', { hook: 'blocks.9.mlp.hook_pre', n_layers: '6' }).next).toContain('từ 0 đến 5')
    expect(errorText('token_out_of_range', { token: '99999', n_vocab: '50257' }).next).toContain('từ 0 đến 50.256')
  })
})
