import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Engine, EngineError } from '../../web/engine/engine'
import { badFiles } from '../e2e/bad_files.mjs'
import { blobOf, builds, bytesBlob, demoModel, startEngine } from './node_engine'

async function faultOf(promise: Promise<unknown>): Promise<EngineError> {
  const fault: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  expect(fault).toMatchObject({ name: 'EngineError' })
  return fault as EngineError
}

const generation = { ids: [464], nTokens: 100, temperature: 1, topK: 0, topP: 1, seed: 1 }
const inspection = { ids: [464, 1468], top: 1, lensTop: 0, patternLayers: [] }

/** A checkpoint of GPT-2 XL's shape in f16: 3.1 GB of zeros that are made up when read. */
function hugeCheckpoint(): { file: Blob; bytesRead: () => number } {
  const d = 1600
  const layerNorm = (name: string) => [
    [`${name}.weight`, [d]],
    [`${name}.bias`, [d]],
  ]
  const linear = (name: string, nIn: number, nOut: number) => [
    [`${name}.weight`, [nIn, nOut]],
    [`${name}.bias`, [nOut]],
  ]
  const blocks = Array.from({ length: 48 }, (_, layer) => [
    ...layerNorm(`h.${layer}.ln_1`),
    ...linear(`h.${layer}.attn.c_attn`, d, 3 * d),
    ...linear(`h.${layer}.attn.c_proj`, d, d),
    ...layerNorm(`h.${layer}.ln_2`),
    ...linear(`h.${layer}.mlp.c_fc`, d, 4 * d),
    ...linear(`h.${layer}.mlp.c_proj`, 4 * d, d),
  ])
  const shapes = [['wte.weight', [50257, d]], ['wpe.weight', [1024, d]], ...blocks.flat(), ...layerNorm('ln_f')]
  let end = 0
  const header = Object.fromEntries(
    (shapes as [string, number[]][]).map(([name, shape]) => {
      const begin = end
      end += 2 * shape.reduce((a, b) => a * b)
      return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }]
    }),
  )
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  const head = Buffer.concat([length, json])
  let bytesRead = 0
  const file = blobOf(head.length + end, (offset, size) => {
    bytesRead += size
    const slice = new Uint8Array(size)
    slice.set(head.subarray(offset, offset + size))
    return slice
  })
  return { file, bytesRead: () => bytesRead }
}

