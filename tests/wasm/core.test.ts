import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Captured, Engine, NextToken } from '../../web/engine/engine'
import { builds, demoModel, diskBlob, fromRoot, readJson, readTensors, startEngine, textOf } from './node_engine'

interface Playground {
  sentence: string
  tokens: { id: number; text: string }[]
  next: { id: number; logit: number; probability: number }[]
  attention: { layer: number; head: number; query: number; row: number[] }
}

interface GoldenSet {
  generation: { prompt: number[]; tokens: number[] }
  cases: { name: string; file: string; tokens: number[]; rounding: Record<string, number> }[]
}

/** As tests/golden/golden.h derives it: five times what rounding alone leaves. */
function tolerance(rounding: number, largest: number): number {
  const unitRoundoff = 2 ** -24
  return 5 * Math.max(rounding, 8 * unitRoundoff * largest)
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => {
    const difference = value === b[i] ? 0 : Math.abs(value - b[i]!) // -infinity equals itself
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference)
  }, 0)
}

const finiteLargest = (values: Float32Array) =>
  values.reduce((largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest), 0)

/** The distribution of one row of logits, computed plainly in float64. */
function distributionOf(logits: Float32Array) {
  const largest = logits.reduce((a, b) => Math.max(a, b))
  const weights = Array.from(logits, (logit) => Math.exp(logit - largest))
  const sum = weights.reduce((a, b) => a + b)
  const probabilities = weights.map((weight) => weight / sum)
  const entropy = -probabilities.reduce((total, p) => total + (p > 0 ? p * Math.log(p) : 0), 0)
  const best = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b)
  return { probabilities, entropy, best }
}

function expectDistribution(next: NextToken, logits: Float32Array, actual: number | undefined): void {
  const { probabilities, entropy, best } = distributionOf(logits)
  expect(next.top.map((token) => token.id)).toEqual(best.slice(0, next.top.length))
  for (const token of next.top) {
    expect(token.logit).toBe(logits[token.id])
    // float32 exponentials: some units in the last place of a probability
    expect(token.probability).toBeCloseTo(probabilities[token.id]!, 6)
  }
  // 50257 terms p log(p) of float32 probabilities, each off by about 1e-6 of itself
  expect(next.entropy).toBeCloseTo(entropy, 4)
  if (actual === undefined) {
    expect(next.actual).toBeNull()
    return
  }
  expect(next.actual!.probability).toBeCloseTo(probabilities[actual]!, 6)
  expect(next.actual!.rank).toBe(1 + logits.filter((logit) => logit > logits[actual]!).length)
}

