/**
 * The built site on a port of its own, for a test. `test.use({ hosting: { isolation: false } })` leaves out the headers for
 * threads; `base` puts it under a sub-path. Every test fails where the page logs an error, throws, breaks its own
 * Content-Security-Policy, or asks any other host for anything.
 */
import { type Page, expect, test as base } from '@playwright/test'
import { resolve } from 'node:path'
import { serve } from '../../tools/serve/server.mjs'

export interface Hosting {
  isolation?: boolean
  base?: string
}

export interface SiteFixtures {
  hosting: Hosting
  /** The site's address, with a slash at its end. */
  siteUrl: string
  /** What went wrong on the page so far. A test that expects a fault empties it. */
  faults: string[]
}

const folder = resolve(import.meta.dirname, '../../build/site')

export const test = base.extend<SiteFixtures>({
  hosting: [{}, { option: true }],

  siteUrl: async ({ hosting }, use) => {
    const site = await serve({ folder, ...hosting })
    await use(site.url)
    await site.close()
  },

  faults: [
    async ({ page, siteUrl }, use) => {
      const faults: string[] = []
      watch(page, siteUrl, faults)
      await use(faults)
      expect(faults).toEqual([])
    },
    { auto: true },
  ],
})

/** Adds to `faults` what a page logs, throws, fails to get or asks another host for. */
export function watch(page: Page, siteUrl: string, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`logged: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(siteUrl) && !url.startsWith('blob:') && !url.startsWith('data:')) faults.push(`asked for: ${url}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`)
  })
}

export { expect }
