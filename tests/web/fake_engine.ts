/** An engine without a core, for the page's own logic: each byte is a token, and calls wait until the test lets them. */
import {
  type Engine,
  EngineError,
  type InspectRequest,
  type InspectResult,
  type LessonOptions,
  type LessonRequest,
  type LessonResult,
  type LessonSpec,
  type LoadRequest,
  type ModelInfo,
  type RunOptions,
  type Tokenized,
} from '../../web/engine/engine'

interface Waiting<Request, Result, Options extends RunOptions = RunOptions> {
  request: Request
  options: Options
  resolve: (result: Result) => void
  reject: (error: EngineError) => void
}

export function modelInfo(name: string, changes: Partial<ModelInfo['config']> = {}): ModelInfo {
  const config = { nLayers: 2, nHeads: 1, dModel: 4, dHead: 4, dMlp: 16, nCtx: 8, nVocab: 256, ...changes }
  return { name, config, format: 'f32', fileBytes: 1, weightBytes: 1, heapBytes: 1, seconds: 0 }
}

export class FakeEngine implements Engine {
  readonly build = { variant: 'simd', threads: 1 } as const
  model: ModelInfo | null = null
  closed = false
  readonly loads: Waiting<LoadRequest, ModelInfo>[] = []
  readonly inspections: Waiting<InspectRequest, InspectResult>[] = []
  readonly runs: Waiting<LessonRequest, LessonResult, LessonOptions>[] = []
  specs: LessonSpec[] = []

  async loadModel(_file: Blob, request: LoadRequest, options: RunOptions = {}): Promise<ModelInfo> {
    this.model = await wait(this.loads, request, options)
    return this.model
  }

  inspect(request: InspectRequest, options: RunOptions = {}): Promise<InspectResult> {
    return wait(this.inspections, request, options)
  }

  tokenize(text: string): Promise<Tokenized> {
    const bytes = new TextEncoder().encode(text)
    const tokens = Array.from(bytes, (byte, begin) => ({ id: byte, begin, end: begin + 1, bytes: bytes.slice(begin, begin + 1) }))
    return Promise.resolve({ tokens, groups: tokens.map((_, index) => index) })
  }

  generate(): never {
    throw new Error('not asked for in these tests')
  }

  capture(): never {
    throw new Error('not asked for in these tests')
  }

  lessons(): Promise<LessonSpec[]> {
    return Promise.resolve(this.specs)
  }

  runLesson(request: LessonRequest, options: LessonOptions = {}): Promise<LessonResult> {
    return wait(this.runs, request, options)
  }

  close(): void {
    this.closed = true
  }
}

/** Queues a call; it settles when the test says so, or with 'cancelled' when its signal fires. */
function wait<Request, Result, Options extends RunOptions>(
  queue: Waiting<Request, Result, Options>[],
  request: Request,
  options: Options,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    options.signal?.addEventListener('abort', () => reject(new EngineError('cancelled', 'Cancelled.')))
    queue.push({ request, options, resolve, reject })
  })
}

/** What an inspection of `ids` gives: empty but for its sizes. */
export function inspectResult({ ids, lensTop, patternLayers }: InspectRequest, seconds = 0.01): InspectResult {
  const next = ids.map(() => ({ top: [], entropy: 1, actual: null }))
  const patterns = new Map(patternLayers.map((layer) => [layer, new Float32Array(ids.length ** 2)]))
  return { next, lens: lensTop > 0 ? [ids.map(() => [])] : [], patterns, seconds }
}
