import { expect, it, vi } from 'vitest'
import type { ReadSlice } from '../../../web/engine/module'
import { readAhead } from '../../../web/engine/read_ahead'

const file = Uint8Array.from({ length: 100 }, (_, i) => i)
const spied = () => vi.fn<ReadSlice>((offset, length) => file.slice(offset, offset + length))

it('gives what was asked for, wherever it lies', () => {
  const slice = readAhead(spied(), file.length, 16)
  for (const [offset, length] of [[0, 8], [8, 8], [14, 4], [40, 30], [3, 2], [95, 5], [100, 0]] as const) {
    expect(slice(offset, length)).toEqual(file.slice(offset, offset + length))
  }
})

it('reads neighbours once, and never beyond the end', () => {
  const read = spied()
  const slice = readAhead(read, file.length, 64)
  for (let offset = 0; offset < file.length; offset += 4) slice(offset, 4)
  expect(read.mock.calls).toEqual([
    [0, 64],
    [64, 36],
  ])
})

it('says where it cannot read, and tries again', () => {
  const read = spied().mockReturnValueOnce(null)
  const slice = readAhead(read, file.length, 16)
  expect(slice(0, 4)).toBeNull()
  expect(slice(0, 4)).toEqual(file.slice(0, 4))
})

it('is short where the file has become short', () => {
  const slice = readAhead((offset, length) => file.slice(offset, Math.min(20, offset + length)), file.length, 16)
  expect(slice(16, 16)).toEqual(file.slice(16, 20))
})
