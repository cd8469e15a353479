/** A lesson's page as a reader meets it. */
import { type Locator, type Page, expect } from '@playwright/test'
import { readFile } from 'node:fs/promises'

/** A run with few steps, on a busy machine, with the model to load first. */
const patience = 150_000

export interface RunFile {
  result: {
    parameters: Record<string, unknown>
    figures: Record<string, { value: number | null | (number | null)[] }>
    seed: number
    model: string
  }
}

export class LessonPage {
  readonly state: Locator
  readonly runButton: Locator
  readonly cancelButton: Locator

  constructor(
    readonly page: Page,
    private readonly address: string,
  ) {
    this.state = page.locator('soi-lesson-run .run-state')
    this.runButton = page.locator('soi-lesson-run').getByRole('button', { name: /^Chạy/ })
    // The model's own loading, beside, has such a button too.
    this.cancelButton = page.locator('soi-lesson-run .run-button', { hasText: 'Dừng' })
  }

  /** At a state of its controls; waits for what the build computed. */
  async open(settings: Record<string, string> = {}): Promise<void> {
    const hash = new URLSearchParams(settings).toString()
    await this.page.goto(`${this.address}${hash === '' ? '' : `#${hash}`}`)
    await expect(this.state).toContainText(/tính sẵn|Tham số đã đổi/)
  }

  async run(): Promise<void> {
    await this.runButton.click()
    await expect(this.state).toContainText('Đo được trên máy này', { timeout: patience })
  }

  /** By Tab alone, from where the focus is. */
  async tabTo(selector: string): Promise<void> {
    const isThere = () => this.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)
    for (let steps = 0; steps < 200; ++steps) {
      await this.page.keyboard.press('Tab')
      if (await isThere()) return
    }
    throw new Error(`Tab does not lead to ${selector}`)
  }

  /** The run as the page saves it. */
  async saved(): Promise<{ text: string; file: RunFile }> {
    const saved = this.page.waitForEvent('download')
    await this.page.getByRole('button', { name: 'Lưu tệp JSON' }).click()
    const text = await readFile(await (await saved).path(), 'utf8')
    return { text, file: JSON.parse(text) as RunFile }
  }

  async openFile(text: string): Promise<void> {
    const file = { name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(text) }
    await this.page.locator('soi-lesson-tools input[type=file]').setInputFiles(file)
  }
}