describe.each(builds)('$variant with $threads threads', ({ variant, threads }) => {
  let engine: Engine
  let playground: Playground

  beforeAll(async () => {
    engine = await startEngine(variant, threads)
    playground = await readJson('tests/golden/demo_playground.json')
    const fractions: number[] = []
    const info = await engine.loadModel(demoModel(), { name: 'demo' }, { onProgress: (f) => fractions.push(f) })
    expect(info).toMatchObject({ name: 'demo', format: 'int8', config: { nLayers: 8, nHeads: 4, dModel: 256 } })
    expect(fractions.at(-1)).toBe(1)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  })

  afterAll(() => engine.close())

  const ids = () => playground.tokens.map((token) => token.id)

  it('tokenizes', async () => {
    const { tokens } = await engine.tokenize(playground.sentence)
    expect(tokens.map(({ id, bytes }) => ({ id, text: textOf(bytes) }))).toEqual(playground.tokens)
    const { tokens: pieces, groups } = await engine.tokenize('ả 😀')
    expect(pieces.flatMap(({ bytes }) => [...bytes])).toEqual([...new TextEncoder().encode('ả 😀')])
    expect(groups.map((first) => pieces[first]!.begin)).toEqual([0, 3])
  })

  it('takes <|endoftext|> as text, or as the special token', async () => {
    const idsOf = async (special: boolean) =>
      (await engine.tokenize('a<|endoftext|>', { special })).tokens.map((token) => token.id)
    expect(await idsOf(true)).toEqual([64, 50256])
    expect(await idsOf(false)).toEqual([64, 27, 91, 437, 1659, 5239, 91, 29])
    expect((await engine.tokenize('a\0b')).tokens.map((token) => token.id)).toEqual([64, 188, 65])
  })

  it('holds the weights in little more memory than they need', () => {
    const { heapBytes, weightBytes, fileBytes } = engine.model!
    expect(weightBytes).toBeLessThanOrEqual(fileBytes)
    expect(heapBytes).toBeLessThanOrEqual(1.3 * weightBytes)
  })

  it('predicts and attends as PyTorch does', async () => {
    const { next, patterns } = await engine.inspect({ ids: ids(), top: 5, lensTop: 0, patternLayers: [2] })
    const top = next.at(-1)!.top
    expect(top.map((token) => token.id)).toEqual(playground.next.map((token) => token.id))
    for (const [i, token] of top.entries()) {
      // The golden file rounds to 5 digits.
      expect(token.logit).toBeCloseTo(playground.next[i]!.logit, 4)
      expect(token.probability).toBeCloseTo(playground.next[i]!.probability, 4)
    }
    const { layer, head, query, row } = playground.attention
    const n = ids().length
    const ours = patterns.get(layer)!.slice((head * n + query) * n, (head * n + query + 1) * n)
    expect(largestDifference(ours, Float32Array.from(row))).toBeLessThan(1e-5)
  })

  it('reads distributions as the logits are', async () => {
    const request = { ids: ids(), top: 3, lensTop: 2, patternLayers: [5, 0, 5] }
    const { next, lens, patterns } = await engine.inspect(request)
    const captured = await engine.capture({ ids: ids(), hooks: ['logits', 'blocks.5.attn.hook_pattern'] })
    const { shape, values } = captured.get('logits')!
    const n = ids().length
    expect(shape).toEqual([n, 50257])
    for (const position of [0, 5, n - 1]) {
      const row = values.subarray(position * 50257, (position + 1) * 50257)
      expectDistribution(next[position]!, row, ids()[position + 1])
    }
    expect(lens).toHaveLength(9)
    expect(lens.at(-1)).toEqual(next.map(({ top }) => top.slice(0, 2)))
    expect(lens.every((layer) => layer.length === n && layer.every((top) => top.length === 2))).toBe(true)
    expect([...patterns.keys()]).toEqual([5, 0])
    expect(patterns.get(5)).toEqual(captured.get('blocks.5.attn.hook_pattern')!.values)
  })

  it('generates the same with the same seed, and greedily what it finds most probable', async () => {
    const request = { ids: ids(), nTokens: 8, temperature: 0.9, topK: 50, topP: 0.95, seed: 7 }
    const tokens: number[] = []
    const first = await engine.generate(request, (token) => tokens.push(token.id))
    expect(first.ids).toHaveLength(8)
    expect(tokens).toEqual(first.ids)
    expect((await engine.generate(request, () => undefined)).ids).toEqual(first.ids)
    expect((await engine.generate({ ...request, seed: 8 }, () => undefined)).ids).not.toEqual(first.ids)

    const probabilities: number[] = []
    const greedy = await engine.generate({ ...request, temperature: 0 }, (token) => probabilities.push(token.probability))
    const whole = await engine.inspect({ ids: [...ids(), ...greedy.ids], top: 1, lensTop: 0, patternLayers: [] })
    const best = whole.next.slice(ids().length - 1, -1).map(({ top }) => top[0]!)
    expect(greedy.ids).toEqual(best.map((token) => token.id))
    expect(probabilities).toEqual(best.map((token) => token.probability))
  })

  it('stops generating where the context is full', async () => {
    const full = Array.from({ length: 1022 }, (_, i) => i)
    const request = { ids: full, nTokens: 9, temperature: 0, topK: 0, topP: 1, seed: 1 }
    // Positions 1022 and 1023 take the first two new tokens; the third needs no position.
    expect((await engine.generate(request, () => undefined)).ids).toHaveLength(3)
  })

  it('captures every hook as PyTorch computes it', async () => {
    const golden = await readJson<GoldenSet>('tests/golden/gpt2_tiny/index.json')
    const configJson = await readFile(fromRoot('tests/golden/gpt2_tiny/config.json'), 'utf8')
    const tiny = await startEngine(variant, threads)
    await tiny.loadModel(diskBlob('tests/golden/gpt2_tiny/model.safetensors'), { name: 'tiny', configJson })
    for (const { name, file, tokens, rounding } of golden.cases) {
      if (!['sentence', 'longest', 'single'].includes(name)) continue
      const expected = await readTensors(`tests/golden/gpt2_tiny/${file}`)
      const hooks = [...expected.keys()].filter((hook) => !/^(gradient|logit_lens)\./.test(hook))
      const captured = await tiny.capture({ ids: tokens, hooks })
      for (const hook of hooks) expectClose(hook, captured.get(hook)!, expected.get(hook)!.values, rounding[hook]!)
    }
    const { prompt, tokens } = golden.generation
    const request = { ids: prompt, nTokens: tokens.length, temperature: 0, topK: 0, topP: 1, seed: 0 }
    expect((await tiny.generate(request, () => undefined)).ids).toEqual(tokens)
    tiny.close()
  })
})

function expectClose(hook: string, captured: Captured, expected: Float32Array, rounding: number): void {
  expect(captured.values, hook).toHaveLength(expected.length)
  expect(captured.shape.reduce((a, b) => a * b), hook).toBe(expected.length)
  const allowed = tolerance(rounding, finiteLargest(expected))
  expect(largestDifference(captured.values, expected), hook).toBeLessThanOrEqual(allowed)
}

const bitsOf = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

it('computes the same bits in every build and with any number of threads', async () => {
  const { tokens } = await readJson<Playground>('tests/golden/demo_playground.json')
  const ids = tokens.map((token) => token.id)
  const hooks = ['logits', 'blocks.3.attn.hook_pattern']
  const results: Map<string, Captured>[] = []
  for (const { variant, threads } of [...builds, { variant: 'simd-threads' as const, threads: 3 }]) {
    const engine = await startEngine(variant, threads)
    await engine.loadModel(demoModel(), { name: 'demo', format: 'f32' })
    results.push(await engine.capture({ ids, hooks }))
    engine.close()
  }
  for (const hook of hooks) {
    const [first, ...others] = results.map((captured) => bitsOf(captured.get(hook)!.values))
    for (const other of others) expect(other.equals(first!), hook).toBe(true)
  }
})
