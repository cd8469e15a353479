/** A run as a file: what `soi lesson --json` prints, with the arrays, so that another machine shows the same page. */
import type { Captured, LessonResult } from '../engine/engine'

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
}

export class RunFileError extends Error {
  /** 'format': no run at all; 'version': of a later Soi; 'lesson': of another lesson. */
  constructor(readonly reason: 'format' | 'version' | 'lesson') {
    super(reason)
  }
}

export function writeRunFile(result: LessonResult): string {
  const arrays = [...result.arrays].map(([name, { shape, values }]): [string, FileArray] => [name, { shape, values: toBase64(values) }])
  const file: RunFile = { kind, version, result: { ...result, arrays: Object.fromEntries(arrays) } }
  return JSON.stringify(file, null, 1)
}

/** Throws RunFileError. */
export function readRunFile(text: string, lesson: string): LessonResult {
  let file: Partial<RunFile> | null
  try {
    file = JSON.parse(text) as Partial<RunFile> | null
  } catch {
    throw new RunFileError('format')
  }
  if (file?.kind !== kind) throw new RunFileError('format')
  if (file.version !== version) throw new RunFileError('version')
  const { result } = file
  if (!hasShape(result)) throw new RunFileError('format')
  if (result.lesson !== lesson) throw new RunFileError('lesson')
  try {
    const arrays = Object.entries(result.arrays).map(([name, { shape, values }]): [string, Captured] => [name, { shape, values: fromBase64(values) }])
    return { ...result, arrays: new Map(arrays) }
  } catch {
    throw new RunFileError('format')
  }
}

/** Enough for the page to show it without a fault; the numbers themselves may be anything. */
function hasShape(result: Partial<Record<keyof FileResult, unknown>> | undefined): result is FileResult {
  if (!result) return false
  const { figures, parameters, labels, arrays, controls, claims, protocol, model, seed } = result
  return (
    [figures, parameters, labels, arrays].every((value) => typeof value === 'object' && value !== null) &&
    [controls, claims].every((value) => Array.isArray(value)) &&
    [protocol, model].every((value) => typeof value === 'string') &&
    typeof seed === 'number'
  )
}

function toBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  let binary = ''
  for (let begin = 0; begin < bytes.length; begin += 32768) binary += String.fromCharCode(...bytes.subarray(begin, begin + 32768))
  return btoa(binary)
}

function fromBase64(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return new Float32Array(bytes.buffer)
}
