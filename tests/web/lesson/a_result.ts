/** A small experiment and a result of it. */
import type { LessonResult, LessonSpec } from '../../../web/engine/engine'

export const spec: LessonSpec = {
  name: 'sae-simulation',
  folder: '01-sae-mo-phong',
  needs_model: false,
  initial_values: [],
  parameters: [
    { name: 'epochs', kind: 'integer', fallback: 600, minimum: 1, maximum: 20000, unit: 'epochs', meaning: '', by_protocol: {} },
    { name: 'rate', kind: 'real', fallback: 0.007, minimum: 0, maximum: 1, unit: '', meaning: '', by_protocol: { notebook: 0.0007 } },
    { name: 'tied', kind: 'boolean', fallback: false, unit: '', meaning: '', by_protocol: {} },
    { name: 'step', kind: 'choice', fallback: 'two', choices: ['two', 'three'], unit: '', meaning: '', by_protocol: {} },
    { name: 'passage', kind: 'text', fallback: '', unit: '', meaning: '', by_protocol: {} },
  ],
}

export function aResult(changes: Partial<LessonResult> = {}): LessonResult {
  return {
    lesson: 'sae-simulation',
    protocol: 'corrected',
    seed: 1,
    model: '',
    build: 'wasm-simd',
    parameters: { epochs: 600, rate: 0.007, tied: false, step: 'two', passage: '' },
    figures: { r: { value: 0.97, unit: '' }, share: { value: 0.5, unit: 'share' }, holds: { value: 1, unit: 'yes or no' }, losses: { value: [3, null, 1], unit: '' } },
    controls: [{ name: 'untrained', figure: 'r', values: [0.9, 0.95], unit: '' }],
    claims: [
      { id: 'A-1', document: 'Khớp từ 95 % <trở lên>.', measured: 0.97, chance: 0.925, chance_low: 0.9, chance_high: 0.95, verdict: 'agrees', why: 'Vì "thế".' },
      { id: 'A-2', document: 'Một nửa.', measured: 0.5, chance: null, chance_low: null, chance_high: null, verdict: 'differs', why: '' },
      { id: 'A-3', document: 'Có tăng.', measured: 1, chance: null, chance_low: null, chance_high: null, verdict: 'chance', why: '' },
      { id: 'A-4', document: 'Định nghĩa.', measured: null, chance: null, chance_low: null, chance_high: null, verdict: 'interpretation', why: '' },
    ],
    labels: { words: ['a', 'b'] },
    arrays: new Map([
      ['latents', { shape: [2, 3], values: new Float32Array([0, 0.1, -0, NaN, Infinity, 1e-40]) }],
      ['one', { shape: [1], values: new Float32Array([5]) }],
    ]),
    seconds: 1.5,
    ...changes,
  }
}
