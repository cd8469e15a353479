/** Where a checkpoint may come from, and its bytes. */
import { EngineError, type RunOptions } from '../engine/engine'
import { openKept } from './kept_models'

export type ModelSource =
  | { kind: 'demo' }
  | { kind: 'file'; file: File; config?: File | undefined }
  /** A copy that this browser keeps, by its name. */
  | { kind: 'kept'; name: string }

export interface OpenedModel {
  name: string
  file: Blob
  configJson?: string
}

export const demoName = 'soi-demo'

/** A file of the site's own, whatever page asks. */
function siteUrl(path: string): URL {
  return new URL((document.documentElement.dataset.root ?? './') + path, document.baseURI)
}

/** `onProgress` tells how much of a download is there; files of the reader's own are there at once. */
export async function openModel(source: ModelSource, { signal, onProgress }: RunOptions = {}): Promise<OpenedModel> {
  switch (source.kind) {
    case 'demo': {
      const config = await fetchSite('models/demo/config.json', signal)
      const model = await fetchSite('models/demo/model.safetensors', signal)
      return { name: demoName, configJson: await config.text(), file: await download(model, onProgress) }
    }
    case 'file': {
      const { file, config } = source
      return { name: file.name, file, ...(config && { configJson: await readText(config) }) }
    }
    case 'kept':
      return openKept(source.name)
  }
}

async function fetchSite(path: string, signal?: AbortSignal): Promise<Response> {
  const url = siteUrl(path)
  let response: Response
  try {
    response = await fetch(url, { signal: signal ?? null })
  } catch (error) {
    throw fetchError(url, error, signal)
  }
  if (!response.ok) throw fetchError(url, `status ${response.status}`, signal)
  return response
}

async function download(response: Response, onProgress?: (fraction: number) => void): Promise<Blob> {
  // A compressed response announces its compressed size, which says nothing about the bytes that come out.
  const compressed = response.headers.get('content-encoding') !== null
  const total = compressed ? NaN : Number(response.headers.get('content-length') ?? NaN)
  if (!response.body) return response.blob()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let received = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw fetchError(new URL(response.url), error)
    })
    if (done) break
    chunks.push(value)
    received += value.length
    if (total > 0) onProgress?.(Math.min(1, received / total))
  }
  return new Blob(chunks)
}

function fetchError(url: URL, reason: unknown, signal?: AbortSignal): EngineError {
  const isAbort = signal?.aborted === true || (reason instanceof DOMException && reason.name === 'AbortError')
  if (isAbort) return new EngineError('cancelled', 'Cancelled.')
  return new EngineError('io_error', `${url.pathname} could not be fetched: ${String(reason)}.`, '', { path: url.pathname })
}

async function readText(file: File): Promise<string> {
  try {
    return await file.text()
  } catch (error) {
    throw new EngineError('io_error', `${file.name} could not be read: ${String(error)}.`, '', { path: file.name })
  }
}

export type FileChoice = { source: ModelSource & { kind: 'file' } } | { problem: 'none' | 'several' }

/** Of the files that were picked or dropped together, the checkpoint and its configuration. */
export function chooseFiles(files: readonly File[]): FileChoice {
  const checkpoints = files.filter(({ name }) => name.toLowerCase().endsWith('.safetensors'))
  const [file] = checkpoints
  if (!file) return { problem: 'none' }
  if (checkpoints.length > 1) return { problem: 'several' }
  const config = files.find(({ name }) => name.toLowerCase().endsWith('.json'))
  return { source: { kind: 'file', file, config } }
}
