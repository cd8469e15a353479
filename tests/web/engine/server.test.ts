import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CoreModule, Job, Outcome, Session as CoreSession } from '../../../web/engine/module'
import type { FromWorker, RequestName } from '../../../web/engine/protocol'
import { Server } from '../../../web/engine/server'

type AnyJob = Job<RequestName>

const failure = (code: 'cancelled' | 'text_empty'): { error: never } =>
  ({ error: { code, message: code, hint: '', details: {} } }) as { error: never }

/** Takes `steps` steps of `milliseconds` each; a token comes with every step. */
function jobOf(steps: number, milliseconds: number, changes: Partial<Pick<AnyJob, 'takeResult'>> = {}) {
  let taken = 0
  return {
    advance: vi.fn(() => {
      const end = performance.now() + milliseconds
      while (performance.now() < end);
      taken++
      return { value: { done: taken >= steps, fraction: taken / steps, event: { id: taken, logit: 0, probability: 1 } } }
    }),
    takeResult: vi.fn(() => ({ value: { ids: [taken], cancelled: false, seconds: 0 } })),
    cancel: vi.fn(() => ({ value: { ids: [taken], cancelled: true, seconds: 0 } })),
    delete: vi.fn(),
    ...changes,
  }
}

let posted: FromWorker[]
let transferred: Transferable[]
let server: Server
let nextOutcome: Outcome<AnyJob>
const load = vi.fn<CoreSession['load']>()
const Session = vi.fn(function () {
  return { load, start: () => nextOutcome }
})

const generation = { ids: [0], nTokens: 3, temperature: 1, topK: 0, topP: 1, seed: 1 }
const generate = (id: number) => server.receive({ kind: 'request', id, name: 'generate', request: generation })

beforeEach(async () => {
  posted = []
  transferred = []
  server = new Server({
    post: (message, transfer) => {
      posted.push(message)
      transferred.push(...transfer)
    },
    readerOf: () => () => null,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    instantiate: () => Promise.resolve({ Session } as unknown as CoreModule),
  })
  await server.receive({ kind: 'start', glue: '', module: {}, threads: 1 })
  expect(posted).toEqual([{ kind: 'ready' }])
  posted = []
})

describe('Server', () => {
  it('answers with events, then the result', async () => {
    const job = jobOf(2, 0)
    nextOutcome = { value: job }
    await generate(7)
    expect(posted).toEqual([
      { kind: 'event', id: 7, event: { id: 1, logit: 0, probability: 1 } },
      { kind: 'event', id: 7, event: { id: 2, logit: 0, probability: 1 } },
      { kind: 'result', id: 7, result: { ids: [2], cancelled: false, seconds: 0 } },
    ])
    expect(job.delete).toHaveBeenCalledOnce()
  })

  it('hears a cancel between two slices of time', async () => {
    const job = jobOf(1000, 2)
    nextOutcome = { value: job }
    const answering = generate(7)
    setTimeout(() => void server.receive({ kind: 'cancel', id: 7 }))
    await answering
    expect(posted.at(-1)).toMatchObject({ kind: 'result', result: { cancelled: true } })
    expect(job.advance.mock.calls.length).toBeLessThan(100)
    expect(job.delete).toHaveBeenCalledOnce()
  })

  it('runs two requests side by side', async () => {
    nextOutcome = { value: jobOf(100, 2) }
    const long = generate(1)
    nextOutcome = { value: jobOf(1, 0) }
    await generate(2)
    expect(posted.find((message) => message.kind === 'result')).toMatchObject({ id: 2 })
    await server.receive({ kind: 'cancel', id: 1 })
    await long
  })

  it('reports progress on the way', async () => {
    nextOutcome = { value: jobOf(4, 17) }
    await generate(7)
    const fractions = posted.flatMap((message) => (message.kind === 'progress' ? [message.fraction] : []))
    expect(fractions).toEqual([0.25, 0.5, 0.75])
  })

  it('reports from within a step that is long', async () => {
    const advance = vi.fn<AnyJob['advance']>((onStep) => {
      onStep({ done: false, fraction: 0.5, event: { id: 1, logit: 0, probability: 1 } })
      onStep({ done: false, fraction: 0.75 })
      return { value: { done: true, fraction: 1 } }
    })
    nextOutcome = { value: { ...jobOf(1, 0), advance } }
    await generate(7)
    expect(posted.slice(0, -1)).toEqual([
      { kind: 'event', id: 7, event: { id: 1, logit: 0, probability: 1 } },
      { kind: 'progress', id: 7, fraction: 0.5 },
      { kind: 'progress', id: 7, fraction: 0.75 },
    ])
  })

  it("answers a core's error with its data, and goes on", async () => {
    nextOutcome = failure('text_empty')
    await generate(7)
    expect(posted).toEqual([{ kind: 'error', id: 7, error: { code: 'text_empty', message: 'text_empty', hint: '', details: {} } }])
    nextOutcome = { value: { ...jobOf(3, 0), advance: () => failure('text_empty') } }
    await generate(8)
    expect(posted.at(-1)).toMatchObject({ kind: 'error', id: 8 })
  })

  it('says that a file of the core cannot be had', async () => {
    posted = []
    const parts = { post: (message: FromWorker) => posted.push(message), readerOf: () => () => null, pause: () => Promise.resolve() }
    const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) // an empty one
    await new Server(parts).receive({ kind: 'start', glue: 'file:///nowhere/soi.js', module, threads: 1 })
    expect(posted).toMatchObject([{ kind: 'crash', error: { code: 'io_error', details: { path: 'file:///nowhere/soi.js' } } }])
  })

  it('says that the core crashed when something else is thrown', async () => {
    const advance = () => {
      throw new WebAssembly.RuntimeError('unreachable')
    }
    nextOutcome = { value: { ...jobOf(3, 0), advance } }
    await generate(7)
    expect(posted).toMatchObject([{ kind: 'crash', error: { code: 'internal', message: 'RuntimeError: unreachable' } }])
  })

  it('tells an allocation that JavaScript could not make from a defect', async () => {
    const takeResult = () => {
      throw new RangeError('Array buffer allocation failed')
    }
    nextOutcome = { value: jobOf(1, 0, { takeResult }) }
    await generate(7)
    expect(posted.at(-1)).toMatchObject({ kind: 'crash', error: { code: 'out_of_memory' } })
  })

  it('moves the arrays of a result, however deep they lie', async () => {
    const shallow = new Int32Array(2)
    const deep = new Float32Array(3)
    const result = { ids: shallow, lens: { patterns: [deep] } } as never
    nextOutcome = { value: jobOf(1, 0, { takeResult: () => ({ value: result }) }) }
    await generate(7)
    expect(transferred).toEqual([shallow.buffer, deep.buffer])
  })

  it('loads with progress, from the file that came', async () => {
    load.mockImplementation((request, fileBytes, _readSlice, onProgress) => {
      onProgress(0.5)
      return { value: { name: request.name, fileBytes } as never }
    })
    await server.receive({ kind: 'load', id: 3, file: new Blob(['12345']), request: { name: 'a' } })
    expect(posted).toEqual([
      { kind: 'progress', id: 3, fraction: 0.5 },
      { kind: 'result', id: 3, result: { name: 'a', fileBytes: 5 } },
    ])
  })
})
