/** The engine in Node.js, for builds and tests: everything of web/engine but the browser. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { Client } from './client'
import type { Variant } from './engine'
import type { WorkerPort } from './host'
import type { ReadSlice } from './module'
import type { FromWorker, ToWorker } from './protocol'
import { Server } from './server'

/** `folder` holds the build's soi.js and soi.wasm. */
export function createNodeEngine(folder: string, variant: Variant, threads: number): Promise<Client> {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: build the target soi_wasm first.`)
  // Client looks for <variant>/soi.js; a build has no folder of that name.
  const glue = pathToFileURL(`${folder}/soi.js`).href
  return Client.create({ variant, threads }, pathToFileURL(`${folder}/`), {
    newWorker: () => new InThisThread(glue),
    compile: async () => WebAssembly.compile(await readFile(`${folder}/soi.wasm`)),
  })
}

const readers = new WeakMap<object, ReadSlice>()

/** A file on disk, or made up, where the engine expects a Blob: Node's Blob cannot be read synchronously. */
export function blobOf(size: number, read: ReadSlice): Blob {
  const blob = { size }
  readers.set(blob, read)
  return blob as Blob
}

export function bytesBlob(bytes: Uint8Array): Blob {
  return blobOf(bytes.length, (offset, length) => bytes.slice(offset, offset + length))
}

class InThisThread implements WorkerPort {
  onmessage: ((message: MessageEvent<FromWorker>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  #terminated = false
  readonly #server: Server

  constructor(private readonly glue: string) {
    this.#server = new Server({
      post: (message, transfer) => this.#post(structuredClone(message, { transfer })),
      readerOf: (file) => readers.get(file)!,
      pause: () => new Promise((resolvePause) => setImmediate(resolvePause)),
    })
  }

  postMessage(message: ToWorker): void {
    const located = message.kind === 'start' ? { ...message, glue: this.glue } : message
    queueMicrotask(() => void this.#server.receive(located))
  }

  terminate(): void {
    this.#terminated = true
  }

  #post(message: FromWorker): void {
    if (!this.#terminated) queueMicrotask(() => this.onmessage?.({ data: message } as MessageEvent<FromWorker>))
  }
}
