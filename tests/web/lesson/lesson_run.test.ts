// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import { type Engine, EngineError, type LessonOptions, type LessonRequest, type LessonResult } from '../../../web/engine/engine'
import { LessonRun } from '../../../web/lesson/lesson_run'
import { initialSettings } from '../../../web/lesson/settings'
import { ModelSession } from '../../../web/models/session'
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
