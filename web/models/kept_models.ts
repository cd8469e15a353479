/** Checkpoints kept in this browser (its origin-private file system), so that they need not be picked again. */
import { EngineError, type RunOptions } from '../engine/engine'
import type { OpenedModel } from './model_source'

export interface KeptModel {
  name: string
  bytes: number
}

const folderName = 'checkpoints'
const modelFile = 'model.safetensors'
const configFile = 'config.json'

/** Whether this browser can keep files for pages at all. */
export function canKeepModels(): boolean {
  return (
    'storage' in navigator &&
    'getDirectory' in navigator.storage &&
    typeof FileSystemFileHandle !== 'undefined' &&
    'createWritable' in FileSystemFileHandle.prototype
  )
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(folderName, { create: true })
}

/** The browser's names may hold no separators. */
function folderFor(name: string): string {
  return encodeURIComponent(name)
}

/** Most checkpoints are called model.safetensors: the next of a name is kept as "model (2).safetensors". */
async function freeName(parent: FileSystemDirectoryHandle, name: string): Promise<string> {
  const taken = new Set<string>()
  for await (const [each] of parent) taken.add(each)
  const [, stem = name, ending = ''] = /^(.+?)(\.[^.]+)?$/.exec(name) ?? []
  let free = name
  for (let count = 2; taken.has(folderFor(free)); count += 1) free = `${stem} (${count})${ending}`
  return free
}

export async function listKept(): Promise<KeptModel[]> {
  if (!canKeepModels()) return []
  const kept: KeptModel[] = []
  for await (const [name, handle] of await folder()) {
    if (handle.kind !== 'directory') continue
    try {
      const file = await (await handle.getFileHandle(modelFile)).getFile()
      // A page that was closed in the midst of writing leaves an empty file.
      if (file.size > 0) kept.push({ name: decodeURIComponent(name), bytes: file.size })
    } catch {
      // Or none at all.
    }
  }
  return kept.sort((a, b) => a.name.localeCompare(b.name))
}

/** Resolves with the name that it is kept by; no other copy changes. Rejects with 'out_of_memory' where the browser grants too little room. */
export async function keepModel(model: OpenedModel, { signal, onProgress }: RunOptions = {}): Promise<string> {
  const { quota = Infinity, usage = 0 } = await navigator.storage.estimate()
  const bytes = model.file.size
  if (bytes > quota - usage) throw noRoom(bytes)
  const parent = await folder()
  const name = await freeName(parent, model.name)
  const target = await parent.getDirectoryHandle(folderFor(name), { create: true })
  try {
    if (model.configJson !== undefined) await write(target, configFile, new Blob([model.configJson]))
    await write(target, modelFile, model.file, { signal, onProgress })
    await navigator.storage.persist()
    return name
  } catch (error) {
    await parent.removeEntry(folderFor(name), { recursive: true }).catch(() => undefined)
    if (signal?.aborted) throw new EngineError('cancelled', 'Cancelled.')
    if (error instanceof DOMException && error.name === 'QuotaExceededError') throw noRoom(bytes)
    throw new EngineError('io_error', `The copy could not be written: ${String(error)}.`)
  }
}

async function write(
  target: FileSystemDirectoryHandle,
  name: string,
  content: Blob,
  { signal, onProgress }: RunOptions = {},
): Promise<void> {
  const handle = await target.getFileHandle(name, { create: true })
  const writable = await handle.createWritable()
  let written = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      written += chunk.length
      onProgress?.(written / content.size)
      controller.enqueue(chunk)
    },
  })
  await content.stream().pipeThrough(counter).pipeTo(writable, signal ? { signal } : {})
}

export async function openKept(name: string): Promise<OpenedModel> {
  try {
    const directory = await (await folder()).getDirectoryHandle(folderFor(name))
    const file = await (await directory.getFileHandle(modelFile)).getFile()
    const config = await directory.getFileHandle(configFile).catch(() => null)
    return { name, file, ...(config && { configJson: await (await config.getFile()).text() }) }
  } catch (error) {
    throw new EngineError('io_error', `${name} is no longer kept here: ${String(error)}.`, '', { path: name })
  }
}

export async function forgetModel(name: string): Promise<void> {
  await (await folder()).removeEntry(folderFor(name), { recursive: true })
}

/** All of them, and copies that were never finished. */
export async function forgetModels(): Promise<void> {
  if (!canKeepModels()) return
  await folder()
  await (await navigator.storage.getDirectory()).removeEntry(folderName, { recursive: true })
}

function noRoom(bytes: number): EngineError {
  return new EngineError('out_of_memory', 'The browser grants too little room for a copy.', '', { bytes: String(bytes) })
}
