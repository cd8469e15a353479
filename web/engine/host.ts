/** The page's side of one worker: calls out, answers in. It ends once, by `end` or by a crash. */
import { EngineError, toEngineError } from './error'
import type { LoadRequest, ModelInfo } from './generated/messages'
import type { FromWorker, Request, RequestEvent, RequestName, Result, ToWorker } from './protocol'

/** What Host needs of a Worker. */
export interface WorkerPort {
  postMessage(message: ToWorker): void
  terminate(): void
  onmessage: ((message: MessageEvent<FromWorker>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

export interface CoreFiles {
  glue: string
  module: WebAssembly.Module
  threads: number
}

export interface CallOptions<Name extends RequestName> {
  signal?: AbortSignal
  onProgress?: (fraction: number) => void
  onEvent?: (event: RequestEvent<Name>) => void
  /** A cancelled request still has a result, and waits for it; others reject at once. */
  partial?: boolean
}

interface Pending {
  resolve: (result: never) => void
  reject: (error: EngineError) => void
  onProgress?: (fraction: number) => void
  onEvent?: (event: never) => void
}

export function cancelledError(): EngineError {
  return new EngineError('cancelled', 'Cancelled.')
}

export class Host {
  /** Resolves when requests may come; rejects if the worker ends before. */
  readonly ready: Promise<void>
  readonly #port: WorkerPort
  readonly #onEnd: (crashed: boolean) => void
  readonly #pending = new Map<number, Pending>()
  #settleReady: (error?: EngineError) => void = () => undefined
  #nextId = 0
  #ended: EngineError | null = null
  #endWhenIdle = false

  /** `onEnd` is called once, after pending calls have been rejected. */
  constructor(port: WorkerPort, files: CoreFiles, onEnd: (crashed: boolean) => void) {
    this.#port = port
    this.#onEnd = onEnd
    port.onmessage = ({ data }) => this.#receive(data)
    port.onerror = (event) => this.#crash(event)
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = (error) => (error ? reject(error) : resolve())
    })
    port.postMessage({ kind: 'start', ...files })
  }

  call<Name extends RequestName>(
    name: Name,
    request: Request<Name>,
    { signal, onProgress, onEvent, partial }: CallOptions<Name> = {},
  ): Promise<Result<Name>> {
    return this.#send({ kind: 'request', id: this.#nextId, name, request }, { onProgress, onEvent, signal, partial })
  }

  /** To cancel it, end the worker. */
  load(file: Blob, request: LoadRequest, onProgress?: (fraction: number) => void): Promise<ModelInfo> {
    return this.#send({ kind: 'load', id: this.#nextId, file, request }, { onProgress })
  }

  /** Ends the worker now; pending calls reject with `reason`. */
  end(reason: EngineError = cancelledError(), crashed = false): void {
    if (this.#ended) return
    this.#ended = reason
    this.#port.terminate()
    this.#settleReady(reason)
    for (const { reject } of this.#pending.values()) reject(reason)
    this.#pending.clear()
    this.#onEnd(crashed)
  }

  /** Ends the worker when its pending calls have been answered. */
  endWhenIdle(): void {
    this.#endWhenIdle = true
    if (this.#pending.size === 0) this.end()
  }

  #send<T>(
    message: ToWorker & { id: number },
    options: Omit<Pending, 'resolve' | 'reject'> & { signal?: AbortSignal; partial?: boolean },
  ): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended)
    const { signal, partial, onProgress, onEvent } = options
    const id = this.#nextId++
    return new Promise<T>((resolve, reject) => {
      const cancel = () => {
        this.#port.postMessage({ kind: 'cancel', id })
        if (!partial) this.#settle(id)?.reject(cancelledError())
      }
      const settled = () => signal?.removeEventListener('abort', cancel)
      this.#pending.set(id, {
        resolve: (result) => {
          settled()
          resolve(result)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
        onProgress,
        onEvent,
      })
      this.#port.postMessage(message)
      if (signal?.aborted) cancel()
      else signal?.addEventListener('abort', cancel)
    })
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#settleReady()
        break
      case 'crash':
        this.end(toEngineError(message.error), true)
        break
      case 'progress':
        this.#pending.get(message.id)?.onProgress?.(message.fraction)
        break
      case 'event':
        this.#pending.get(message.id)?.onEvent?.(message.event as never)
        break
      case 'result':
        this.#settle(message.id)?.resolve(message.result as never)
        break
      case 'error':
        this.#settle(message.id)?.reject(toEngineError(message.error))
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    // Not before the caller has been answered.
    if (this.#endWhenIdle && this.#pending.size === 0) queueMicrotask(() => this.end())
    return pending
  }

  #crash(event: ErrorEvent): void {
    event.preventDefault()
    this.end(new EngineError('internal', event.message || 'The worker could not be started.'), true)
  }
}
