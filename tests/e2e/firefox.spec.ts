/** The site in Firefox, once. */
import { expect, test as base } from '@playwright/test'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { serve } from '../../tools/serve/server.mjs'
import { type Firefox, startFirefox } from './firefox'
import type { Golden } from './golden'
import { shortRuns } from './short_runs'

const root = resolve(import.meta.dirname, '../..')
const executable = process.env.FIREFOX ?? ''
const golden = JSON.parse(readFileSync(`${root}/tests/golden/demo_playground.json`, 'utf8')) as Golden
const lessons = readdirSync(`${root}/lessons`).filter((slug) => existsSync(`${root}/lessons/${slug}/lesson.md`))
/** Loading, and a run, on a busy machine. */
const patience = 120_000

const test = base.extend<{ isolation: boolean; siteUrl: string; firefox: Firefox }>({
  isolation: [true, { option: true }],
  siteUrl: async ({ isolation }, use) => {
    const site = await serve({ folder: `${root}/build/site`, base: '/lop-10a/soi/', isolation })
    await use(site.url)
    await site.close()
  },
  firefox: async ({ siteUrl }, use) => {
    const firefox = await startFirefox(executable)
    await use(firefox)
    expect(await firefox.takeFaults(siteUrl)).toEqual([])
    await firefox.close()
  },
})

test.skip(executable === '', 'no Firefox: tools/setup browser installs firefox-esr, or set FIREFOX to its path')

test.describe('on a host without headers', () => {
  test.use({ isolation: false })

  test('Firefox: the playground computes what PyTorch computes, with the threads that the service worker gives', async ({
    firefox,
    siteUrl,
  }) => {
    await firefox.open(siteUrl)
    await firefox.ask(patience, () => (crossOriginIsolated && document.readyState === 'complete' ? true : null))
    const hash = new URLSearchParams({ text: golden.sentence }).toString()
    await firefox.open(`${siteUrl}san-choi/#${hash}`)
    const seen = await firefox.ask(patience, () => {
      if (!document.querySelector('#next-status .measured')) return null
      return {
        facts: document.querySelector('soi-model-chooser dl.facts')?.textContent,
        ids: [...document.querySelectorAll('#strip [role=option] .token-id')].map((id) => Number(id.textContent)),
        next: document.querySelector('#next-plot')?.textContent,
      }
    })
    expect(seen.facts).toContain('SIMD, đa luồng')
    expect(seen.ids).toEqual(golden.tokens.map(({ id }) => id))
    expect(seen.next).toContain(golden.next[0]!.text.trim())
  })
})

test('Firefox: the first visit is to the playground', async ({ firefox, siteUrl }) => {
  await firefox.open(`${siteUrl}san-choi/`)
  const facts = await firefox.ask(
    patience,
    () => document.querySelector('soi-model-chooser dl.facts')?.textContent ?? null,
  )
  expect(facts).toContain('SIMD, đa luồng')
})

for (const slug of lessons) {
  test(`Firefox: ${slug} runs`, async ({ firefox, siteUrl }) => {
    const hash = new URLSearchParams({ ...shortRuns[slug], seed: '5' }).toString()
    await firefox.open(`${siteUrl}bai-hoc/${slug}/index.html#${hash}`)
    const nClaims = await firefox.ask(patience, () => {
      const run = document.querySelector<HTMLButtonElement>('soi-lesson-run button.primary')
      const state = document.querySelector('soi-lesson-run .run-state')?.textContent ?? ''
      if (state.includes('Đo được trên máy này')) return document.querySelectorAll('.ledger tbody tr').length
      if (document.readyState === 'complete' && run && !run.dataset.pressed) {
        run.dataset.pressed = 'yes'
        run.click()
      }
      return null
    })
    expect(nClaims).toBeGreaterThan(0)
  })
}
