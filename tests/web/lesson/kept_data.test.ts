// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eraseKeptData, listKeptData } from '../../../web/lesson/kept_data'
import { copyPrefix } from '../../../web/page/site_copy'

const models = [{ name: 'gpt2', bytes: 548_000_000 }]
const work = vi.hoisted(() => ({ erased: 0, refuses: false, forgotten: 0 }))
vi.mock('../../../web/models/kept_models', () => ({
  listKept: () => Promise.resolve(models),
  forgetModels: () => Promise.resolve(work.forgotten++),
}))
vi.mock('../../../web/lesson/kept_work', () => ({
  keptLessons: () =>
    Promise.resolve([{ guesses: { r: 0.5 } }, { run: { result: { lesson: 'a', arrays: new Map([['x', { shape: [1000], values: new Float32Array(1000) }]]) } } }]),
  eraseLessons: () => (work.refuses ? Promise.reject(new Error('off')) : Promise.resolve(work.erased++)),
}))

/** As the service worker fills them: each answer says its length. */
const kept = new Map<string, number[]>()
const scope = new URL('./', document.baseURI).href

beforeEach(() => {
  Object.assign(work, { erased: 0, refuses: false, forgotten: 0 })
  kept.clear()
  kept.set(`${copyPrefix(scope)}1`, [100, 20])
  kept.set(`${copyPrefix(scope)}2`, [3])
  kept.set(`${copyPrefix(`${scope}khac/`)}1`, [5000])
  vi.stubGlobal('caches', {
    keys: () => Promise.resolve([...kept.keys()]),
    delete: (name: string) => Promise.resolve(kept.delete(name)),
    open: (name: string) =>
      Promise.resolve({
        matchAll: () => Promise.resolve(kept.get(name)!.map((bytes) => new Response('', { headers: { 'Content-Length': String(bytes) } }))),
      }),
  })
  localStorage.setItem('soi-theme', 'dark')
  localStorage.setItem('other', '1')
})

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

describe('what the site keeps', () => {
  it('is listed with its size: lessons, models, every copy of this site', async () => {
    const data = await listKeptData()
    expect(data).toMatchObject({ lessons: { count: 2 }, models, copy: 123 })
    expect(data.lessons.bytes).toBeGreaterThan(4000)
    expect(data.lessons.bytes).toBeLessThan(4100)
  })

  it('is erased whole, and what is of other sites stays', async () => {
    await eraseKeptData()
    expect(work).toMatchObject({ erased: 1, forgotten: 1 })
    expect([...kept.keys()]).toEqual([`${copyPrefix(`${scope}khac/`)}1`])
    expect(Object.keys(localStorage)).toEqual(['other'])
  })

  it('is erased as far as the browser lets it, and a refusal is told', async () => {
    work.refuses = true
    await expect(eraseKeptData()).rejects.toThrow('off')
    expect(work.forgotten).toBe(1)
    expect([...kept.keys()]).toHaveLength(1)
    expect(localStorage.getItem('soi-theme')).toBeNull()
  })
})