describe.each(builds)('$variant with $threads threads', ({ variant, threads }) => {
  let engine: Engine

  beforeAll(async () => {
    engine = await startEngine(variant, threads)
    expect((await faultOf(engine.inspect(inspection))).code).toBe('model_missing')
    await engine.loadModel(demoModel(), { name: 'demo' })
  })

  afterAll(() => engine.close())

  const expectAlive = async () => {
    expect(engine.model?.name).toBe('demo')
    expect((await engine.inspect(inspection)).next).toHaveLength(2)
  }

  it.each(badFiles())('refuses a file: $name', async ({ name, errorCode, bytes }) => {
    const fault = await faultOf(engine.loadModel(bytesBlob(bytes), { name }))
    expect(fault.code).toBe(errorCode)
    expect(fault.message).not.toBe('')
    await expectAlive()
  })

  it.each([
    ['cannot be read any more', () => null],
    ['has become shorter', (length: number) => new Uint8Array(length - 1)],
  ])('refuses a file that %s', async (_, late) => {
    const { bytes } = badFiles().find(({ name }) => name === 'not-a-number')!
    const file = blobOf(bytes.length, (offset, length) =>
      offset < bytes.length / 2 ? bytes.subarray(offset, offset + length) : late(length),
    )
    expect(await faultOf(engine.loadModel(file, { name: 'usb.safetensors' }))).toMatchObject({
      code: 'io_error',
      details: { path: 'usb.safetensors' },
    })
    await expectAlive()
  })

  it('refuses a model that cannot fit before it reads the weights', async () => {
    const { file, bytesRead } = hugeCheckpoint()
    const fault = await faultOf(engine.loadModel(file, { name: 'xl', format: 'f32' }))
    expect(fault.code).toBe('out_of_memory')
    expect(Number(fault.details.bytes)).toBe(4 * 1557611200)
    expect(bytesRead()).toBeLessThan(1e6)
    await expectAlive()
  })

  it('survives a machine that has no memory left', async () => {
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory')
    })
    const hooks = ['logits', ...Array.from({ length: 8 }, (_, layer) => `blocks.${layer}.mlp.hook_pre`)]
    const long = Array.from({ length: 256 }, (_, i) => i)
    try {
      const load = engine.loadModel(demoModel(), { name: 'f32', format: 'f32' })
      expect((await faultOf(load)).code).toBe('out_of_memory')
      expect((await faultOf(engine.capture({ ids: long, hooks }))).code).toBe('out_of_memory')
    } finally {
      grow.mockRestore()
    }
    await expectAlive()
    expect((await engine.capture({ ids: long, hooks })).size).toBe(9)
  })

  const ids = [464]
  const faults: [string, string, () => Promise<unknown>][] = [
    ['no token', 'text_empty', () => engine.inspect({ ...inspection, ids: [] })],
    ['a text beyond the context', 'text_too_long', () => engine.inspect({ ...inspection, ids: Array(1025).fill(1) as number[] })],
    ['a token beyond the vocabulary', 'token_out_of_range', () => engine.inspect({ ...inspection, ids: [50257] })],
    ['a negative token', 'token_out_of_range', () => engine.generate({ ...generation, ids: [-1] }, () => undefined)],
    ['a token that is no whole number', 'invalid_argument', () => engine.inspect({ ...inspection, ids: [0.5] })],
    ['no list of tokens', 'invalid_argument', () => engine.inspect({ ...inspection, ids: 'abc' as never })],
    ['a layer that is not there', 'hook_layer', () => engine.inspect({ ...inspection, patternLayers: [8] })],
    ['a hook that is not there', 'hook_unknown', () => engine.capture({ ids, hooks: ['blocks.0.hook_resid_past'] })],
    ['a block that is not there', 'hook_layer', () => engine.capture({ ids, hooks: ['blocks.8.hook_resid_pre'] })],
    ['a negative count', 'invalid_argument', () => engine.inspect({ ...inspection, top: -1 })],
    ['a temperature that is no number', 'invalid_argument', () => engine.generate({ ...generation, temperature: NaN }, () => undefined)],
    ['a negative temperature', 'invalid_argument', () => engine.generate({ ...generation, temperature: -1 }, () => undefined)],
    ['a top-p of 0', 'invalid_argument', () => engine.generate({ ...generation, topP: 0 }, () => undefined)],
    ['a seed that is no whole number', 'invalid_argument', () => engine.generate({ ...generation, seed: 0.5 }, () => undefined)],
    ['an unknown number format', 'invalid_argument', () => engine.loadModel(demoModel(), { name: 'a', format: 'f8' as never })],
    ['a config.json of another model', 'config_invalid', () => engine.loadModel(demoModel(), { name: 'a', configJson: '{"n_head": 7}' })],
  ]
  it.each(faults)('refuses %s', async (_, code, ask) => {
    expect((await faultOf(ask())).code).toBe(code)
    await expectAlive()
  })

  it('names the closest hook', async () => {
    const fault = await faultOf(engine.capture({ ids, hooks: ['blocks.0.hook_resid_past'] }))
    expect(fault.details).toMatchObject({ hook: 'blocks.0.hook_resid_past', closest: 'blocks.0.hook_resid_post' })
  })

  it('stops generating when it is cancelled, and keeps what it has', async () => {
    const abort = new AbortController()
    const tokens: number[] = []
    const generated = await engine.generate(
      generation,
      (token) => {
        tokens.push(token.id)
        if (tokens.length === 3) abort.abort()
      },
      { signal: abort.signal },
    )
    expect(generated.cancelled).toBe(true)
    expect(generated.ids).toEqual(tokens)
    expect(tokens.length).toBeGreaterThanOrEqual(3)
    expect(tokens.length).toBeLessThan(100)
    await expectAlive()
  })

  it('stops inspecting when it is cancelled', async () => {
    const abort = new AbortController()
    const request = { ids: Array.from({ length: 256 }, (_, i) => i), top: 5, lensTop: 5, patternLayers: [] }
    const fractions: number[] = []
    const onProgress = (fraction: number) => {
      fractions.push(fraction)
      abort.abort()
    }
    const fault = await faultOf(engine.inspect(request, { signal: abort.signal, onProgress }))
    expect(fault.code).toBe('cancelled')
    expect(fractions).toHaveLength(1)
    expect(fractions[0]).toBeLessThan(0.5)
    await expectAlive()
  })
})
