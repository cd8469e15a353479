import type { Page } from '@playwright/test'
import { serve } from '../../tools/serve/server.mjs'
import type * as engineModule from '../../web/engine/engine'
import type { Engine, EngineError, EngineOptions } from '../../web/engine/engine'
import { buildEnginePage } from './engine_page'
import { expect, test as base } from './site'

// What runs inside the page: see `open`.
declare const engine: Engine
declare const demo: Blob
declare const codeOf: (promise: Promise<unknown>) => Promise<string>

const test = base.extend<object, { folder: string }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads fixtures' names from the pattern
  folder: [async ({}, use) => use(await buildEnginePage()), { scope: 'worker' }],

  siteUrl: async ({ hosting, folder }, use) => {
    const site = await serve({ folder, ...hosting })
    await use(site.url)
    await site.close()
  },
})

/** A page with `engine`, which has loaded the site's own model, whose file is `demo`. */
async function open(page: Page, siteUrl: string, options: EngineOptions = {}): Promise<void> {
  await page.goto(siteUrl)
  await page.evaluate(async (wishes) => {
    const address = './assets/engine.js' // not a literal in `import`: TypeScript would look for it
    const { createEngine } = (await import(address)) as typeof engineModule
    const started = await createEngine(wishes)
    const file = await (await fetch('models/demo/model.safetensors')).blob()
    await started.loadModel(file, { name: 'demo' })
    const codeOfFault = (promise: Promise<unknown>) =>
      promise.then(
        () => 'no fault',
        (error: unknown) => (error as EngineError).code,
      )
    Object.assign(globalThis, { engine: started, demo: file, codeOf: codeOfFault })
  }, options)
}

/** What a core says that is to start on the page. */
function codeOfStart(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const address = './assets/engine.js'
    const { createEngine } = (await import(address)) as typeof engineModule
    return createEngine().then(
      () => 'no fault',
      (error: unknown) => (error as EngineError).code,
    )
  })
}

const hostings = [
  { name: 'with threads', hosting: { base: '/a/b/' }, variant: 'simd-threads' },
  { name: 'without threads', hosting: { isolation: false }, variant: 'simd' },
]

