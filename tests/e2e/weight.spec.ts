/**
 * What a reader's connection carries: the first view of each page, and the core. Beside the model, the core and the results
 * that were computed beforehand, which come after it.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { shortRuns } from './short_runs'
import { expect, test } from './site'

/** In bytes, compressed. The site's promise is 250 kB: a margin for what is still to be written. */
const mostOfPage = 240_000
const mostOfCore = 700_000

const site = resolve(import.meta.dirname, '../../build/site')

const pages = { 'trang đầu': '', 'sân chơi': 'san-choi/', 'thuật ngữ': 'thuat-ngu/', ...Object.fromEntries(Object.keys(shortRuns).map((slug) => [slug, `bai-hoc/${slug}/`])) }

/** As a host sends it: fonts are compressed already. */
function weightOf(path: string, body: Buffer): number {
  return path.endsWith('.woff2') ? body.length : gzipSync(body, { level: 9 }).length
}

test.use({ serviceWorkers: 'block' })

for (const [name, path] of Object.entries(pages)) {
  test(`${name} is light: text, styles, scripts and fonts under 240 kB`, async ({ page, siteUrl }) => {
    const weights = new Map<string, Promise<number>>()
    page.on('response', (response) => {
      const { pathname } = new URL(response.url())
      if (/\.(wasm|safetensors)$|\/engine\/|\/models\/|\/result\.(json|bin)$/.test(pathname)) return
      weights.set(pathname, response.body().then((body) => weightOf(pathname, body)))
    })
    await page.goto(`${siteUrl}${path}`)
    await page.evaluate(() => document.fonts.ready)
    await page.waitForLoadState('networkidle')
    const listed = await Promise.all([...weights].map(async ([file, weight]) => [await weight, file] as const))
    const bytes = listed.reduce((sum, [weight]) => sum + weight, 0)
    const table = listed.sort(([a], [b]) => b - a).map(([weight, file]) => `${weight} ${file}`)
    test.info().annotations.push({ type: 'bytes', description: [bytes, ...table].join('\n') })
    expect(listed.some(([, file]) => file.endsWith('.woff2'))).toBe(true)
    expect(bytes, table.join('\n')).toBeLessThan(mostOfPage)
  })
}

for (const variant of ['simd', 'simd-threads', 'relaxed-threads']) {
  test(`the core is light: ${variant} under 700 kB compressed`, async () => {
    const bytes = weightOf('soi.wasm', await readFile(resolve(site, 'engine', variant, 'soi.wasm')))
    test.info().annotations.push({ type: 'bytes', description: String(bytes) })
    expect(bytes).toBeLessThan(mostOfCore)
  })
}
