/** The engine in Node.js: everything of web/engine but the browser. */
import { existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client } from '../../web/engine/client'
import type { Variant } from '../../web/engine/engine'
import type { WorkerPort } from '../../web/engine/host'
import type { ReadSlice } from '../../web/engine/module'
import type { FromWorker, ToWorker } from '../../web/engine/protocol'
import { Server } from '../../web/engine/server'

const root = resolve(import.meta.dirname, '../..')

export const fromRoot = (path: string) => resolve(root, path)

/** What Node.js can run without a flag. */
export const builds: { variant: Variant; threads: number }[] = [
  { variant: 'simd', threads: 1 },
  { variant: 'simd-threads', threads: 2 },
]

export function startEngine(variant: Variant, threads: number): Promise<Client> {
  const folder = resolve(root, process.env.SOI_BUILD_FOLDER ?? 'build', `wasm-${variant}/engine`)
  if (!existsSync(folder)) throw new Error(`${folder} is missing: build the target soi_wasm first.`)
  // Client looks for <variant>/soi.js; a build has no folder of that name.
  const glue = pathToFileURL(`${folder}/soi.js`).href
  return Client.create({ variant, threads }, pathToFileURL(`${folder}/`), {
    newWorker: () => new InThisThread(glue),
    compile: async () => WebAssembly.compile(await readFile(`${folder}/soi.wasm`)),
  })
}

/** A file on disk, or made up, where the engine expects a Blob: Node's Blob cannot be read synchronously. */
export function blobOf(size: number, read: ReadSlice): Blob {
  const blob = { size }
  readers.set(blob, read)
  return blob as Blob
}

export function diskBlob(path: string): Blob {
  const file = openSync(fromRoot(path), 'r')
  return blobOf(fstatSync(file).size, (offset, length) => {
    const slice = new Uint8Array(length)
    return slice.subarray(0, readSync(file, slice, 0, length, offset))
  })
}

export function bytesBlob(bytes: Uint8Array): Blob {
  return blobOf(bytes.length, (offset, length) => bytes.slice(offset, offset + length))
}

export const demoModel = () => diskBlob('web/public/models/demo/model.safetensors')

const readers = new WeakMap<object, ReadSlice>()

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

export interface NamedTensor {
  shape: number[]
  values: Float32Array
}

/** The float32 tensors of a .safetensors file. */
export async function readTensors(path: string): Promise<Map<string, NamedTensor>> {
  const bytes = await readFile(fromRoot(path))
  const headerBytes = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >
  delete header.__metadata__
  return new Map(
    Object.entries(header).map(([name, { shape, data_offsets: [begin, end] }]) => {
      const data = bytes.buffer.slice(
        bytes.byteOffset + 8 + headerBytes + begin,
        bytes.byteOffset + 8 + headerBytes + end,
      )
      return [name, { shape, values: new Float32Array(data) }]
    }),
  )
}

export async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(fromRoot(path), 'utf8')) as T
}

export const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
