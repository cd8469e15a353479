// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Engine, EngineError, type LessonOptions, type LessonRequest, type LessonResult } from '../../../web/engine/engine'
import { LessonRun } from '../../../web/lesson/lesson_run'
import { initialSettings } from '../../../web/lesson/settings'
import { ModelSession } from '../../../web/models/session'
import { FakeEngine, modelInfo } from '../fake_engine'
import { aResult, spec } from './a_result'

type RunLesson = (request: LessonRequest, options: LessonOptions) => Promise<LessonResult>

function runWith(runLesson: RunLesson) {
  const engine = { build: { variant: 'simd', threads: 1 }, model: null, runLesson, close: () => undefined } as unknown as Engine
  const onChange = vi.fn()
  const session = new ModelSession(() => Promise.resolve(engine))
  return { onChange, run: new LessonRun(spec, session, () => null, onChange) }
}

describe('a run', () => {
  it('of a simulation needs no model; it is asked for what the reader set', async () => {
    const runLesson = vi.fn<RunLesson>(() => Promise.resolve(aResult()))
    const { run } = runWith(runLesson)
    const outcome = await run.start({ ...initialSettings, seed: 3, given: { epochs: '5' } })
    expect(outcome).toEqual({ result: aResult(), build: { variant: 'simd', threads: 1 }, model: null })
    expect(runLesson.mock.calls[0]![0]).toEqual({ name: 'sae-simulation', protocol: 'corrected', seed: 3, settings: { epochs: '5' } })
    expect(run.activity).toEqual({ kind: 'idle' })
  })

  it('gathers points as they come', async () => {
    const { run } = runWith((_, { onPoint }) => {
      onPoint?.('mse', 0, 3)
      onPoint?.('mse', 1, 2)
      return Promise.resolve(aResult())
    })
    await run.start(initialSettings)
    expect(run.series.get('mse')).toEqual({ steps: [0, 1], values: [3, 2] })
  })

  it('that is cancelled leaves no result, and says so', async () => {
    const { run } = runWith((_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new EngineError('cancelled', '')))))
    const ended = run.start(initialSettings)
    await vi.waitUntil(() => run.activity.kind === 'running')
    expect(run.isBusy).toBe(true)
    run.cancel()
    expect(await ended).toBeNull()
    expect(run.activity).toEqual({ kind: 'cancelled' })
    expect(run.isBusy).toBe(false)
  })

  it('that fails says why', async () => {
    const { run } = runWith(() => Promise.reject(new EngineError('invalid_argument', 'no', '', { name: 'epochs' })))
    expect(await run.start(initialSettings)).toBeNull()
    expect(run.activity).toMatchObject({ kind: 'failed', error: { code: 'invalid_argument', details: { name: 'epochs' } } })
  })

  describe('of a model', () => {
    const file = (name: string) => ({ kind: 'file', file: new File(['weights'], name) }) as const
    const settled = () => new Promise((resolve) => setTimeout(resolve))
    let engine: FakeEngine
    let session: ModelSession
    let run: LessonRun

    beforeEach(() => {
      engine = new FakeEngine()
      session = new ModelSession(() => Promise.resolve(engine))
      run = new LessonRun({ ...spec, needs_model: true }, session, () => null, () => undefined)
    })

    it('waits for the load that goes on, also where another replaces it', async () => {
      void session.load(file('a'))
      const ended = run.start(initialSettings)
      await settled()
      void session.load(file('b'))
      await settled()
      expect(run.activity.kind).toBe('loading')
      engine.loads.at(-1)!.resolve(modelInfo('b'))
      await vi.waitUntil(() => engine.runs.length === 1)
      engine.runs[0]!.resolve(aResult({ model: 'b' }))
      expect(await ended).toMatchObject({ model: { name: 'b' }, build: { variant: 'simd' } })
    })

    it('takes no older model for the one that could not be loaded', async () => {
      const loaded = session.load(file('a'))
      await settled()
      engine.loads[0]!.resolve(modelInfo('a'))
      await loaded
      void session.load(file('b'))
      const ended = run.start(initialSettings)
      await settled()
      engine.loads[1]!.reject(new EngineError('file_empty', 'Empty.'))
      expect(await ended).toBeNull()
      expect(run.activity).toMatchObject({ kind: 'failed', error: { code: 'file_empty' } })
    })

    it('can be stopped while it waits', async () => {
      void session.load(file('a'))
      const ended = run.start(initialSettings)
      await settled()
      run.cancel()
      expect(await ended).toBeNull()
      expect(run.activity).toEqual({ kind: 'cancelled' })
    })
  })

  it('that is started again replaces the one that goes on', async () => {
    let calls = 0
    const { run } = runWith((_, { signal }) => {
      if (++calls > 1) return Promise.resolve(aResult({ seed: 2 }))
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new EngineError('cancelled', ''))))
    })
    const first = run.start(initialSettings)
    await vi.waitUntil(() => run.activity.kind === 'running')
    const second = run.start({ ...initialSettings, seed: 2 })
    expect(await first).toBeNull()
    expect((await second)?.result.seed).toBe(2)
    expect(run.activity).toEqual({ kind: 'idle' })
  })
})
