import { type Page, expect, test as base } from '@playwright/test'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { serve } from '../../tools/serve/server.mjs'
import { offlineConfig } from '../../web/offline/vite.config'
import { Playground } from './playground'
import { watch } from './site'

type Server = Awaited<ReturnType<typeof serve>>

const site = resolve(import.meta.dirname, '../../build/site')
const path = '/lop-10a/soi/'

/** A copy of the site, to be changed; its host sends no headers for isolation, and can be switched off. */
const test = base.extend<{ folder: string; host: Server; faults: string[] }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads fixtures' names from the pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'soi-offline-'))
    cpSync(site, folder, { recursive: true })
    await use(folder)
    rmSync(folder, { recursive: true })
  },
  host: async ({ folder }, use) => {
    const host = await serve({ folder, isolation: false, base: path })
    await use(host)
    await host.close()
  },
  faults: [
    async ({ page, host }, use) => {
      const faults: string[] = []
      watch(page, host.url, faults)
      await use(faults)
      expect(faults).toEqual([])
    },
    { auto: true },
  ],
})
test.use({ serviceWorkers: 'allow' })

/** A page that loads itself again does not let its first load end. */
const mayLoadAgain = { waitUntil: 'commit' } as const

const isIsolated = (page: Page) => page.evaluate(() => crossOriginIsolated)
const isReady = (page: Page) => page.evaluate(async () => (await navigator.serviceWorker.ready).active !== null)

/** Reading a page that loads itself again may fail once. */
async function isolated(page: Page): Promise<void> {
  await expect.poll(() => isIsolated(page).catch(() => false)).toBe(true)
}

function countLoads(page: Page): () => number {
  let loads = 0
  page.on('domcontentloaded', () => (loads += 1))
  return () => loads
}

/** What the browser has kept of the site. */
const keptPaths = (page: Page) =>
  page.evaluate(async () => {
    const paths: string[] = []
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname)
    }
    return paths
  })

/** A new version of the site. */
async function publish(folder: string, headline: string): Promise<void> {
  for (const name of ['index.html', 'thuat-ngu/index.html']) {
    const file = join(folder, name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/<h1>.*?<\/h1>/s, `<h1>${headline}</h1>`))
  }
  await build({ ...offlineConfig(folder), configFile: false, logLevel: 'warn' })
}

test('a host without headers: one load later the page has threads, and is left in peace', async ({ page, host }) => {
  const loads = countLoads(page)
  await page.goto(host.url, mayLoadAgain)
  await isolated(page)
  await page.reload()
  expect(await isIsolated(page)).toBe(true)
  await page.getByRole('link', { name: 'Sân chơi', exact: true }).click()
  const playground = new Playground(page)
  await expect(playground.fact('bản dựng')).toHaveText('SIMD, đa luồng', { timeout: 90_000 })
  expect(loads()).toBe(4) // first visit, with isolation, reload, playground
})

test('a reader who has begun is not interrupted, and has threads from the next page on', async ({ page, host }) => {
  const loads = countLoads(page)
  await page.addInitScript(() => addEventListener('DOMContentLoaded', () => dispatchEvent(new KeyboardEvent('keydown'))))
  await page.goto(host.url, mayLoadAgain)
  await expect.poll(() => isReady(page)).toBe(true)
  await page.waitForTimeout(1000)
  expect(await isIsolated(page)).toBe(false)
  expect(loads()).toBe(1)
  await page.getByRole('link', { name: 'Sân chơi', exact: true }).click()
  await isolated(page)
  await page.waitForLoadState() // isolated from its first byte on
  expect(loads()).toBe(2)
})

