/** A run as a file: what `soi lesson --json` prints, the arrays, and which model, so that another machine shows the same page. */
import type { Captured, LessonResult, LessonSpec } from '../engine/engine'
import type { ModelIdentity } from './agreement'
import { RunContentError, checkModel, checkResult } from './run_check'

const kind = 'soi-lesson-run'
const version = 1

interface FileArray {
  shape: number[]
  /** float32, little endian, in base64. */
  values: string
}

type FileResult = Omit<LessonResult, 'arrays'> & { arrays: Record<string, FileArray> }

interface RunFile {
  kind: string
  version: number
  result: FileResult
  /** Beside the name that the result holds. Missing: of a simulation, or not known. */
  model?: ModelIdentity
}

export interface FiledRun {
  result: LessonResult
  model: ModelIdentity | null
}

export class RunFileError extends Error {
  /** 'format': no run at all; 'version': of a later Soi; 'lesson': of another lesson; 'content': `where` is missing or wrong. */
  constructor(
    readonly reason: 'format' | 'version' | 'lesson' | 'content',
    readonly where = '',
  ) {
    super(`${reason} ${where}`.trim())
  }
}

export function writeRunFile({ result, model }: FiledRun): string {
  const arrays = [...result.arrays].map(([name, { shape, values }]): [string, FileArray] => [name, { shape, values: toBase64(values) }])
  const file: RunFile = { kind, version, result: { ...result, arrays: Object.fromEntries(arrays) }, ...(model && { model }) }
  return JSON.stringify(file, null, 1)
}

/** Throws RunFileError. */
export function readRunFile(text: string, spec: Pick<LessonSpec, 'name' | 'parameters'>): FiledRun {
  let file: Partial<RunFile> | null
  try {
    file = JSON.parse(text) as Partial<RunFile> | null
  } catch {
    throw new RunFileError('format')
  }
  if (file?.kind !== kind) throw new RunFileError('format')
  if (file.version !== version) throw new RunFileError('version')
  const lesson = (file.result as Partial<FileResult> | null | undefined)?.lesson
  if (typeof lesson === 'string' && lesson !== spec.name) throw new RunFileError('lesson')
  const { result, model } = checked(file, spec)
  const arrays = Object.entries(result.arrays).map(([name, array]): [string, Captured] => [name, readArray(name, array)])
  return { result: { ...result, arrays: new Map(arrays) }, model: model ?? null }
}

function checked(file: Partial<RunFile>, spec: Pick<LessonSpec, 'parameters'>): RunFile {
  try {
    checkResult(file.result, spec)
    if (file.model !== undefined) checkModel(file.model)
    return file as RunFile
  } catch (error) {
    throw error instanceof RunContentError ? new RunFileError('content', error.where || 'result') : error
  }
}

function readArray(name: string, { shape, values: encoded }: FileArray): Captured {
  const values = fromBase64(encoded)
  if (values?.length !== shape.reduce((product, size) => product * size, 1)) throw new RunFileError('content', `arrays.${name}`)
  return { shape, values }
}

function toBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  let binary = ''
  for (let begin = 0; begin < bytes.length; begin += 32768) binary += String.fromCharCode(...bytes.subarray(begin, begin + 32768))
  return btoa(binary)
}

/** null: not base64, or no whole number of values. */
function fromBase64(text: string): Float32Array | null {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    return new Float32Array(bytes.buffer)
  } catch {
    return null
  }
}
