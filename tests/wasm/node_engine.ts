/** The engine in Node.js, over the builds and files of this tree. */
import { fstatSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { vi } from 'vitest'
import type { Client } from '../../web/engine/client'
import type { Variant } from '../../web/engine/engine'
import { blobOf, createNodeEngine } from '../../web/engine/node_engine'

export { blobOf, bytesBlob } from '../../web/engine/node_engine'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 }) // a busy machine

const root = resolve(import.meta.dirname, '../..')

export const fromRoot = (path: string) => resolve(root, path)

/** What Node.js can run without a flag. */
export const builds: { variant: Variant; threads: number }[] = [
  { variant: 'simd', threads: 1 },
  { variant: 'simd-threads', threads: 2 },
]

export function startEngine(variant: Variant, threads: number): Promise<Client> {
  const folder = resolve(root, process.env.SOI_BUILD_FOLDER ?? 'build', `wasm-${variant}/engine`)
  return createNodeEngine(folder, variant, threads)
}

export function diskBlob(path: string): Blob {
  const file = openSync(fromRoot(path), 'r')
  return blobOf(fstatSync(file).size, (offset, length) => {
    const slice = new Uint8Array(length)
    return slice.subarray(0, readSync(file, slice, 0, length, offset))
  })
}

export const demoModel = () => diskBlob('web/public/models/demo/model.safetensors')

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
