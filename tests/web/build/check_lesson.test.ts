import { describe, expect, it } from 'vitest'
import { checkLesson } from '../../../web/build/check_lesson'
import type { LessonDefinition } from '../../../web/lesson/define_lesson'
import { aResult, spec } from '../lesson/a_result'

const definition: LessonDefinition = {
  experiment: 'sae-simulation',
  code: '',
  controls: {
    'du-lieu': {
      title: 'Dữ liệu',
      controls: [
        { parameter: 'epochs', label: 'Số epoch' },
        { parameter: 'rate', label: 'Tốc độ học' },
        { parameter: 'tied', label: 'Trọng số buộc' },
        { parameter: 'step', label: 'Bước', choices: { two: 'hai', three: 'ba' } },
        { parameter: 'passage', label: 'Đoạn văn' },
      ],
    },
  },
  plots: { khop: () => null },
  claimPlots: { 'A-1': 'khop' },
}
const used = new Set(['run', 'ledger', 'code', 'plot khop', 'controls du-lieu'])
const check = (changes: Partial<LessonDefinition>, placed = used) => checkLesson({ ...definition, ...changes }, spec, aResult(), placed)

describe('a lesson', () => {
  it('in which all agrees has no faults', () => {
    expect(check({})).toEqual({ errors: [], warnings: [] })
  })

  it.each<[string, Partial<LessonDefinition>, RegExp]>([
    ['a parameter that is none', { controls: { 'du-lieu': { title: '', controls: [{ parameter: 'epoch', label: '' }] } } }, /has no parameter epoch/],
    ['a choice without words', { controls: { 'du-lieu': { title: '', controls: [{ parameter: 'step', label: '', choices: { two: 'hai' } }] } } }, /lacks words for three/],
    ['a plot that is nowhere', { plots: { ...definition.plots, khac: () => null } }, /plot khac is nowhere/],
    ['a claim that is none', { claimPlots: { 'A-9': 'khop' } }, /claims.json has no A-9/],
    ['a claim\'s plot that is none', { claimPlots: { 'A-1': 'khac' } }, /leads to a plot khac/],
  ])('is refused with %s', (_, changes, message) => {
    expect(check(changes).errors).toEqual([expect.stringMatching(message)])
  })

  it('must have its run, ledger and code', () => {
    expect(check({}, new Set(['plot khop', 'controls du-lieu'])).errors).toEqual(['run', 'ledger', 'code'].map((name) => `lesson.md has no ::: ${name}`))
  })

  it('without a control for a parameter is warned of', () => {
    const [epochs] = definition.controls['du-lieu']!.controls
    expect(check({ controls: { 'du-lieu': { title: '', controls: [epochs!] } } }).warnings).toEqual(['no control for rate, tied, step, passage'])
  })
})
