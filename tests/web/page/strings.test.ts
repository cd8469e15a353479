import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { previewCheckpoint } from '../../../web/models/preview'
import { formatFixed } from '../../../web/page/numbers'
import { modelStrings } from '../../../web/page/strings/models'

const web = resolve(import.meta.dirname, '../../../web')
const pages = ['index.html', 'san-choi/index.html']
const sources = [
  ...pages,
  ...readdirSync(`${web}/page/strings`).map((name) => `page/strings/${name}`),
].map((path) => [path, readFileSync(`${web}/${path}`, 'utf8')] as const)

describe('Vietnamese on the pages', () => {
  it.each(sources)('%s is composed and puts tone marks where the press does', (_, text) => {
    expect(text).toBe(text.normalize('NFC'))
    expect(text).not.toMatch(/o[áàảãạ](?![a-z])|o[éèẻẽẹ](?![a-z])|u[ýỳỷỹỵ](?![a-z])(?<!qu.)/u)
  })

  it('states the size of the model that comes with the site', async () => {
    const bytes = readFileSync(`${web}/public/models/demo/model.safetensors`)
    const preview = await previewCheckpoint(new Blob([bytes]))
    const megabytes = String(Math.round(bytes.length / 1e6))
    expect(modelStrings.demoNote).toContain(`${megabytes}\u00a0MB`)
    expect(modelStrings.demoNote).toContain(`${formatFixed(preview!.parameters / 1e6, 1)} triệu tham số`)
    expect(readFileSync(`${web}/index.html`, 'utf8')).toContain(`nặng ${megabytes}&nbsp;MB`)
  })
})
