import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, startClient } from '../../../web/engine/client'
import { EngineError, type ModelInfo } from '../../../web/engine/engine'
import { FakeWorker } from './fake_worker'

const config = { nLayers: 1, nHeads: 1, dModel: 4, dHead: 4, dMlp: 16, nCtx: 8, nVocab: 3 }
const sizes = { fileBytes: 1, weightBytes: 1, heapBytes: 1, seconds: 0 }
const infoOf = (name: string): ModelInfo => ({ name, config, format: 'f32', ...sizes })
const generation = { ids: [0], nTokens: 3, temperature: 1, topK: 0, topP: 1, seed: 1 }
const inspection = { ids: [0, 1], top: 1, lensTop: 0, patternLayers: [] }
const file = new Blob(['weights'])

let workers: FakeWorker[]
let client: Client

const newest = () => workers.at(-1)!
const nthWorker = (n: number) => vi.waitUntil(() => workers[n - 1], { interval: 1 })

async function load(name: string): Promise<FakeWorker> {
  const count = workers.length
  const loading = client.loadModel(file, { name })
  const worker = await nthWorker(count + 1)
  await worker.loaded(infoOf(name))
  await loading
  return worker
}

beforeEach(async () => {
  workers = []
  client = await Client.create({ variant: 'simd', threads: 1 }, new URL('https://site.test/sub/engine/'), {
    newWorker: () => {
      workers.push(new FakeWorker())
      return newest()
    },
    compile: () => Promise.resolve({} as WebAssembly.Module),
  })
})

describe('starting', () => {
  it('takes the core from the folder of the variant', async () => {
    const compiled: string[] = []
    const compile = (url: URL) => {
      compiled.push(url.href)
      return Promise.resolve({} as WebAssembly.Module)
    }
    const worker = new FakeWorker()
    const folder = new URL('https://site.test/sub/engine/')
    await Client.create({ variant: 'simd-threads', threads: 3 }, folder, { newWorker: () => worker, compile })
    expect(compiled).toEqual(['https://site.test/sub/engine/simd-threads/soi.wasm'])
    expect(worker.received[0]).toMatchObject({
      kind: 'start',
      glue: 'https://site.test/sub/engine/simd-threads/soi.js',
      threads: 3,
    })
  })

  it('rejects where the worker cannot start', async () => {
    const worker = new FakeWorker()
    worker.postMessage = () => queueMicrotask(() => worker.onerror?.(new Event('error') as ErrorEvent))
    const parts = { newWorker: () => worker, compile: () => Promise.resolve({} as WebAssembly.Module) }
    const starting = Client.create({ variant: 'simd', threads: 1 }, new URL('https://site.test/'), parts)
    await expect(starting).rejects.toMatchObject({ code: 'internal' })
    expect(worker.terminated).toBe(true)
  })
})

describe('starting where a build cannot be fetched', () => {
  const folder = new URL('https://site.test/engine/')
  const features = { simd: true, relaxedSimd: true, sharedMemory: true, processors: 2 }
  const offline = new EngineError('io_error', 'no network')
  const lacking = (...missing: string[]) => ({
    newWorker: () => new FakeWorker(),
    compile: ({ pathname }: URL) =>
      missing.some((variant) => pathname.includes(`/${variant}/`))
        ? Promise.reject(offline)
        : Promise.resolve({} as WebAssembly.Module),
  })

  it('takes the plain build in place of the opt-in one', async () => {
    const started = await startClient(features, { relaxed: true }, folder, lacking('relaxed-threads'))
    expect(started.build).toEqual({ variant: 'simd-threads', threads: 2 })
  })

  it('takes the opt-in build where it can be had', async () => {
    const started = await startClient(features, { relaxed: true }, folder, lacking('simd-threads'))
    expect(started.build.variant).toBe('relaxed-threads')
  })

  it('rejects where the plain build is missing too, or another thing is wrong', async () => {
    const none = lacking('relaxed-threads', 'simd-threads')
    await expect(startClient(features, { relaxed: true }, folder, none)).rejects.toBe(offline)
    await expect(startClient(features, {}, folder, lacking('simd-threads'))).rejects.toBe(offline)
    const broken = new EngineError('internal', 'broken')
    const parts = { newWorker: () => new FakeWorker(), compile: () => Promise.reject(broken) }
    await expect(startClient(features, { relaxed: true }, folder, parts)).rejects.toBe(broken)
  })
})

