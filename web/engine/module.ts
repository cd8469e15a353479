/** The core's WebAssembly module, as wasm/bindings.cpp exports it. */
import { type ErrorData, toEngineError, unreachable } from './error'
import type { LoadRequest, ModelInfo } from './generated/messages'
import type { Request, RequestEvent, RequestName, Result } from './protocol'

/** What every call returns: see wasm/boundary.h. */
export type Outcome<T> = { value: T } | { error: ErrorData }

export interface Step<Name extends RequestName> {
  done: boolean
  /** In [0, 1]. */
  fraction: number
  event?: RequestEvent<Name>
}

/** A request that is being answered, step by step. The caller must `delete()` it. */
export interface Job<Name extends RequestName> {
  /** `onStep` is called on the way of a step that cannot be short. */
  advance(onStep: (step: Step<Name>) => void): Outcome<Step<Name>>
  takeResult(): Outcome<Result<Name>>
  cancel(): Outcome<Result<Name>>
  delete(): void
}

/** Reads bytes [offset, offset + length) of a checkpoint; null where they cannot be read. */
export type ReadSlice = (offset: number, length: number) => Uint8Array | null

export interface Session {
  load(
    request: LoadRequest,
    fileBytes: number,
    readSlice: ReadSlice,
    onProgress: (fraction: number) => void,
  ): Outcome<ModelInfo>
  start<Name extends RequestName>(name: Name, request: Request<Name>): Outcome<Job<Name>>
}

export interface CoreModule {
  Session: new (threads: number) => Session
}

/** The value; or throws the error. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw toEngineError(outcome.error)
  return outcome.value
}

interface ModuleOptions {
  /** Read by the build: how many threads to make before the module is ready. */
  soiThreads: number
  instantiateWasm: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => object
}

interface Glue {
  default: (options: ModuleOptions) => Promise<CoreModule>
}

async function importGlue(address: string): Promise<Glue> {
  try {
    return (await import(/* @vite-ignore */ address)) as Glue
  } catch (error) {
    throw unreachable(address, String(error))
  }
}

/** Imports soi.js from `glue`, or throws 'io_error', and runs it over the compiled soi.wasm. */
export async function instantiateCore(
  glue: string,
  module: WebAssembly.Module,
  threads: number,
): Promise<CoreModule> {
  const { default: createModule } = await importGlue(glue)
  return new Promise((resolve, reject) => {
    const options: ModuleOptions = {
      soiThreads: threads,
      instantiateWasm: (imports, receive) => {
        WebAssembly.instantiate(module, imports).then((instance) => receive(instance, module), reject)
        return {} // "later", in Emscripten's words
      },
    }
    createModule(options).then(resolve, reject)
  })
}
