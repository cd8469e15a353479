import { expect, it } from 'vitest'
import { chance, number, page, section } from '../../tools/findings/page.mjs'

const claim = {
  id: 'SAE1-20',
  document: '≥ 0,95 | hai nguồn',
  measured: 0.998123,
  chance: 0.8312,
  chance_low: 0.7,
  chance_high: 0.95,
  verdict: 'chance',
  why: '',
}
const result = { lesson: 'sae-simulation', protocol: 'corrected', seed: 1, model: '', seconds: 12.4, claims: [claim] }

it('writes numbers short, and says where there is none', () => {
  expect([0.998123, 6144, 1.23456e-7, null].map(number)).toEqual(['0.9981', '6144', '1.235e-7', '–'])
  expect(chance({ chance: 0.5, chance_low: null, chance_high: null })).toBe('0.5')
})

it('lays a result out as a table, a row a claim', () => {
  const lines = section(result).split('\n')
  expect(lines[2]).toBe('Protocol `corrected`, seed 1, a simulation; 12 s. Claims: 1 chance.')
  expect(lines.at(-2)).toBe('| SAE1-20 | chance | ≥ 0,95 \\| hai nguồn | 0.9981 | 0.8312 (0.7 to 0.95) |')
  expect(section({ ...result, model: 'demo' })).toContain('## sae-simulation on demo')
})

it('begins by saying what wrote it', () => {
  expect(page([result])).toMatch(/^# What the experiments find\n\nWritten by `tools\/findings\/run`/)
})
