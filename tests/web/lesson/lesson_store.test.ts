// @vitest-environment happy-dom
import { type MockInstance, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LessonResult } from '../../../web/engine/engine'
import { type KeptRun, keep } from '../../../web/lesson/kept_work'
import { LessonStore } from '../../../web/lesson/lesson_store'
import { FakeEngine, modelInfo } from '../fake_engine'
import { aResult, spec } from './a_result'

const work = vi.hoisted((): { engine: unknown; kept: { run?: unknown } } => ({ engine: null, kept: {} }))
vi.mock('../../../web/engine/engine', async (original) => ({
  ...(await original<object>()),
  createEngine: () => Promise.resolve(work.engine),
}))
vi.mock('../../../web/models/model_source', async (original) => ({
  ...(await original<object>()),
  openModel: (source: { kind: string; file?: File }) => Promise.resolve({ name: source.file?.name ?? 'soi-demo', file: new Blob() }),
}))
vi.mock('../../../web/lesson/kept_work', () => ({ keep: vi.fn(() => Promise.resolve()), readKept: () => Promise.resolve(work.kept) }))

const definition = { experiment: 'sae-simulation', code: '', controls: {}, plots: {} }
const demo = { name: 'soi-demo', fileBytes: 1, format: 'f32' } as const
const settled = () => new Promise((resolve) => setTimeout(resolve))
const ofModel = (changes: Partial<LessonResult> = {}) => aResult({ model: 'soi-demo', ...changes })

let engine: FakeEngine
let listening: MockInstance<typeof window.addEventListener>

function storeAt(hash: string, needsModel = true): LessonStore {
  history.replaceState(null, '', `/page${hash}`)
  return new LessonStore(definition, { slug: '01', spec: { ...spec, needs_model: needsModel }, metas: {}, engine: 'e', demo })
}

const navigate = (hash: string) => {
  history.replaceState(null, '', `/page${hash}`)
  window.dispatchEvent(new Event('popstate'))
}

/** Answers the load that came last. */
async function loaded(name: string, changes: object = {}): Promise<void> {
  await settled()
  engine.loads.at(-1)!.resolve({ ...modelInfo(name), ...changes })
  await settled()
}

async function ran(result: LessonResult): Promise<void> {
  await vi.waitUntil(() => engine.runs.length > 0)
  engine.runs.pop()!.resolve(result)
  await settled()
}

const fileNamed = (name: string) => ({ kind: 'file', file: new File(['weights'], name) }) as const

beforeEach(() => {
  work.engine = engine = new FakeEngine()
  work.kept = {}
  listening = vi.spyOn(window, 'addEventListener')
})

afterEach(() => {
  for (const [type, listener] of listening.mock.calls) window.removeEventListener(type, listener)
})

describe('a result that is shown', () => {
  it('is that of another model where name, size or number format differ', async () => {
    const store = storeAt('')
    await store.start(Promise.resolve(ofModel()))
    void store.session.load({ kind: 'demo' })
    await loaded('soi-demo')
    expect(store.staleness).toBe('fresh')
    void store.session.load({ kind: 'demo' }, 'f16')
    await loaded('soi-demo', { format: 'f16' })
    expect(store.staleness).toBe('model')
    void store.session.load(fileNamed('soi-demo'))
    await loaded('soi-demo', { fileBytes: 2 })
    expect(store.staleness).toBe('model')
  })

  it('keeps what measured it, and is kept with what made it', async () => {
    const store = storeAt('')
    await store.start(Promise.resolve(ofModel()))
    void store.measure()
    await loaded('soi-demo')
    await ran(ofModel())
    expect(store.shown?.origin).toEqual({ kind: 'measured', build: { variant: 'simd', threads: 1 }, agreement: { kind: 'same', numbers: 15 } })
    expect(keep).toHaveBeenCalledWith('01', 'e', { run: { result: ofModel(), model: demo, engine: 'e' } })
    store.session.setRelaxed(true)
    expect(store.shown?.origin).toMatchObject({ build: { variant: 'simd' } })
  })

  it('is not compared with that of another number format', async () => {
    const store = storeAt('#format=f16')
    await store.start(Promise.resolve(ofModel()))
    void store.measure()
    await loaded('soi-demo', { format: 'f16' })
    await ran(ofModel())
    expect(store.shown?.origin).toMatchObject({ kind: 'measured', agreement: null })
  })

  it('is there before it is compared', async () => {
    const store = storeAt('', false)
    let fetched: (result: LessonResult | null) => void = () => undefined
    void store.start(new Promise((resolve) => (fetched = resolve)))
    void store.measure()
    await ran(aResult())
    expect(store.shown?.origin).toMatchObject({ kind: 'measured', agreement: null })
    fetched(aResult())
    await settled()
    expect(store.shown?.origin).toMatchObject({ kind: 'measured', agreement: { kind: 'same' } })
  })

  it('may be of an earlier visit', async () => {
    const kept: KeptRun = { result: ofModel({ seed: 8 }), model: { ...demo, format: 'int8' }, engine: 'e' }
    work.kept = { run: kept }
    const store = storeAt('')
    await store.start(Promise.resolve(ofModel()))
    expect(store.shown).toEqual({ result: kept.result, model: kept.model, origin: { kind: 'kept' } })
    expect(location.hash).toBe('#seed=8')
  })
})

it('a precomputed result that cannot be fetched is told', async () => {
  const store = storeAt('')
  await store.start(Promise.resolve(null))
  expect(store.isPrecomputedLost).toBe(true)
  expect(store.shown).toBeNull()
})

describe('a link made with a file of somebody\'s own', () => {
  it('keeps asking for it until the reader chooses', async () => {
    const store = storeAt('#model=file')
    expect(store.lacksFile).toBe(true)
    void store.measure()
    await loaded('soi-demo')
    expect([store.lacksFile, location.hash]).toEqual([true, '#model=file'])
    void store.session.load({ kind: 'demo' })
    await loaded('soi-demo')
    expect([store.lacksFile, location.hash]).toEqual([false, ''])
  })

  it('is content with a file', async () => {
    const store = storeAt('#model=file')
    void store.session.load(fileNamed('mine.safetensors'))
    await loaded('mine.safetensors')
    expect([store.lacksFile, location.hash]).toEqual([false, '#model=file'])
  })
})

describe('back, forward, or another address', () => {
  it('loads the model again in the number format and build of the address', async () => {
    const store = storeAt('')
    void store.session.load({ kind: 'demo' })
    await loaded('soi-demo')
    navigate('#format=int8&relaxed=1')
    await settled()
    expect(engine.loads.at(-1)!.request).toMatchObject({ format: 'int8' })
    expect(store.session.relaxed).toBe(true)
  })

  it('keeps the model that the reader chose, and says so in the address', async () => {
    const store = storeAt('')
    void store.session.load(fileNamed('mine.safetensors'))
    await loaded('mine.safetensors')
    expect(location.hash).toBe('#model=file')
    const loads = engine.loads.length
    navigate('#seed=4')
    expect(location.hash).toBe('#seed=4&model=file')
    expect(store.settings.seed).toBe(4)
    expect(engine.loads).toHaveLength(loads)
  })
})
