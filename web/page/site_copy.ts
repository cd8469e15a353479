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

/** With the worker, which would fill it again. The next visit begins as the first one did. */
export async function eraseCopy(scope: string): Promise<void> {
  if ('serviceWorker' in navigator) {
    const registrations = await navigator.serviceWorker.getRegistrations()
    for (const registration of registrations) if (registration.scope === scope) await registration.unregister()
  }
  for (const name of await copies(scope)) await caches.delete(name)
}