describe('loadModel', () => {
  it('loads in a new worker, and ends the old one when the model is there', async () => {
    const [first] = workers
    const second = await load('a')
    expect(first!.terminated).toBe(true)
    expect(client.model?.name).toBe('a')
    const third = await load('b')
    expect(second.terminated).toBe(true)
    expect(third.terminated).toBe(false)
    expect(client.model?.name).toBe('b')
  })

  it('keeps the old model when the new one is refused', async () => {
    const old = await load('a')
    const loading = client.loadModel(file, { name: 'b' })
    await (await nthWorker(3)).refused('not_gpt2')
    await expect(loading).rejects.toMatchObject({ code: 'not_gpt2' })
    expect(newest().terminated).toBe(true)
    expect(old.terminated).toBe(false)
    expect(client.model?.name).toBe('a')
  })

  it('keeps the old model when the load crashes', async () => {
    const old = await load('a')
    const loading = client.loadModel(file, { name: 'b' })
    const broken = (await nthWorker(3))
    await broken.load()
    broken.crash()
    await expect(loading).rejects.toMatchObject({ code: 'internal' })
    expect(old.terminated).toBe(false)
    expect(workers).toHaveLength(3)
  })

  it('is cancelled at once, though the worker reads synchronously', async () => {
    const old = await load('a')
    const abort = new AbortController()
    const loading = client.loadModel(file, { name: 'b' }, { signal: abort.signal })
    await (await nthWorker(3)).load()
    abort.abort()
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
    expect(newest().terminated).toBe(true)
    expect(old.terminated).toBe(false)
  })

  it('starts nothing when it is cancelled before it began', async () => {
    await expect(client.loadModel(file, { name: 'a' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(workers).toHaveLength(1)
  })

  it('takes the later of two loads', async () => {
    const first = client.loadModel(file, { name: 'a' })
    const second = client.loadModel(file, { name: 'b' })
    await expect(first).rejects.toMatchObject({ code: 'cancelled' })
    await (await nthWorker(3)).loaded(infoOf('b'))
    expect((await second).name).toBe('b')
  })

  it('passes progress on', async () => {
    const fractions: number[] = []
    const loading = client.loadModel(file, { name: 'a' }, { onProgress: (fraction) => fractions.push(fraction) })
    const worker = (await nthWorker(2))
    const { id } = await worker.load()
    worker.send({ kind: 'progress', id, fraction: 0.5 })
    await worker.loaded(infoOf('a'))
    await loading
    expect(fractions).toEqual([0.5])
  })

  it('lets requests to the old model end before its worker does', async () => {
    const old = await load('a')
    const generating = client.generate(generation, () => undefined)
    const vocabulary = await old.request('vocabulary')
    old.send({ kind: 'result', id: vocabulary.id, result: { bytes: new Uint8Array(), ends: new Int32Array() } })
    const { id } = await old.request('generate')
    await load('b')
    expect(old.terminated).toBe(false)
    old.send({ kind: 'result', id, result: { ids: [1, 2, 0], cancelled: false, seconds: 1 } })
    expect((await generating).ids).toEqual([1, 2, 0])
    await vi.waitUntil(() => old.terminated, { interval: 1 })
  })
})

describe('requests', () => {
  it('tokenizes UTF-8 and cuts the text at the tokens', async () => {
    const tokenizing = client.tokenize('aé', { special: true })
    const { id, request } = await newest().request('tokenize')
    expect(request).toEqual({ text: new Uint8Array([0x61, 0xc3, 0xa9]), special: true })
    newest().send({
      kind: 'result',
      id,
      result: { ids: Int32Array.of(64, 2634), ends: Int32Array.of(1, 3), groups: Int32Array.of(0, 1) },
    })
    expect(await tokenizing).toEqual({
      tokens: [
        { id: 64, begin: 0, end: 1, bytes: Uint8Array.of(0x61) },
        { id: 2634, begin: 1, end: 3, bytes: Uint8Array.of(0xc3, 0xa9) },
      ],
      groups: [0, 1],
    })
  })

  it('rejects a cancelled request at once, and tells the worker', async () => {
    const abort = new AbortController()
    const inspecting = client.inspect(inspection, { signal: abort.signal })
    const { id } = await newest().request('inspect')
    abort.abort()
    await expect(inspecting).rejects.toMatchObject({ code: 'cancelled' })
    expect(newest().received.at(-1)).toEqual({ kind: 'cancel', id })
  })

  it('resolves a cancelled generation with the tokens so far', async () => {
    const abort = new AbortController()
    const tokens: unknown[] = []
    const generating = client.generate(generation, (token) => tokens.push(token), { signal: abort.signal })
    const worker = newest()
    const vocabulary = await worker.request('vocabulary')
    const columns = { bytes: Uint8Array.of(0x61, 0x62, 0x63), ends: Int32Array.of(1, 3, 3) }
    worker.send({ kind: 'result', id: vocabulary.id, result: columns })
    const { id } = await worker.request('generate')
    worker.send({ kind: 'event', id, event: { id: 1, logit: 2, probability: 0.5 } })
    abort.abort()
    expect(worker.received.at(-1)).toEqual({ kind: 'cancel', id })
    worker.send({ kind: 'result', id, result: { ids: [1], cancelled: true, seconds: 1 } })
    expect(await generating).toEqual({ ids: [1], cancelled: true, seconds: 1 })
    expect(tokens).toEqual([{ id: 1, logit: 2, probability: 0.5, bytes: Uint8Array.of(0x62, 0x63) }])
  })

  it('passes errors on as they are', async () => {
    const capturing = client.capture({ ids: [0], hooks: ['blocks.9.hook_q'] })
    const { id } = await newest().request('capture')
    const error = { code: 'hook_unknown' as const, message: 'No.', hint: 'Try.', details: { closest: 'x' } }
    newest().send({ kind: 'error', id, error })
    await expect(capturing).rejects.toMatchObject(error)
  })
})

describe('lessons', () => {
  const lesson = { name: 'sae-simulation', protocol: 'corrected', seed: 1, settings: { epochs: '2' } }
  const outcome = { json: '{"lesson":"sae-simulation"}', names: ['data'], arrays: [{ shape: [1], values: Float32Array.of(3) }] }
  const lessonOn = (worker: FakeWorker) => worker.request('lesson')

  it('are described as data, once', async () => {
    const asking = client.lessons()
    const { id } = await newest().request('lessons')
    newest().send({ kind: 'result', id, result: { json: '[{"name":"sae-simulation"}]' } })
    expect(await asking).toEqual([{ name: 'sae-simulation' }])
    expect(await client.lessons()).toEqual(await asking)
  })

  it('run with points and progress, and bring their arrays by name', async () => {
    const points: unknown[] = []
    const fractions: number[] = []
    const running = client.runLesson(lesson, {
      onPoint: (...point) => points.push(point),
      onProgress: (fraction) => fractions.push(fraction),
    })
    const { id, request } = await lessonOn(newest())
    expect(request).toEqual(lesson)
    const event = { series: ['loss', 'r'], steps: Float64Array.of(1, 2), values: Float64Array.of(0.5, 0.25) }
    newest().send({ kind: 'event', id, event })
    newest().send({ kind: 'progress', id, fraction: 0.5 })
    newest().send({ kind: 'result', id, result: outcome })
    expect(await running).toEqual({ lesson: 'sae-simulation', arrays: new Map([['data', outcome.arrays[0]]]) })
    expect(points).toEqual([['loss', 1, 0.5], ['r', 2, 0.25]])
    expect(fractions).toEqual([0.5])
  })

  it('are cancelled without threads by ending the worker; the model and what else was asked come back', async () => {
    const deaf = await load('a')
    const abort = new AbortController()
    const tokens: number[] = []
    const running = client.runLesson(lesson, { signal: abort.signal })
    const generating = client.generate(generation, (token) => tokens.push(token.id))
    await lessonOn(deaf)
    const vocabulary = { bytes: new Uint8Array(), ends: new Int32Array() }
    deaf.send({ kind: 'result', id: (await deaf.request('vocabulary')).id, result: vocabulary })
    deaf.send({ kind: 'event', id: (await deaf.request('generate')).id, event: { id: 1, logit: 2, probability: 0.5 } })
    abort.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(deaf.terminated).toBe(true)
    expect(client.model?.name).toBe('a')

    const replacement = await nthWorker(3)
    await replacement.loaded(infoOf('a'))
    const again = await replacement.request('generate')
    for (const token of [1, 2]) {
      replacement.send({ kind: 'event', id: again.id, event: { id: token, logit: 2, probability: 0.5 } })
    }
    replacement.send({ kind: 'result', id: again.id, result: { ids: [1, 2], cancelled: false, seconds: 1 } })
    expect((await generating).ids).toEqual([1, 2])
    expect(tokens).toEqual([1, 2])
  })

  it('are cancelled with threads by a message', async () => {
    const worker = new FakeWorker()
    const parts = { newWorker: () => worker, compile: () => Promise.resolve({} as WebAssembly.Module) }
    const threaded = await Client.create({ variant: 'simd-threads', threads: 2 }, new URL('https://site.test/'), parts)
    const abort = new AbortController()
    const running = threaded.runLesson(lesson, { signal: abort.signal })
    const { id } = await lessonOn(worker)
    abort.abort()
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(worker.received.at(-1)).toEqual({ kind: 'cancel', id })
    expect(worker.terminated).toBe(false)
  })

  it('wait for each other; one that waits is cancelled without a trace', async () => {
    const first = client.runLesson(lesson)
    const abort = new AbortController()
    const second = client.runLesson({ ...lesson, seed: 2 }, { signal: abort.signal })
    const third = client.runLesson({ ...lesson, seed: 3 })
    const { id } = await lessonOn(newest())
    abort.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(newest().terminated).toBe(false)
    newest().send({ kind: 'result', id, result: outcome })
    await first
    const last = await vi.waitUntil(async () => {
      const newestRequest = await lessonOn(newest())
      return newestRequest.id === id ? null : newestRequest
    })
    expect(last.request).toMatchObject({ seed: 3 })
    newest().send({ kind: 'result', id: last.id, result: outcome })
    await third
    expect(workers).toHaveLength(1)
  })

  it('start nothing when they are cancelled before they began', async () => {
    const running = client.runLesson(lesson, { signal: AbortSignal.abort() })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(newest().received.map(({ kind }) => kind)).toEqual(['start'])
    expect(newest().terminated).toBe(false)
  })
})

describe('a crash', () => {
  it('rejects what was pending and brings the model back', async () => {
    const old = await load('a')
    const inspecting = client.inspect(inspection)
    await old.request('inspect')
    old.crash()
    await expect(inspecting).rejects.toMatchObject({ code: 'internal' })
    const replacement = (await nthWorker(3))
    expect(await replacement.load()).toMatchObject({ file, request: { name: 'a' } })
    const capturing = client.capture({ ids: [0], hooks: ['logits'] })
    await replacement.loaded(infoOf('a'))
    const { id } = await replacement.request('capture')
    const logits = { shape: [1, 3], values: Float32Array.of(1, 2, 3) }
    replacement.send({ kind: 'result', id, result: { values: [logits] } })
    expect((await capturing).get('logits')).toEqual(logits)
    expect(client.model?.name).toBe('a')
  })

  it('without a model leaves a fresh worker', async () => {
    newest().crash()
    const replacement = (await nthWorker(2))
    void client.tokenize('a')
    await replacement.request('tokenize')
  })

  it('whose recovery fails is recovered from again by the next request', async () => {
    const old = await load('a')
    old.crash()
    await (await nthWorker(3)).refused('io_error')
    await vi.waitUntil(() => newest().terminated, { interval: 1 })
    void client.tokenize('a')
    const second = (await nthWorker(4))
    await second.loaded(infoOf('a'))
    await second.request('tokenize')
  })
})

describe('close', () => {
  it('ends every worker and rejects what is pending and what comes', async () => {
    const inspecting = client.inspect(inspection)
    await newest().request('inspect')
    const loading = client.loadModel(file, { name: 'a' })
    await (await nthWorker(2)).load()
    client.close()
    await expect(inspecting).rejects.toMatchObject({ code: 'cancelled' })
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
    await expect(client.tokenize('a')).rejects.toMatchObject({ code: 'cancelled' })
    await expect(client.loadModel(file, { name: 'a' })).rejects.toMatchObject({ code: 'cancelled' })
    expect(workers.map((worker) => worker.terminated)).toEqual([true, true])
  })
})
