/** Whether two results of the same run hold the same numbers, and whether two models are the same. */
import type { LessonResult, NumberFormat } from '../engine/engine'

/** A file's name alone tells no model: every checkpoint of Hugging Face is model.safetensors. */
export interface ModelIdentity {
  name: string
  fileBytes: number
  /** How its matrices are held. */
  format: NumberFormat
}

export function isSameModel(a: ModelIdentity, b: ModelIdentity): boolean {
  return a.name === b.name && a.fileBytes === b.fileBytes && a.format === b.format
}

export type Agreement =
  /** Every bit of every number. */
  | { kind: 'same'; numbers: number }
  /** Largest difference of two numbers, relative to the larger one. */
  | { kind: 'differs'; largest: number; where: string }
  /** Other parameters, seed or model. */
  | { kind: 'other' }

/** As far as results tell: of the model they know the name. */
export function isSameRun(a: LessonResult, b: LessonResult): boolean {
  return (
    a.lesson === b.lesson &&
    a.protocol === b.protocol &&
    a.seed === b.seed &&
    a.model === b.model &&
    JSON.stringify(Object.entries(a.parameters).sort()) === JSON.stringify(Object.entries(b.parameters).sort())
  )
}

export function compareResults(a: LessonResult, b: LessonResult): Agreement {
  if (!isSameRun(a, b)) return { kind: 'other' }
  let numbers = 0
  let largest = 0
  let where = ''
  const compare = (name: string, first: number | null, second: number | null | undefined) => {
    ++numbers
    if (Object.is(first, second)) return
    const difference = relativeDifference(first ?? NaN, second ?? NaN)
    if (difference <= largest) return
    largest = difference
    where = name
  }
  for (const [name, { value }] of Object.entries(a.figures)) {
    const other = b.figures[name]?.value ?? null
    if (!Array.isArray(value)) compare(name, value, Array.isArray(other) ? NaN : other)
    else value.forEach((each, index) => compare(name, each, Array.isArray(other) ? other[index] : NaN))
  }
  for (const [index, { name, figure, values }] of a.controls.entries()) {
    values.forEach((value, at) => compare(`${name}, ${figure}`, value, b.controls[index]?.values[at]))
  }
  for (const [name, { values }] of a.arrays) {
    const other = b.arrays.get(name)?.values
    values.forEach((value, at) => compare(name, value, other?.[at]))
  }
  return largest === 0 ? { kind: 'same', numbers } : { kind: 'differs', largest, where }
}

function relativeDifference(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity
  const scale = Math.max(Math.abs(a), Math.abs(b))
  return scale === 0 ? 0 : Math.abs(a - b) / scale
}
