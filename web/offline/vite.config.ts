import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type UserConfig, defineConfig } from 'vite'
import { type SiteManifest, fetchTime } from './manifest'

const script = 'service_worker.js'
/** What no page asks for. */
const notServed = new Set([script, '_headers'])

/** Every file of a built site. */
function manifestOf(site: string): SiteManifest {
  const files = readdirSync(site, { recursive: true, encoding: 'utf8' })
    .map((path) => relative(site, resolve(site, path)).replaceAll('\\', '/'))
    .filter((path) => !notServed.has(path) && statSync(resolve(site, path)).isFile())
    .sort()
    .map((path) => {
      const hash = createHash('sha256').update(readFileSync(resolve(site, path))).digest('hex')
      return { path, hash, time: fetchTime(path) }
    })
  return { version: createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16), files }
}

/** Adds the service worker to a built site: the last step, since it holds the hash of every other file. */
export const offlineConfig = (site: string): UserConfig => ({
  root: import.meta.dirname,
  publicDir: false,
  define: { SITE_MANIFEST: JSON.stringify(manifestOf(site)) },
  build: {
    outDir: site,
    emptyOutDir: false,
    target: 'es2023',
    modulePreload: false,
    rolldownOptions: {
      input: resolve(import.meta.dirname, 'service_worker.ts'),
      output: { format: 'iife', entryFileNames: script },
    },
  },
})

export default defineConfig(() => offlineConfig(resolve(import.meta.dirname, '../../build/site')))
