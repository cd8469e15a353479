/** The worker's side: one core, one model, requests run side by side in slices of time. */
import { EngineError, toErrorData } from './error'
import type { LoadRequest } from './generated/messages'
import { type CoreModule, type Job, type ReadSlice, type Session, type Step, instantiateCore, unwrap } from './module'
import type { FromWorker, Request, RequestName, Result, ToWorker } from './protocol'

/** A request's slice of time, after which the others, and "cancel", get theirs. */
const sliceMilliseconds = 16

export interface ServerParts {
  post: (message: FromWorker, transfer: Transferable[]) => void
  readerOf: (file: Blob) => ReadSlice
  /** Lets messages in. */
  pause: () => Promise<void>
  instantiate?: typeof instantiateCore
}

export class Server {
  readonly #parts: ServerParts
  readonly #running = new Map<number, { cancelled: boolean }>()
  #session: Session | null = null

  constructor(parts: ServerParts) {
    this.#parts = parts
  }

  async receive(message: ToWorker): Promise<void> {
    try {
      if (message.kind === 'start') await this.#start(message)
      else if (message.kind === 'cancel') this.#cancel(message.id)
      else await this.#answer(message)
    } catch (error) {
      this.#parts.post({ kind: 'crash', error: crashData(error) }, [])
    }
  }

  async #start({ glue, module, threads }: ToWorker & { kind: 'start' }): Promise<void> {
    const instantiate = this.#parts.instantiate ?? instantiateCore
    const core: CoreModule = await instantiate(glue, module, threads)
    this.#session = new core.Session(threads)
    this.#parts.post({ kind: 'ready' }, [])
  }

  #cancel(id: number): void {
    const running = this.#running.get(id)
    if (running) running.cancelled = true
  }

  /** Errors of the core are the request's answer; whatever else is thrown has broken the core. */
  async #answer(message: ToWorker & { kind: 'load' | 'request' }): Promise<void> {
    const { id } = message
    try {
      const result =
        message.kind === 'load'
          ? this.#load(id, message.file, message.request)
          : await this.#run(id, message.name, message.request)
      this.#parts.post({ kind: 'result', id, result }, buffersOf(result))
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      this.#parts.post({ kind: 'error', id, error: toErrorData(error) }, [])
    }
  }

  /** In one go: the page cancels it by ending the worker. */
  #load(id: number, file: Blob, request: LoadRequest) {
    const report = (fraction: number) => this.#parts.post({ kind: 'progress', id, fraction }, [])
    return unwrap(this.#core().load(request, file.size, this.#parts.readerOf(file), report))
  }

  async #run<Name extends RequestName>(id: number, name: Name, request: Request<Name>): Promise<Result<Name>> {
    const job = unwrap(this.#core().start(name, request))
    const running = { cancelled: false }
    this.#running.set(id, running)
    try {
      while (!this.#runSlice(id, job)) {
        await this.#parts.pause()
        if (running.cancelled) return unwrap(job.cancel())
      }
      return unwrap(job.takeResult())
    } finally {
      this.#running.delete(id)
      job.delete()
    }
  }

  /** Returns whether the job is done. */
  #runSlice(id: number, job: Job<RequestName>): boolean {
    const end = performance.now() + sliceMilliseconds
    for (;;) {
      const step = unwrap(job.advance((passed) => this.#report(id, passed)))
      const pausing = !step.done && performance.now() >= end
      if (pausing) this.#report(id, step)
      else this.#postEvent(id, step)
      if (step.done || pausing) return step.done
    }
  }

  #report(id: number, step: Step<RequestName>): void {
    this.#postEvent(id, step)
    this.#parts.post({ kind: 'progress', id, fraction: step.fraction }, [])
  }

  #postEvent(id: number, { event }: Step<RequestName>): void {
    if (event !== undefined) this.#parts.post({ kind: 'event', id, event }, [])
  }

  #core(): Session {
    if (!this.#session) throw new Error('A request came before the core was ready.')
    return this.#session
  }
}

/** The arrays of a result are moved to the page, not copied again. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(buffersOf)
}

function crashData(error: unknown) {
  const data = toErrorData(error)
  // JavaScript's own allocations fail with a RangeError; so does a stack overflow, which is a defect.
  const outOfMemory = error instanceof RangeError && /alloc|length/i.test(error.message)
  return outOfMemory ? { ...data, code: 'out_of_memory' as const } : data
}
