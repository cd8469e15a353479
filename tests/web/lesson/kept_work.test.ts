import { beforeEach, expect, it, vi } from 'vitest'
import { keep, readKept } from '../../../web/lesson/kept_work'
import { aResult } from './a_result'

const kept = vi.hoisted(() => new Map<string, unknown>())
vi.mock('idb-keyval', () => ({
  createStore: () => null,
  get: (key: string) => Promise.resolve(kept.get(key)),
  update: (key: string, change: (value: unknown) => unknown) => Promise.resolve(void kept.set(key, change(kept.get(key)))),
}))

const run = { result: aResult(), model: null, engine: 'first' }

beforeEach(() => kept.clear())

it('a run is kept for the engine that made it; guesses for all', async () => {
  await keep('01', 'first', { run })
  await keep('01', 'first', { guesses: { r: 0.5 } })
  expect(await readKept('01', 'first')).toEqual({ guesses: { r: 0.5 }, run })
  expect(await readKept('01', 'second')).toEqual({ guesses: { r: 0.5 } })
})

it('a run of another engine, or from before runs had one, makes room at the next change', async () => {
  kept.set('01', { guesses: { r: 0.5 }, result: aResult() })
  expect(await readKept('01', 'second')).toEqual({ guesses: { r: 0.5 } })
  await keep('01', 'first', { run })
  await keep('01', 'second', { guesses: {} })
  expect(kept.get('01')).toEqual({ guesses: {} })
})
