/** The service worker, a script at the site's root. */
import securityHeaders from '../page/security_headers.json'
import type { SiteManifest } from './manifest'
import { SiteCache } from './site_cache'
import type { WorkerScope } from './worker_scope'

/** Put in by vite.config.ts. */
declare const SITE_MANIFEST: SiteManifest

const worker = globalThis as unknown as WorkerScope
const root = worker.registration.scope
const site = new SiteCache(SITE_MANIFEST, root, securityHeaders, {
  caches,
  fetch: (input, init) => fetch(input, init),
})

worker.addEventListener('install', (event) => event.waitUntil(site.install()))

worker.addEventListener('activate', (event) => event.waitUntil(site.deleteOthers()))

worker.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  if (request.mode === 'navigate' && site.lacksSlash(request.url)) {
    const url = new URL(request.url)
    url.pathname += '/'
    event.respondWith(Promise.resolve(Response.redirect(url.href, 301)))
    return
  }
  const file = site.fileOf(request.url)
  if (file !== undefined) event.respondWith(site.answer(file))
})

worker.addEventListener('message', (event) => {
  if (event.data === 'fill') {
    // Without a network it is tried again on another visit.
    event.waitUntil(site.fill().catch(() => undefined))
  } else if (event.data === 'claim') {
    // Only for a page that is about to load again: one that is claimed in the midst of its downloads hangs in Firefox.
    event.waitUntil(worker.clients.claim())
  } else if (event.data === 'take over if alone') {
    event.waitUntil(takeOverIfAlone())
  }
})

/** A page that is open goes on with the version that it came from: this one waits until a page is the only one. */
async function takeOverIfAlone(): Promise<void> {
  // A page that was left or closed a moment ago is still counted.
  for (let tries = 0; tries < 5; tries += 1) {
    const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
    if (pages.filter(({ url }) => url.startsWith(root)).length === 1) return worker.skipWaiting()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
