/** The copy of the site that its service worker keeps in this browser (web/offline), seen from a page. */

/** What the names of its caches begin with. Sites under other paths of the same host have names of their own. */
export function copyPrefix(scope: string): string {
  return `soi ${scope} `
}

/** The site's root as an absolute address, with a slash at its end: the service worker's scope. */
export function siteRoot(): string {
  return new URL(document.documentElement.dataset.root ?? './', document.baseURI).href
}

async function copies(scope: string): Promise<string[]> {
  // Absent on an insecure address.
  if (!('caches' in globalThis)) return []
  return (await caches.keys()).filter((name) => name.startsWith(copyPrefix(scope)))
}

/** In bytes; 0 where there is none. */
export async function copySize(scope: string): Promise<number> {
  let bytes = 0
  for (const name of await copies(scope)) {
    const cache = await caches.open(name)
    for (const response of await cache.matchAll()) bytes += Number(response.headers.get('Content-Length') ?? 0)
  }
  return bytes
}

/**
 * With the worker, which would fill it again. It serves the open pages to their end, but keeps nothing where it finds no copy
 * (web/offline/site_cache.ts). The next visit begins as the first one did.
 */
export async function eraseCopy(scope: string): Promise<void> {
  if ('serviceWorker' in navigator) {
    const registrations = await navigator.serviceWorker.getRegistrations()
    for (const registration of registrations) if (registration.scope === scope) await registration.unregister()
  }
  // Again where the worker was about to write while it was erased.
  for (let names = await copies(scope); names.length > 0; names = await copies(scope)) {
    for (const name of names) await caches.delete(name)
  }
}