test('without a network, after one visit: every page, the core and the model', async ({ page, host, faults }) => {
  await page.goto(host.url, mayLoadAgain)
  await isolated(page)
  await expect.poll(() => keptPaths(page), { timeout: 60_000 }).toContain(`${path}models/demo/model.safetensors`)
  await expect.poll(() => keptPaths(page)).toContain(`${path}engine/simd-threads/soi.wasm`)
  const pages = (await keptPaths(page)).filter((kept) => kept.endsWith('.html'))
  await host.close()

  for (const each of pages) {
    await page.goto(new URL(each, host.url).href)
    await expect(page.locator('main h1').first()).toBeVisible()
  }
  expect(pages.length).toBeGreaterThanOrEqual(4)
  const playground = new Playground(page)
  await playground.open(host.url, { text: 'The old woman had lost' })
  await expect(playground.tokens).toHaveCount(5)
  await playground.measured()
  expect(faults).toEqual([])
})

test('an update is taken whole, when a page is the only one open', async ({ page, context, host, folder }) => {
  const headline = (each: Page) => each.locator('h1').first()
  const isWaiting = (each: Page) =>
    each.evaluate(async () => ((await navigator.serviceWorker.getRegistration())?.waiting ?? null) !== null)
  await page.goto(host.url, mayLoadAgain)
  await isolated(page)
  const before = await headline(page).innerText()

  // Two pages: both stay with the version that they came from, and so does what they open.
  const second = await context.newPage()
  await second.goto(host.url)
  await publish(folder, 'Bản mới')
  await page.reload() // the browser looks for a new worker
  await expect.poll(() => isWaiting(page)).toBe(true)
  await second.goto(`${host.url}thuat-ngu/`)
  await expect(headline(second)).not.toHaveText('Bản mới')
  // The second page has asked whether it is alone. It is, while the first one loads again: not before the worker has answered.
  await second.waitForTimeout(3000)
  await page.reload()
  await expect(headline(page)).toHaveText(before)
  expect(await isWaiting(page)).toBe(true)
  await second.close()

  // The browser may take its time to forget the page that was closed.
  await expect(async () => {
    await page.reload(mayLoadAgain)
    await expect(headline(page)).toHaveText('Bản mới', { timeout: 15_000 })
  }).toPass()
  await page.goto(`${host.url}thuat-ngu/`)
  await expect(headline(page)).toHaveText('Bản mới')
  expect(await isIsolated(page)).toBe(true)
  expect(await page.evaluate(() => caches.keys())).toHaveLength(1)
})

test('"Xóa dữ liệu" says what it erases and how large it is, and leaves nothing of the site', async ({ page, host }) => {
  await page.goto(host.url, mayLoadAgain)
  await isolated(page)
  await expect.poll(async () => (await keptPaths(page)).some((kept) => kept.endsWith('model.safetensors')), { timeout: 60_000 }).toBe(true)
  await page.evaluate(async () => {
    localStorage.setItem('soi-theme', 'dark')
    localStorage.setItem('cua-trang-khac', '1')
    await caches.open(`soi ${location.origin}/trang-khac/ 1`)
  })
  await page.getByRole('button', { name: 'Xóa dữ liệu' }).click()
  await expect(page.getByRole('dialog')).toContainText(/Bản sao của trang .*, 2\d,\d\sMB/)
  await page.getByRole('dialog').getByRole('button', { name: 'Thôi, giữ lại' }).click()
  expect(await keptPaths(page)).not.toEqual([])
  await page.getByRole('button', { name: 'Xóa dữ liệu' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Xóa hết' }).click()
  await expect(page.locator('soi-stored-data [role=status]')).toHaveText('Đã xóa.')
  const left = await page.evaluate(async () => ({
    caches: await caches.keys(),
    choices: Object.keys(localStorage),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }))
  const others = [`soi ${new URL(host.url).origin}/trang-khac/ 1`]
  expect(left).toEqual({ caches: others, choices: ['cua-trang-khac'], workers: 0 })

  // The worker still serves this page, which asks for more.
  const served = await page.evaluate(async () => {
    navigator.serviceWorker.controller!.postMessage('fill')
    const answer = await fetch('models/demo/config.json')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return answer.ok
  })
  expect(served).toBe(true)
  expect(await page.evaluate(() => caches.keys())).toEqual(others)
})
