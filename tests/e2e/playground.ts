/** The playground as a reader meets it: by its words, its roles and its files. */
import { type Locator, type Page, expect } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

const demoFolder = resolve(import.meta.dirname, '../../web/public/models/demo')
/** The site's own model as files on the reader's disk. */
export const demoFiles = ['model.safetensors', 'config.json'].map((name) => resolve(demoFolder, name))

// Loading and the first run, on a busy machine.
const patience = 90_000

export class Playground {
  readonly facts: Locator
  readonly fault: Locator
  readonly text: Locator
  readonly tokens: Locator

  constructor(readonly page: Page) {
    this.facts = page.locator('soi-model-chooser dl.facts').first()
    this.fault = page.locator('soi-model-chooser .fault')
    this.text = page.getByLabel('Văn bản', { exact: true })
    this.tokens = page.locator('#strip [role=option]')
  }

  /** Opens the page at a state of its controls, and waits for the site's own model. */
  async open(siteUrl: string, state: Record<string, string | number> = {}): Promise<void> {
    const hash = new URLSearchParams(Object.entries(state).map(([key, value]) => [key, String(value)]))
    await this.page.goto(`${siteUrl}san-choi/#${hash.toString()}`)
    await expect(this.facts).toBeVisible({ timeout: patience })
  }

  /** The value beside a label of the model in use. */
  fact(label: string): Locator {
    return this.facts.locator('.fact', { has: this.page.locator('dt', { hasText: label }) }).locator('dd')
  }

  async pick(files: string[] | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const change = this.page.locator('details.model-change')
    if ((await change.getAttribute('open')) === null) await change.locator('summary').click()
    await change.locator('input[type=file]').setInputFiles(files)
    await change.getByRole('button', { name: 'Nạp mô hình', exact: true }).click()
  }

  /** Waits until what the plots show was computed from the text and the model in use; starts what waits for a word. */
  async measured(): Promise<void> {
    await expect(async () => {
      for (const status of ['#next-status', '#lens-status']) {
        const run = this.page.locator(status).getByRole('button', { name: /^Chạy/ })
        if (await run.isVisible()) await run.click()
        await expect(this.page.locator(`${status} .measured`)).toBeVisible({ timeout: 1000 })
      }
      await expect(this.page.locator('.stale')).toHaveCount(0, { timeout: 1000 })
    }).toPass({ timeout: patience })
  }

  /** The text of what a plot saves. */
  async exported(bar: '#next-export' | '#lens-export' | '#attention-export', format: 'JSON' | 'CSV'): Promise<string> {
    const saved = this.page.waitForEvent('download')
    await this.page.locator(bar).getByRole('button', { name: format, exact: true }).click()
    return readFile(await (await saved).path(), 'utf8')
  }

  async tokenIds(): Promise<number[]> {
    return (await this.tokens.locator('.token-id').allTextContents()).map(Number)
  }
}
