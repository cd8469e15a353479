/** The site in Firefox, once, through WebDriver BiDi: Debian's firefox-esr is not the Firefox that Playwright drives. */
import { expect, test as base } from '@playwright/test'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { serve } from '../../tools/serve/server.mjs'
import type { Golden } from './golden'
import { shortRuns } from './short_runs'

const root = resolve(import.meta.dirname, '../..')
const firefox = process.env.FIREFOX ?? ''
const golden = JSON.parse(readFileSync(`${root}/tests/golden/demo_playground.json`, 'utf8')) as Golden
const lessons = readdirSync(`${root}/lessons`).filter((slug) => existsSync(`${root}/lessons/${slug}/lesson.md`))
/** Loading, and a run, on a busy machine. */
const patience = 150_000

const test = base.extend<{ isolation: boolean; siteUrl: string; firefoxPage: Page; faults: string[] }, { firefoxBrowser: Browser }>({
  firefoxBrowser: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads fixtures' names from the pattern
    async ({}, use) => {
      const browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefox, headless: true })
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  isolation: [true, { option: true }],
  siteUrl: async ({ isolation }, use) => {
    const site = await serve({ folder: `${root}/build/site`, base: '/lop-10a/soi/', isolation })
    await use(site.url)
    await site.close()
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  faults: async ({}, use) => {
    const faults: string[] = []
    await use(faults)
    expect(faults).toEqual([])
  },
  firefoxPage: async ({ firefoxBrowser, faults }, use) => {
    const page = await firefoxBrowser.newPage()
    page.on('pageerror', (error) => faults.push(`thrown: ${String(error)}`))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`logged: ${message.text()}`)
    })
    await use(page)
    await page.close()
  },
})

test.skip(firefox === '', 'no Firefox: tools/setup browser installs firefox-esr, or set FIREFOX to its path')

test.describe('on a host without headers', () => {
  test.use({ isolation: false })

  test('Firefox: the playground computes what PyTorch computes, with the threads that the service worker gives', async ({
    firefoxPage: page,
    siteUrl,
    faults,
  }) => {
    await page.goto(siteUrl, { waitUntil: 'domcontentloaded' })
    // Loaded again, and to its end: a page that is left before it may never tell WebDriver that the next has come.
    const loadedIsolated = () => page.evaluate(() => crossOriginIsolated && document.readyState === 'complete').catch(() => false)
    await expect.poll(loadedIsolated, { timeout: patience }).toBe(true)

    const hash = new URLSearchParams({ text: golden.sentence })
    await page.goto(`${siteUrl}san-choi/#${hash.toString()}`, { waitUntil: 'domcontentloaded' })
    await page.waitForSelector('soi-model-chooser dl.facts', { timeout: patience })
    faults.length = 0 // what the page before was still fetching when it was left
    await page.waitForSelector('#next-status .measured', { timeout: patience })
    const facts = await page.$eval('soi-model-chooser dl.facts', ({ textContent }) => textContent)
    expect(facts).toContain('SIMD, đa luồng')
    const ids = await page.$$eval('#strip [role=option] .token-id', (each) => each.map(({ textContent }) => Number(textContent)))
    expect(ids).toEqual(golden.tokens.map(({ id }) => id))
    expect(await page.$eval('#next-plot', ({ textContent }) => textContent)).toContain(golden.next[0]!.text.trim())
  })
})

test('Firefox: the first visit is to the playground', async ({ firefoxPage: page, siteUrl }) => {
  await page.goto(`${siteUrl}san-choi/`)
  await page.waitForSelector('soi-model-chooser dl.facts', { timeout: patience })
})

for (const slug of lessons) {
  test(`Firefox: ${slug} runs`, async ({ firefoxPage: page, siteUrl }) => {
    const hash = new URLSearchParams({ ...shortRuns[slug], seed: '5' })
    await page.goto(`${siteUrl}bai-hoc/${slug}/index.html#${hash.toString()}`)
    const run = await page.waitForSelector('soi-lesson-run button.primary', { timeout: patience })
    await run!.click()
    await page.waitForFunction(
      () => document.querySelector('soi-lesson-run .run-state')?.textContent.includes('Đo được trên máy này'),
      { timeout: patience },
    )
    expect(await page.$$eval('.ledger tbody tr', (rows) => rows.length)).toBeGreaterThan(0)
  })
}
