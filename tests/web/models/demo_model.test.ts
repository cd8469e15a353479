import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const folder = `${root}/web/public/models/demo`
const read = (path: string) => readFileSync(path, 'utf8')
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

interface Evaluation {
  sha256: string
  int8: { loss: number; top1: number }
  float: { loss: number }
  int8_windows_of_256: { loss: number }
  capitals: { right: number; n: number }
}

const verdictWords: Record<string, string> = {
  agrees: 'khớp',
  differs: 'không khớp',
  chance: 'chỉ bằng ngẫu nhiên',
}

/** The cells of a Markdown table's rows. */
const rows = (markdown: string) => [...markdown.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(' | '))

it('is the model of its checksums', () => {
  const sums = read(`${folder}/SHA256SUMS`).trim().split('\n')
  expect(sums.map((line) => line.split('  ')[1])).toEqual(['model.safetensors', 'config.json'])
  for (const line of sums) {
    const [sum, file] = line.split('  ')
    expect(sha256(`${folder}/${file}`), file).toBe(sum)
  }
})

it('is the model that its card tells of', () => {
  const { int8, float, capitals, ...measured } = JSON.parse(read(`${root}/tools/demo_model/evaluation.json`)) as Evaluation
  expect(measured.sha256).toBe(sha256(`${folder}/model.safetensors`))
  const cells = rows(read(`${folder}/MODEL_CARD.md`)).map((row) => row.at(-1))
  const losses = [int8, float, measured.int8_windows_of_256].map(({ loss }) => loss.toFixed(3))
  for (const value of [...losses, `${(100 * int8.top1).toFixed(1)} %`]) {
    expect(cells).toContain(value)
    expect(cells).toContain(value.replace('.', ','))
  }
  expect(cells).toContain(`${capitals.right} / ${capitals.n}`)
})

it('gives the verdicts on the lessons that docs/findings.md has', () => {
  const [, ...sections] = read(`${root}/docs/findings.md`).split(/^## /m)
  const found = sections
    .filter((section) => section.split('\n')[0]!.endsWith(' on demo'))
    .flatMap((section) => rows(section))
    .flatMap(([claim, verdict]) => (verdict && verdict in verdictWords ? [[claim, verdictWords[verdict]]] : []))
  const told = rows(read(`${folder}/MODEL_CARD.md`))
    .filter(([claim]) => /^[A-Z]+\d*-\d+$/.test(claim!))
    .map(([claim, , verdict]) => [claim, verdict])
  expect(told.length).toBeGreaterThan(20)
  expect(told).toEqual(found)
})
