import { describe, expect, it } from 'vitest'
import { fillCode, pythonLiteral } from '../../../web/lesson/python_code'

describe('Python code', () => {
  it('takes the reader\'s values', () => {
    expect(fillCode('n = {{n}}; f"{n}"; {x: {y: 1}}', { n: 3 })).toBe('n = 3; f"{n}"; {x: {y: 1}}')
    expect(() => fillCode('{{m}}', { n: 3 })).toThrow(/no parameter \{\{m\}\}/)
  })

  it.each([
    [true, 'True'],
    [0.0001, '0.0001'],
    [1e-7, '1e-7'],
    ['a "b" \\', '"a \\"b\\" \\\\"'],
    ['hai\ndòng "x"', '"""hai\ndòng "x\\""""'],
    ['', '""'],
  ])('writes %j as a literal', (value, literal) => {
    expect(pythonLiteral(value)).toBe(literal)
  })
})
