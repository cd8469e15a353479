import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fillCode, pythonLiteral } from '../../../web/lesson/python_code'

describe('Python code', () => {
  it('takes the reader\'s values', () => {
    expect(fillCode('n = {{n}}; f"{n}"; {x: {y: 1}}', { n: 3 })).toBe('n = 3; f"{n}"; {x: {y: 1}}')
    expect(() => fillCode('{{m}}', { n: 3 })).toThrow(/no parameter \{\{m\}\}/)
  })

  it('loads a model where the template asks for one', () => {
    const code = fillCode('# a\n{{load_gpt2}}\nblocks = model.transformer.h\n', {})
    expect(code).toMatch(/^# a\nimport json\n/)
    expect(code).toContain('\ntokenizer = GPT2TokenizerFast.from_pretrained("gpt2")\nblocks')
  })

  // PyTorch is several GB, so it does not run here. The record holds what was compared last.
  it('was compared with the experiments as it stands: tools/oracles/lessons', () => {
    const root = resolve(import.meta.dirname, '../../..')
    const slugs = readdirSync(`${root}/lessons`, { withFileTypes: true }).filter((each) => each.isDirectory())
    const hashes = slugs.map(({ name }) => {
      const code = [`lessons/${name}/code.py`, 'web/lesson/load_gpt2.ts'].map((file) => readFileSync(`${root}/${file}`))
      return [name, createHash('sha256').update(Buffer.concat(code)).digest('hex')]
    })
    const model = readFileSync(`${root}/web/public/models/demo/model.safetensors`)
    hashes.push(['model', createHash('sha256').update(model).digest('hex')])
    expect(Object.fromEntries(hashes)).toEqual(JSON.parse(readFileSync(`${root}/tests/golden/lesson_code.json`, 'utf8')))
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
