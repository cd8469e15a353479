/** What the service worker knows of the site that it was built with. */

/**
 * When a file is fetched: before the version counts as installed, afterwards while the reader reads, or when a page asks for it.
 */
export type FetchTime = 'install' | 'background' | 'use'

export interface SiteFile {
  /** Under the site's root, without a slash in front. */
  path: string
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string
  time: FetchTime
}

export interface SiteManifest {
  /** Differs where any file does. */
  version: string
  files: SiteFile[]
}

/** Large files must not delay the moment when a page gets threads; the opt-in build of the core is fetched by who opts in. */
export function fetchTime(path: string): FetchTime {
  if (path.startsWith('engine/relaxed-threads/')) return 'use'
  return path.startsWith('engine/') || path.startsWith('models/') ? 'background' : 'install'
}
