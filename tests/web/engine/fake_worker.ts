import { vi } from 'vitest'
import type { ErrorCode } from '../../../web/engine/engine'
import type { ModelInfo } from '../../../web/engine/generated/messages'
import type { WorkerPort } from '../../../web/engine/host'
import type { FromWorker, ToWorker } from '../../../web/engine/protocol'

type Load = ToWorker & { kind: 'load' }
type Call = ToWorker & { kind: 'request' }

/** A worker that is ready at once, and answers as the test says. */
export class FakeWorker implements WorkerPort {
  onmessage: ((message: MessageEvent<FromWorker>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  readonly received: ToWorker[] = []
  terminated = false

  postMessage(message: ToWorker): void {
    this.received.push(message)
    if (message.kind === 'start') queueMicrotask(() => this.send({ kind: 'ready' }))
  }

  terminate(): void {
    this.terminated = true
  }

  send(message: FromWorker): void {
    if (!this.terminated) this.onmessage?.({ data: message } as MessageEvent<FromWorker>)
  }

  /** The load that it was asked for, when it comes. */
  load(): Promise<Load> {
    return this.#await((message): message is Load => message.kind === 'load')
  }

  /** The last request of that name, when it comes. */
  request(name: Call['name']): Promise<Call> {
    return this.#await((message): message is Call => message.kind === 'request' && message.name === name)
  }

  async loaded(info: ModelInfo): Promise<void> {
    this.send({ kind: 'result', id: (await this.load()).id, result: info })
  }

  async refused(code: ErrorCode): Promise<void> {
    const error = { code, message: `refused: ${code}`, hint: '', details: {} }
    this.send({ kind: 'error', id: (await this.load()).id, error })
  }

  crash(): void {
    this.send({ kind: 'crash', error: { code: 'internal', message: 'unreachable', hint: '', details: {} } })
  }

  #await<T extends ToWorker>(wanted: (message: ToWorker) => message is T): Promise<T> {
    return vi.waitUntil(() => this.received.findLast(wanted), { interval: 1 })
  }
}
