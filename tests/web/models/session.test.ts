import { beforeEach, describe, expect, it, vi } from 'vitest'
import { EngineError, type EngineOptions } from '../../../web/engine/engine'
import { ModelSession } from '../../../web/models/session'
import { FakeEngine, modelInfo } from '../fake_engine'

let engines: FakeEngine[]
let asked: EngineOptions[]
let session: ModelSession

const source = (name: string) => ({ kind: 'file', file: new File(['weights'], name) }) as const
const settled = () => new Promise((resolve) => setTimeout(resolve))

async function load(name: string): Promise<void> {
  const loading = session.load(source(name))
  await settled()
  engines.at(-1)!.loads.at(-1)!.resolve(modelInfo(name))
  await loading
}

beforeEach(() => {
  engines = []
  asked = []
  session = new ModelSession((options) => {
    asked.push(options)
    engines.push(new FakeEngine())
    return Promise.resolve(engines.at(-1)!)
  })
})

describe('a session', () => {
  it('starts the engine once, and loads with the wished format', async () => {
    await load('a')
    const again = session.load(source('b'), 'int8')
    await settled()
    expect(engines).toHaveLength(1)
    expect(engines[0]!.loads[1]!.request).toMatchObject({ name: 'b', format: 'int8' })
    engines[0]!.loads[1]!.resolve(modelInfo('b'))
    await again
    expect(session.state).toMatchObject({ model: { name: 'b' }, source: { kind: 'file' }, loading: null, error: null })
  })

  it('tells progress', async () => {
    const loading = session.load(source('a'))
    await settled()
    engines[0]!.loads[0]!.options.onProgress!(0.5)
    expect(session.state.loading).toMatchObject({ phase: 'load', fraction: 0.5 })
    engines[0]!.loads[0]!.resolve(modelInfo('a'))
    await loading
    expect(session.state.loading).toBeNull()
  })

  it('keeps the old model when a load fails', async () => {
    await load('a')
    const loading = session.load(source('b'))
    await settled()
    engines[0]!.loads[1]!.reject(new EngineError('file_empty', 'Empty.'))
    await loading
    expect(session.state).toMatchObject({ model: { name: 'a' }, error: { code: 'file_empty' } })
    expect(session.engine).toBe(engines[0])
  })

  it('keeps the old model when a load is cancelled', async () => {
    await load('a')
    const loading = session.load(source('b'))
    await settled()
    session.cancel()
    await loading
    expect(session.state).toMatchObject({ model: { name: 'a' }, loading: null, error: { code: 'cancelled' } })
  })

  it('of two loads takes the later', async () => {
    const first = session.load(source('a'))
    await settled()
    const second = session.load(source('b'))
    await settled()
    engines[0]!.loads[1]!.resolve(modelInfo('b'))
    await Promise.all([first, second])
    expect(session.state).toMatchObject({ model: { name: 'b' }, error: null })
  })

  it('takes another build with the next load, and closes the engine that is no longer needed', async () => {
    await load('a')
    session.setRelaxed(true)
    await load('a')
    expect(asked.map(({ relaxed }) => relaxed)).toEqual([false, true])
    expect(engines[0]!.closed).toBe(true)
    expect(session.engine).toBe(engines[1])
  })

  it('closes the other build, not the one in use, when its load fails', async () => {
    await load('a')
    session.setRelaxed(true)
    const loading = session.load(source('b'))
    await settled()
    engines[1]!.loads[0]!.reject(new EngineError('out_of_memory', 'Full.'))
    await loading
    expect(engines.map(({ closed }) => closed)).toEqual([false, true])
    expect(session.engine).toBe(engines[0])
  })

  it('says why no engine could be started', async () => {
    session = new ModelSession(() => Promise.reject(new EngineError('simd_missing', 'No SIMD.')))
    const changed = vi.fn()
    session.addEventListener('change', changed)
    await session.load(source('a'))
    expect(session.state).toMatchObject({ model: null, loading: null, error: { code: 'simd_missing' } })
    expect(changed).toHaveBeenCalled()
  })
})
