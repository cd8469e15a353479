import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { previewCheckpoint } from '../../../web/models/preview'

const golden = resolve(import.meta.dirname, '../../golden')
const open = (folder: string) => new Blob([readFileSync(`${golden}/${folder}/model.safetensors`)])

describe('the preview of a checkpoint', () => {
  it('reads sizes and formats from the header', async () => {
    const file = open('gpt2_tiny')
    const preview = await previewCheckpoint(file)
    expect(preview).toMatchObject({ nLayers: 3, dModel: 36, nCtx: 32, dtypes: ['F32'], defaultFormat: 'f32' })
    // All of the file but its header is weights in float32.
    expect(preview!.weightBytes.f32).toBe(4 * preview!.parameters)
    expect(preview!.weightBytes.f32).toBeLessThan(file.size)
  })

  it('knows a file of 16-bit floats', async () => {
    expect(await previewCheckpoint(open('gpt2_tiny_f16'))).toMatchObject({ dtypes: ['F16'], defaultFormat: 'f32' })
  })

  it('knows the int8 file that comes with the site', async () => {
    const path = resolve(import.meta.dirname, '../../../web/public/models/demo/model.safetensors')
    const preview = await previewCheckpoint(new Blob([readFileSync(path)]))
    expect(preview).toMatchObject({ dtypes: ['I8'], defaultFormat: 'int8' })
    expect(preview!.weightBytes.f32).toBe(4 * preview!.parameters)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['junk', new Uint8Array(5000).fill(7)],
    ['a header longer than the file', new Uint8Array([255, 255, 0, 0, 0, 0, 0, 0, 123, 125])],
    ['a header of nothing', new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 125])],
    ['a header that is null', new Uint8Array([4, 0, 0, 0, 0, 0, 0, 0, 110, 117, 108, 108])],
  ])('gives nothing for %s', async (_, bytes) => {
    expect(await previewCheckpoint(new Blob([bytes]))).toBeNull()
  })
})
