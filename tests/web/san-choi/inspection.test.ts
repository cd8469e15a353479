import { beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '../../../web/engine/engine'
import { Inspection } from '../../../web/san-choi/inspection'
import { FakeEngine, inspectResult, modelInfo } from '../fake_engine'

let engine: FakeEngine
let inspection: Inspection

const settled = () => new Promise((resolve) => setTimeout(resolve))

/** Answers the call that came last. */
async function answer(seconds?: number): Promise<void> {
  const { request, resolve } = engine.inspections.at(-1)!
  resolve(inspectResult(request, seconds))
  await settled()
}

async function begin(text: string, config = {}): Promise<void> {
  engine = new FakeEngine()
  engine.model = modelInfo('m', config)
  inspection = new Inspection()
  await inspection.setText(text)
  inspection.setEngine(engine)
  await settled()
}

beforeEach(() => begin('abc'))

describe('an inspection', () => {
  it('asks for distributions and patterns first, then for the lens', async () => {
    expect(engine.inspections.map(({ request }) => request)).toMatchObject([
      { ids: [97, 98, 99], lensTop: 0, patternLayers: [0, 1] },
    ])
    await answer()
    expect(inspection.state.next!.value).toHaveLength(3)
    expect(engine.inspections.at(-1)!.request).toMatchObject({ top: 1, patternLayers: [] })
    await answer()
    expect(inspection.state.lensRun).toMatchObject({ kind: 'done', model: 'm', seconds: 0.01 })
  })

  it('reads what the context holds of a long text', async () => {
    await inspection.setText('0123456789')
    expect(inspection.state.text!.kept).toHaveLength(8)
    expect(inspection.state.text!.tokenized.tokens).toHaveLength(10)
    expect(engine.inspections.at(-1)!.request.ids).toHaveLength(8)
  })

  it('cancels the run over an older text, and shows none of it', async () => {
    const [first] = engine.inspections
    await inspection.setText('xy')
    expect(first!.options.signal!.aborted).toBe(true)
    await settled()
    await answer()
    expect(inspection.state.next!.input.ids).toEqual([120, 121])
  })

  it('keeps an older result, and says that it is stale', async () => {
    await answer()
    const { next } = inspection.state
    expect(inspection.isStale(next)).toBe(false)
    await inspection.setText('xy')
    expect(inspection.state.next).toBe(next)
    expect(inspection.isStale(next)).toBe(true)
  })

  it('has nothing to run on in an empty text', async () => {
    await inspection.setText('')
    expect(inspection.input).toBeNull()
    expect(inspection.state).toMatchObject({ nextRun: { kind: 'idle' }, lensRun: { kind: 'idle' } })
  })

  it('waits for the reader before a run that will be long', async () => {
    await answer(30)
    await answer(30)
    await inspection.setText('abcdef')
    expect(inspection.state.nextRun).toEqual({ kind: 'ready', estimate: 60, hasOlder: true })
    expect(inspection.state.lensRun).toMatchObject({ kind: 'ready' })
    const before = engine.inspections.length
    inspection.run('nextRun')
    expect(engine.inspections).toHaveLength(before + 1)
  })

  it('stops where the reader says so', async () => {
    inspection.cancel('nextRun')
    await settled()
    expect(inspection.state.nextRun).toEqual({ kind: 'cancelled' })
  })

  it('tells why a run failed', async () => {
    engine.inspections[0]!.reject(new EngineError('out_of_memory', 'Full.'))
    await settled()
    expect(inspection.state.nextRun).toMatchObject({ kind: 'failed', error: { code: 'out_of_memory' } })
  })

  it('asks for one layer at a time where the patterns of all are too large', async () => {
    await begin('a'.repeat(400), { nLayers: 12, nHeads: 12, nCtx: 1024 })
    expect(engine.inspections[0]!.request.patternLayers).toEqual([0])
    await answer()
    await answer()
    inspection.setLayer(5)
    expect(engine.inspections.at(-1)!.request).toMatchObject({ patternLayers: [5], lensTop: 0 })
    await answer()
    expect([...inspection.state.patterns!.value.keys()]).toEqual([0, 5])
  })

  it('asks for the last layer where a link names one beyond it', async () => {
    await answer()
    await answer()
    const before = engine.inspections.length
    inspection.setLayer(11)
    expect(engine.inspections).toHaveLength(before)
    await begin('a'.repeat(400), { nLayers: 12, nHeads: 12, nCtx: 1024 })
    inspection.setLayer(99)
    await inspection.setText('b'.repeat(400))
    expect(engine.inspections.at(-1)!.request.patternLayers).toEqual([11])
  })

  it('asks for a layer that was chosen while others were computed', async () => {
    await begin('a'.repeat(400), { nLayers: 12, nHeads: 12, nCtx: 1024 })
    inspection.setLayer(5)
    await answer()
    expect(engine.inspections.map(({ request }) => request.patternLayers)).toContainEqual([5])
  })
})
