/** A result as the site ships it: JSON, and the arrays' values one after the other as float32, little endian. */
import type { LessonResult } from '../engine/engine'

type PackedJson = Omit<LessonResult, 'arrays'> & { arrays: Record<string, number[]> }

export function packResult(result: LessonResult): { json: string; arrays: Uint8Array } {
  const shapes = Object.fromEntries([...result.arrays].map(([name, { shape }]) => [name, shape]))
  const total = [...result.arrays.values()].reduce((sum, { values }) => sum + values.length, 0)
  const all = new Float32Array(total)
  let offset = 0
  for (const { values } of result.arrays.values()) {
    all.set(values, offset)
    offset += values.length
  }
  const json: PackedJson = { ...result, arrays: shapes }
  return { json: JSON.stringify(json), arrays: new Uint8Array(all.buffer) }
}

export function unpackResult(json: string, arrays: ArrayBuffer): LessonResult {
  const packed = JSON.parse(json) as PackedJson
  let offset = 0
  const read = Object.entries(packed.arrays).map(([name, shape]): [string, { shape: number[]; values: Float32Array }] => {
    const length = shape.reduce((product, size) => product * size, 1)
    const values = new Float32Array(arrays, 4 * offset, length)
    offset += length
    return [name, { shape, values }]
  })
  return { ...packed, arrays: new Map(read) }
}
