// node tools/serve/screenshots.mjs [PAGE...]: pictures of build/site's pages in build/screenshots. See tools/screenshots.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { serve } from './server.mjs'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'build/site')
const target = join(root, 'build/screenshots')
const widths = [1280, 390]
const themes = ['light', 'dark']

/** Every index.html, as a path with a slash at its end; '' is the home page. */
function pagesOf(path) {
  return readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return pagesOf(`${path}${entry.name}/`)
    return entry.name === 'index.html' ? [path] : []
  })
}

if (!existsSync(join(folder, 'index.html'))) {
  console.error('soi: error: build/site is not there\nsoi: tools/run --build-only builds it.')
  process.exit(1)
}
mkdirSync(target, { recursive: true })
const site = await serve({ folder })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--disable-background-networking'],
})
const named = process.argv.slice(2)
for (const path of named.length > 0 ? named : pagesOf('')) {
  for (const width of widths) {
    for (const colorScheme of themes) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale: 'vi-VN', reducedMotion: 'reduce', bypassCSP: true })
      const page = await context.newPage()
      await page.goto(site.url + path)
      await page.waitForLoadState('networkidle')
      // What content-visibility leaves out far from the window is to be in a picture of the whole page.
      await page.addStyleTag({ content: '* { content-visibility: visible !important }' })
      const [file = '', hash] = path.split('#')
      const name = [file.replaceAll('/', '_').replace(/_$/, '') || 'home', ...(hash ? [hash.replaceAll(/\W/g, '_')] : [])].join('_')
      await page.screenshot({ path: join(target, `${name}-${width}-${colorScheme}.png`), fullPage: true })
      await context.close()
    }
  }
}
await browser.close()
await site.close()
console.log(`soi: ${target}`)
