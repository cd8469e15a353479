import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, EngineError, LessonRequest, LessonResult } from '../../web/engine/engine'
import { builds, demoModel, fromRoot, readJson, startEngine } from './node_engine'

const simulation: LessonRequest = {
  name: 'sae-simulation',
  protocol: 'corrected',
  seed: 1,
  settings: { n_samples: '300', epochs: '30', n_seeds: '2' },
}
const inspection = { ids: [464, 1468], top: 1, lensTop: 0, patternLayers: [] }

async function faultOf(promise: Promise<unknown>): Promise<EngineError> {
  const fault: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  expect(fault).toMatchObject({ name: 'EngineError' })
  return fault as EngineError
}

describe.each(builds)('$variant with $threads threads', ({ variant, threads }) => {
  let engine: Engine

  beforeAll(async () => {
    engine = await startEngine(variant, threads)
  })
  afterAll(() => engine.close())

  it('describes the lessons and their parameters', async () => {
    const lessons = await engine.lessons()
    const simulated = lessons.find(({ name }) => name === 'sae-simulation')!
    expect(simulated).toMatchObject({ folder: '01-sae-mo-phong', needs_model: false })
    for (const { parameters } of lessons) {
      for (const parameter of parameters) {
        expect(parameter.meaning, parameter.name).not.toBe('')
        if (parameter.kind === 'choice') expect(parameter.choices).toContain(parameter.fallback)
        if (parameter.kind === 'integer' || parameter.kind === 'real') {
          expect(parameter.fallback).toBeGreaterThanOrEqual(parameter.minimum!)
          expect(parameter.fallback).toBeLessThanOrEqual(parameter.maximum!)
        }
      }
    }
  })

  it('runs a simulation before any model is there', async () => {
    expect(engine.model).toBeNull()
    const fractions: number[] = []
    const points: [string, number, number][] = []
    const result = await engine.runLesson(simulation, {
      onProgress: (fraction) => fractions.push(fraction),
      onPoint: (...point) => points.push(point),
    })
    expect(result).toMatchObject({ lesson: 'sae-simulation', protocol: 'corrected', seed: 1, model: '', build: `wasm-${variant}` })
    expect(result.parameters).toMatchObject({ epochs: 30 })
    expect(result.claims.length).toBeGreaterThan(10)
    expect(Object.keys(result.figures).length).toBeGreaterThan(10)
    expect(result.arrays.size).toBeGreaterThan(0)
    for (const [name, { shape, values }] of result.arrays) {
      expect(values, name).toHaveLength(shape.reduce((a, b) => a * b, 1))
    }
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(points.every(([series, , value]) => series !== '' && Number.isFinite(value))).toBe(true)
  })

  it('says what it cannot run', async () => {
    expect((await faultOf(engine.runLesson({ ...simulation, name: 'sae-simulated' }))).details).toMatchObject({ name: 'lesson' })
    expect(await faultOf(engine.runLesson({ ...simulation, settings: { epochs: '-1' } }))).toMatchObject({
      code: 'invalid_argument',
      details: { name: 'epochs', value: '-1' },
    })
    expect((await faultOf(engine.runLesson({ ...simulation, settings: { epoch: '1' } }))).details.name).toBe('epoch')
    expect((await faultOf(engine.runLesson({ ...simulation, protocol: 'own' }))).details.name).toBe('protocol')
    expect((await faultOf(engine.runLesson({ ...simulation, seed: -1 }))).details.name).toBe('seed')
    expect((await faultOf(engine.runLesson({ ...simulation, settings: { epochs: 1 } as never }))).details.name).toBe('settings.epochs')
    expect((await faultOf(engine.runLesson({ ...simulation, settings: null as never }))).details.name).toBe('settings')
    expect((await faultOf(engine.runLesson({ ...simulation, name: 'ged-him-her', settings: {} }))).code).toBe('model_missing')
  })

  it('answers others beside it, and names the model it ran on', async () => {
    await engine.loadModel(demoModel(), { name: 'demo' })
    const settings = { sweep: 'false', n_permutations: '2', n_layer_permutations: '1', n_folds: '2' }
    const running = engine.runLesson({ name: 'ged-him-her', protocol: 'corrected', seed: 1, settings })
    expect((await engine.inspect(inspection)).next).toHaveLength(2)
    expect((await running).model).toBe('demo')
  })
})

