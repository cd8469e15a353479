/**
 * Starts the service worker (web/offline). A page without isolation, hence without threads, loads itself again once the worker
 * can give it that; a page that finds a newer version of the site waiting, and is the only one open, changes to it.
 */

const reloadMark = 'soi-isolation-reload'
/** The page's own files come first. */
const millisecondsBeforeFill = 3000

export async function startOffline(): Promise<void> {
  // Absent on an insecure address and in some private windows. The development server has no built worker.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const workers = navigator.serviceWorker
  const isFirstVisit = workers.controller === null
  const reader = { hasBegun: false }
  for (const gesture of ['pointerdown', 'keydown', 'drop']) {
    addEventListener(gesture, () => (reader.hasBegun = true), { once: true, capture: true })
  }
  workers.addEventListener('controllerchange', () => {
    if (!isFirstVisit) {
      location.reload() // a newer version has taken over: this page is of the old one
    } else if (!crossOriginIsolated && !reader.hasBegun && isFirstReload()) {
      location.reload()
    }
  })
  // Bundled code lies in a folder of the site's root.
  const script = new URL(/* @vite-ignore */ '../service_worker.js', import.meta.url)
  try {
    const registration = await workers.register(script)
    if (!isFirstVisit) registration.waiting?.postMessage('take over if alone')
    const { active } = await workers.ready
    if (isFirstVisit && !crossOriginIsolated && !reader.hasBegun) active?.postMessage('claim')
    if (!savesData()) setTimeout(() => active?.postMessage('fill'), millisecondsBeforeFill)
  } catch (error) {
    // The page does without: on the network, on as many threads as the host's headers allow.
    console.warn(`soi: no service worker: ${String(error)}`)
  }
}

/** At most one such reload in a tab: where it did not bring isolation, the page stays with one thread. */
function isFirstReload(): boolean {
  try {
    if (sessionStorage.getItem(reloadMark) !== null) return false
    sessionStorage.setItem(reloadMark, '1')
    return true
  } catch {
    return false
  }
}

/** The reader's browser is set to save data: large files come only when asked for. */
function savesData(): boolean {
  return (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true
}
