/** What goes between the page and the worker. The requests themselves are generated from C++ (generated/messages.ts). */
import type { ErrorData } from './error'
import type { LoadRequest, ModelInfo, Requests } from './generated/messages'

export type RequestName = keyof Requests
export type Request<Name extends RequestName> = Requests[Name]['request']
export type Result<Name extends RequestName> = Requests[Name]['result']
export type RequestEvent<Name extends RequestName> = Requests[Name]['event']

export type ToWorker =
  /** First, and once. `glue`: address of soi.js; `module`: soi.wasm, compiled. */
  | { kind: 'start'; glue: string; module: WebAssembly.Module; threads: number }
  /** Once at most: a worker holds one model until it ends (see Client). */
  | { kind: 'load'; id: number; file: Blob; request: LoadRequest }
  | { kind: 'request'; id: number; name: RequestName; request: Request<RequestName> }
  | { kind: 'cancel'; id: number }

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'progress'; id: number; fraction: number }
  | { kind: 'event'; id: number; event: RequestEvent<RequestName> }
  | { kind: 'result'; id: number; result: Result<RequestName> | ModelInfo }
  | { kind: 'error'; id: number; error: ErrorData }
  /** The core is broken, and so is every request to it. */
  | { kind: 'crash'; error: ErrorData }