// In Node.js the core runs in the caller's thread: without threads nothing can be heard while it computes.
describe('simd-threads', () => {
  it('stops within half a second, and the model lives on', async () => {
    const engine = await startEngine('simd-threads', 2)
    await engine.loadModel(demoModel(), { name: 'demo' })
    const abort = new AbortController()
    const long = { ...simulation, settings: {} }
    let cancelled = 0
    const onProgress = () => {
      cancelled ||= performance.now()
      abort.abort()
    }
    expect((await faultOf(engine.runLesson(long, { signal: abort.signal, onProgress }))).code).toBe('cancelled')
    expect((await engine.inspect(inspection)).next).toHaveLength(2) // in line behind the cancel
    expect(performance.now() - cancelled).toBeLessThan(500)
    const again = await engine.runLesson(simulation)
    expect(again.claims.length).toBeGreaterThan(10)
    engine.close()
  })

  it('answers others while networks train side by side', async () => {
    const engine = await startEngine('simd-threads', 2)
    await engine.loadModel(demoModel(), { name: 'demo' })
    let done = 0
    const answeredAt: Promise<number>[] = []
    const onProgress = (fraction: number) => {
      done = fraction
      if (fraction > 0 && answeredAt.length === 0) answeredAt.push(engine.inspect(inspection).then(() => done))
    }
    // Four kinds of network, 600 of each. A request has some hundred loops. Were each to wait for all networks of a kind, the
    // last kind would have begun before the answer came; each waits for a batch of two, or on a busy machine for a few.
    const settings = { n_samples: '300', epochs: '50', n_seeds: '600', n_grid_seeds: '0' }
    await engine.runLesson({ ...simulation, settings }, { onProgress })
    expect(await answeredAt[0]).toBeLessThan(0.75)
    engine.close()
  })
})

type Figures = Pick<LessonResult, 'figures' | 'controls' | 'claims'>

/** The same run by the `soi` command. */
function runNatively({ name, protocol, seed, settings }: LessonRequest): Figures {
  const program = fromRoot(`${process.env.SOI_BUILD_FOLDER ?? 'build'}/native-release/tools/cli/soi`)
  if (!existsSync(program)) throw new Error(`${program} is missing: build the target soi_cli first.`)
  const given = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const call = ['lesson', name, '--model', 'demo', '--protocol', protocol, '--seed', String(seed), '--json', ...given]
  return JSON.parse(execFileSync(program, call, { encoding: 'utf8', maxBuffer: 1 << 28 })) as Figures
}

/** The math libraries differ in the last place of a double; some thousand float32 operations follow on it. */
const tolerance = 1e-4

function expectClose(ours: (number | null)[], theirs: (number | null)[], name: string): void {
  expect(ours.length, name).toBe(theirs.length)
  const largest = Math.max(...theirs.map((value) => Math.abs(value ?? 0)))
  for (const [i, value] of ours.entries()) {
    const other = theirs[i] ?? null
    expect(value === null, name).toBe(other === null)
    if (value === null || other === null) continue
    expect(Math.abs(value - other), name).toBeLessThanOrEqual(tolerance * Math.max(largest, 1e-6))
  }
}

it('finds the same numbers in every build, bit for bit, and natively within rounding', async () => {
  const small = await readJson<Record<string, Record<string, string>>>('tests/core/experiments/small_runs.json')
  const engines = await Promise.all(
    [...builds, { variant: 'simd-threads' as const, threads: 4 }].map(async ({ variant, threads }) => {
      const engine = await startEngine(variant, threads)
      await engine.loadModel(demoModel(), { name: 'demo' })
      return engine
    }),
  )
  for (const { name } of await engines[0]!.lessons()) {
    const request = { name, protocol: 'corrected', seed: 5, settings: small[name]! }
    const results: LessonResult[] = []
    for (const engine of engines) results.push(await engine.runLesson(request))
    const [first, ...others] = results.map((result) => ({ ...result, build: '', seconds: 0 }))
    for (const other of others) expect(other, name).toEqual(first)
    const native = runNatively(request)
    expect(Object.keys(first!.figures)).toEqual(Object.keys(native.figures))
    const listOf = (value: number | null | (number | null)[]) => (Array.isArray(value) ? value : [value])
    for (const [figure, { value }] of Object.entries(first!.figures)) {
      expectClose(listOf(value), listOf(native.figures[figure]!.value), `${name}: ${figure}`)
    }
    expect(first!.claims.map(({ id, verdict }) => [id, verdict])).toEqual(native.claims.map(({ id, verdict }) => [id, verdict]))
  }
  for (const engine of engines) engine.close()
}, 600_000) // five experiments in three engines, and natively