for (const { name, hosting, variant } of hostings) {
  test.describe(name, () => {
    test.use({ hosting })

    test('a cancel takes effect within half a second', async ({ page, siteUrl }) => {
      await open(page, siteUrl, { threads: 2 })
      expect(await page.evaluate(() => engine.build.variant)).toBe(variant)
      const measured = await page.evaluate(async () => {
        const ids = Array.from({ length: 256 }, (_, i) => i)
        const cancelAfter = async (milliseconds: number, ask: (signal: AbortSignal) => Promise<unknown>) => {
          const abort = new AbortController()
          let cancelled = 0
          setTimeout(() => {
            cancelled = performance.now()
            abort.abort()
          }, milliseconds)
          const code = await codeOf(ask(abort.signal))
          await engine.tokenize('and the worker is free again')
          return { code, milliseconds: performance.now() - cancelled }
        }
        const inspection = { ids, top: 5, lensTop: 5, patternLayers: [0] }
        const generation = { ids: [464], nTokens: 255, temperature: 1, topK: 0, topP: 1, seed: 1 }
        const start = performance.now()
        await engine.inspect(inspection)
        return {
          whole: performance.now() - start,
          inspect: await cancelAfter(100, (signal) => engine.inspect(inspection, { signal })),
          generate: await cancelAfter(100, (signal) => engine.generate(generation, () => undefined, { signal })),
          load: await cancelAfter(30, (signal) => engine.loadModel(demo, { name: 'b', format: 'f32' }, { signal })),
          model: engine.model?.name,
        }
      })
      expect(measured).toMatchObject({
        inspect: { code: 'cancelled' },
        generate: { code: 'no fault' }, // its tokens so far are a result
        load: { code: 'cancelled' },
        model: 'demo',
      })
      // Half a second is promised of a machine with time to spare; a busy one is compared with itself.
      const allowed = Math.max(500, measured.whole / 4)
      for (const { milliseconds } of [measured.inspect, measured.generate, measured.load]) {
        expect(milliseconds).toBeLessThan(allowed)
      }
    })

    test('a lesson runs with progress, and a cancel leaves the model alive', async ({ page, siteUrl }) => {
      await open(page, siteUrl, { threads: 2 })
      const measured = await page.evaluate(async () => {
        const settings = { n_samples: '300', epochs: '30', n_seeds: '2' }
        const lesson = { name: 'sae-simulation', protocol: 'corrected', seed: 1, settings }
        const whole = await engine.runLesson(lesson)
        const fractions: number[] = []
        const points: number[] = []
        const abort = new AbortController()
        let cancelled = 0
        const long = engine.runLesson({ ...lesson, settings: {} }, {
          signal: abort.signal,
          onPoint: (_series, _step, value) => points.push(value),
          onProgress: (fraction) => {
            fractions.push(fraction)
            if (fractions.length < 3) return
            cancelled ||= performance.now()
            abort.abort()
          },
        })
        const code = await codeOf(long)
        const milliseconds = performance.now() - cancelled
        const { next } = await engine.inspect({ ids: [464], top: 1, lensTop: 0, patternLayers: [] })
        return { claims: whole.claims.length, code, milliseconds, points: points.length, model: engine.model?.name, next: next.length }
      })
      expect(measured).toMatchObject({ code: 'cancelled', model: 'demo', next: 1 })
      expect(measured.claims).toBeGreaterThan(10)
      expect(measured.points).toBeGreaterThan(0)
      expect(measured.milliseconds).toBeLessThan(500)
    })

    test('a worker that dies is replaced, with its model', async ({ page, siteUrl, faults }) => {
      await open(page, siteUrl, { threads: 2 })
      let pending: string | null = null
      const firstFault = page.evaluate(async () => {
        const request = { ids: Array.from({ length: 256 }, (_, i) => i), top: 1, lensTop: 5, patternLayers: [] }
        // One after the other: a quick machine would answer a single one before the workers die.
        for (;;) {
          const code = await codeOf(engine.inspect(request))
          if (code !== 'no fault') return code
        }
      })
      void firstFault.then((code) => (pending = code))
      const throwSoon = () => {
        setTimeout(() => {
          throw new Error('a defect')
        })
      }
      // At all that are listed, and again: one may be listed late, one that has ended still be, and never answer.
      await expect(async () => {
        for (const worker of page.workers()) worker.evaluate(throwSoon).catch(() => undefined)
        await expect.poll(() => pending, { timeout: 10_000 }).toBe('internal')
      }).toPass()
      const answer = await page.evaluate(async () => {
        const { next } = await engine.inspect({ ids: [464], top: 1, lensTop: 0, patternLayers: [] })
        return { answered: next.length, model: engine.model?.name }
      })
      expect(answer).toEqual({ answered: 1, model: 'demo' })
      faults.length = 0 // the defect was logged, as it should be
    })
  })
}

test('the same bits with and without threads', async ({ browser, folder }) => {
  const digests: string[] = []
  for (const isolation of [true, false]) {
    const site = await serve({ folder, isolation })
    const page = await browser.newPage()
    await open(page, site.url)
    digests.push(
      await page.evaluate(async () => {
        const captured = await engine.capture({ ids: [464, 2415, 2626, 607, 8251], hooks: ['logits'] })
        const digest = await crypto.subtle.digest('SHA-256', captured.get('logits')!.values as Float32Array<ArrayBuffer>)
        return `${engine.build.variant} ${new Uint8Array(digest).join()}`
      }),
    )
    await page.close()
    await site.close()
  }
  const [threads, single] = digests.map((digest) => digest.split(' ') as [string, string])
  expect([threads![0], single![0]]).toEqual(['simd-threads', 'simd'])
  expect(threads![1]).toBe(single![1])
})

test('a browser without SIMD is told so', async ({ page, siteUrl }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false
  })
  await page.goto(siteUrl)
  expect(await codeOfStart(page)).toBe('simd_missing')
})

for (const missing of ['soi.wasm', 'soi.js']) {
  test(`a core whose ${missing} cannot be fetched is told so`, async ({ page, siteUrl, faults }) => {
    await page.route(`**/${missing}`, (route) => route.fulfill({ status: 404 }))
    await page.goto(siteUrl)
    expect(await codeOfStart(page)).toBe('io_error')
    faults.length = 0 // the browser logged the missing file
  })
}
