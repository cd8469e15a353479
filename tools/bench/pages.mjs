// node tools/bench/pages.mjs [N]: how soon each page of build/site is ready for its reader, N times (5), in Chromium, from
// localhost, with an empty cache each time. Prints the JSON lines of measure.h, in ms from the start of navigation:
// page.NAME.usable (every element of Soi's own is upgraded and has drawn itself) and page.NAME.answers (a key pressed then
// has been answered by the next frame). CHROMIUM is the browser's path.
import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { serve } from '../serve/server.mjs'

const n = Number(process.argv[2] ?? 5)
const folder = resolve(import.meta.dirname, '../../build/site')
if (!existsSync(`${folder}/index.html`)) {
  console.error('There is no site in build/site: run tools/build_site first.')
  process.exit(1)
}
const lessons = readdirSync(`${folder}/bai-hoc`).filter((slug) => existsSync(`${folder}/bai-hoc/${slug}/index.html`))
const pages = { home: '', playground: 'san-choi/', ...Object.fromEntries(lessons.map((slug) => [slug, `bai-hoc/${slug}/`])) }

/* global KeyboardEvent, addEventListener, customElements, document, requestAnimationFrame */
/** Runs in the page. */
async function whenReady() {
  const elements = () => [...document.querySelectorAll('*')].filter(({ localName }) => localName.startsWith('soi-'))
  if (document.readyState === 'loading') await new Promise((loaded) => addEventListener('DOMContentLoaded', loaded))
  await Promise.all(elements().map(({ localName }) => customElements.whenDefined(localName)))
  await Promise.all(elements().map(({ updateComplete }) => updateComplete))
  const usable = performance.now()
  await new Promise((answered) => {
    addEventListener('keydown', () => requestAnimationFrame(answered), { once: true })
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift', bubbles: true }))
  })
  return { usable, answers: performance.now() }
}

const site = await serve({ folder })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
try {
  for (const [name, path] of Object.entries(pages)) {
    const samples = { usable: [], answers: [] }
    for (let i = 0; i < n; i++) {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(site.url + path, { waitUntil: 'commit' })
      const times = await page.evaluate(whenReady)
      for (const [what, values] of Object.entries(samples)) values.push(times[what])
      await context.close()
    }
    for (const [what, values] of Object.entries(samples)) report(`page.${name}.${what}`, values)
  }
} finally {
  await browser.close()
  await site.close()
}

function report(name, values) {
  values.sort((a, b) => a - b)
  const median = (values[(n - 1) >> 1] + values[n >> 1]) / 2
  const [min, max] = [values[0], values.at(-1)]
  const rounded = Object.fromEntries(Object.entries({ median, min, max }).map(([key, value]) => [key, Math.round(value)]))
  console.log(
    JSON.stringify({ name, ...rounded, n, unit: 'ms', threads: 1, build: 'site', where: `Chromium ${browser.version()}` }),
  )
}
