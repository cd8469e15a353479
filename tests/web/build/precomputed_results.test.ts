import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PrecomputedResults } from '../../../web/build/precomputed_results'
import { aResult, spec } from '../lesson/a_result'

const runs = vi.hoisted(() => vi.fn())
vi.mock('../../../web/engine/node_engine', () => ({
  bytesBlob: () => new Blob(),
  createNodeEngine: () => Promise.resolve({ runLesson: runs, close: () => undefined }),
}))

let folder: string
let results: PrecomputedResults

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soi-results-'))
  for (const file of ['soi.wasm', 'model.safetensors', 'config.json']) await writeFile(join(folder, file), file)
  runs.mockReset().mockResolvedValue(aResult())
  results = new PrecomputedResults({ core: folder, demo: folder, cache: join(folder, 'cache') })
})

afterEach(() => rm(folder, { recursive: true }))

describe('results at build time', () => {
  it('are computed once, and kept', async () => {
    expect(await results.resultOf(spec)).toEqual(aResult())
    expect(await results.resultOf(spec)).toEqual(aResult())
    expect(runs).toHaveBeenCalledTimes(1)
  })

  it('are computed again where what was kept cannot be read any more', async () => {
    await results.resultOf(spec)
    const [name] = await readdir(join(folder, 'cache'))
    const file = join(folder, 'cache', name!)
    const kept = await readFile(file, 'utf8')
    await writeFile(file, kept.replace('"protocol": "corrected"', '"protocol": "of old"'))
    expect(await results.resultOf(spec)).toEqual(aResult())
    expect(runs).toHaveBeenCalledTimes(2)
    expect(await readFile(file, 'utf8')).toBe(kept)
  })
})
