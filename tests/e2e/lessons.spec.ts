import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { LessonResult, LessonSpec } from '../../web/engine/engine'
import { bytesBlob, createNodeEngine } from '../../web/engine/node_engine'
import { compareResults } from '../../web/lesson/agreement'
import { readRunFile } from '../../web/lesson/run_file'
import { LessonPage } from './lesson_page'
import { shortRuns } from './short_runs'
import { expect, test } from './site'

const root = resolve(import.meta.dirname, '../..')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const slugs = readdirSync(`${root}/lessons`).filter((slug) => existsSync(`${root}/lessons/${slug}/lesson.md`))
const experimentOf = (slug: string) => /^experiment: (.+)$/m.exec(readFileSync(`${root}/lessons/${slug}/lesson.md`, 'utf8'))![1]!

interface AxeResults {
  violations: { id: string; nodes: { target: string[] }[] }[]
}

/** The same run by the same core, outside the browser. */
async function runInNode(name: string, settings: Record<string, string>, seed: number): Promise<{ spec: LessonSpec; result: LessonResult }> {
  const engine = await createNodeEngine(`${root}/build/wasm-simd/engine`, 'simd', 1)
  try {
    const spec = (await engine.lessons()).find((each) => each.name === name)
    if (!spec) throw new Error(`no experiment ${name}`)
    if (spec.needs_model) {
      const demo = `${root}/web/public/models/demo`
      const configJson = readFileSync(`${demo}/config.json`, 'utf8')
      await engine.loadModel(bytesBlob(readFileSync(`${demo}/model.safetensors`)), { name: 'soi-demo', configJson })
    }
    return { spec, result: await engine.runLesson({ name, protocol: 'corrected', seed, settings }) }
  } finally {
    engine.close()
  }
}

for (const slug of slugs) {
  const settings = shortRuns[slug] ?? {}

  test.describe(slug, () => {
    let lesson: LessonPage

    test.beforeEach(({ page, siteUrl }) => {
      lesson = new LessonPage(page, `${siteUrl}bai-hoc/${slug}/index.html`)
    })

    test('shows what was computed beforehand, every claim in the ledger', async ({ page }) => {
      await lesson.open()
      await expect(page.locator('soi-lesson-plot svg, soi-lesson-plot canvas').first()).toBeVisible()
      const claims = JSON.parse(readFileSync(`${root}/lessons/${slug}/claims.json`, 'utf8')) as { id: string }[]
      await expect(page.locator('.ledger tbody tr')).toHaveCount(claims.length)
      for (const { id } of claims) await expect(page.locator(`[id="khang-dinh-${id}"] .verdict`)).toHaveText(/\S/)
    })

    test('measures what the core measures outside the browser, to the last bit', async () => {
      await lesson.open({ ...settings, seed: '5' })
      await lesson.run()
      const { text, file } = await lesson.saved()
      expect(file.result.seed).toBe(5)
      const there = await runInNode(experimentOf(slug), settings, 5)
      const here = readRunFile(text, there.spec).result
      const agreement = compareResults(there.result, here)
      expect(agreement, JSON.stringify(agreement)).toMatchObject({ kind: 'same' })
    })

    test('a link reproduces the settings; a file shows its run on another machine', async ({ page, browser, siteUrl }) => {
      await lesson.open({ ...settings, seed: '5' })
      await lesson.run()
      const { text, file } = await lesson.saved()
      const other = await (await browser.newContext()).newPage()
      const second = new LessonPage(other, `${siteUrl}bai-hoc/${slug}/index.html`)
      await second.open()
      await second.openFile(text)
      await expect(second.state).toContainText('Kết quả mở từ tệp')
      expect(new URL(other.url()).hash.slice(1).split('&').sort()).toEqual(new URL(page.url()).hash.slice(1).split('&').sort())
      expect((await second.saved()).file.result.figures).toEqual(file.result.figures)
      await other.context().close()
    })

    test('a run can be stopped, and what was there stays', async ({ page }) => {
      await lesson.open()
      await lesson.runButton.click()
      await expect(page.locator('soi-lesson-run .run-state progress')).toBeVisible()
      await lesson.cancelButton.click()
      await expect(lesson.state).toContainText('Đã dừng')
      await expect(page.locator('.ledger tbody tr').first()).toBeVisible()
    })

    test('is worked by the keyboard alone', async ({ page }) => {
      await lesson.open(settings)
      const press = (key: string) => page.keyboard.press(key)
      await press('Tab')
      await expect(page.locator('.skip')).toBeFocused()
      await press('Enter')
      await expect(page.locator('#main')).toBeFocused()

      await lesson.tabTo('fieldset.controls :is(input, select, textarea)')
      await lesson.tabTo('soi-prediction button.quiet')
      await press('Enter')
      await expect(page.locator('soi-prediction').first()).toContainText('Bạn đã bỏ qua')
      await lesson.tabTo('soi-lesson-run .run-button')
      await press('Enter')
      await expect(lesson.cancelButton).toBeFocused()
      await press('Enter')
      await expect(lesson.state).toContainText('Đã dừng')
      await expect(lesson.runButton).toBeFocused()
      await press('Enter')
      await expect(lesson.state).toContainText('Đo được trên máy này', { timeout: 150_000 })
      await expect(lesson.runButton).toBeFocused()
    })

    for (const theme of ['light', 'dark'] as const) {
      test(`is accessible to all: ${theme}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme: theme })
        await lesson.open()
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)))
        await page.evaluate(axe)
        const { violations } = await page.evaluate<AxeResults>('axe.run()')
        expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))).toEqual([])
      })
    }

    test('fits the narrowest phone, and text at twice its size', async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 780 })
      await lesson.open()
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(await overflow()).toBe(0)
      // 200 % of 1280 pixels leaves 640 of them.
      await page.setViewportSize({ width: 640, height: 450 })
      expect(await overflow()).toBe(0)
    })
  })

  test.describe(`${slug} without JavaScript`, () => {
    test.use({ javaScriptEnabled: false })

    test('text, formulas, plots and ledger remain', async ({ page, siteUrl }) => {
      await page.goto(`${siteUrl}bai-hoc/${slug}/index.html`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('soi-lesson-plot .plot-wide svg').first()).toBeVisible()
      await expect(page.locator('.ledger tbody tr').first()).toBeVisible()
    })
  })
}

test('lessons lead to each other, and the glossary to them', async ({ page, siteUrl }) => {
  await page.goto(siteUrl)
  const first = page.locator('.lesson-table a').first()
  const title = (await first.textContent())!
  await first.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
  await expect(page.locator('.lesson-table [aria-current=page]')).toHaveText(title)
  await page.getByRole('navigation', { name: 'Các trang' }).getByRole('link', { name: 'Thuật ngữ' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Bảng thuật ngữ')
})

test('a teacher\'s link hides the controls', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, `${siteUrl}bai-hoc/${slugs[0]!}/index.html`)
  await lesson.open()
  await expect(page.locator('fieldset.controls').first()).toBeVisible()
  await lesson.open({ an: '1' })
  await page.reload()
  await expect(page.locator('fieldset.controls')).toHaveCount(0)
  await expect(lesson.runButton).toBeVisible()
})

test('a control that has moved dims the result; back and forward follow it', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, `${siteUrl}bai-hoc/${slugs[0]!}/index.html`)
  await lesson.open()
  await page.locator('#seed').fill('9')
  await page.locator('#seed').press('Enter')
  await expect(lesson.state).toContainText('Tham số đã đổi')
  await expect(page.locator('.stale').first()).toBeVisible()
  await page.goBack()
  await expect(lesson.state).toContainText('tính sẵn')
  await page.goForward()
  await expect(page.locator('#seed')).toHaveValue('9')
})

test('a file dropped anywhere on a lesson is shown before it is loaded', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, `${siteUrl}bai-hoc/04-ged-him-her/index.html`)
  await lesson.open()
  const files = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['no header'], 'model.safetensors'))
    return transfer
  })
  await page.locator('h1').dispatchEvent('drop', { dataTransfer: files })
  await expect(page.locator('soi-model-chooser .candidate')).toBeInViewport()
  await expect(page.locator('soi-model-chooser .candidate')).toContainText('model.safetensors')
})

test('what the browser keeps is told, and erased when asked twice', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, `${siteUrl}bai-hoc/${slugs[0]!}/index.html`)
  await lesson.open()
  const prediction = page.locator('soi-prediction').first()
  await prediction.getByRole('button', { name: 'Bỏ qua' }).click()
  await page.reload()
  await expect(prediction).toContainText('Bạn đã bỏ qua')
  await page.getByRole('button', { name: 'Xóa dữ liệu' }).click()
  await expect(page.getByRole('dialog')).toContainText('1 bài')
  await page.getByRole('dialog').getByRole('button', { name: 'Xóa hết' }).click()
  await page.reload()
  await expect(prediction.getByRole('button', { name: 'Bỏ qua' })).toBeVisible()
})

test('what is no value is told beside its control, what the model lacks beside the run, and nothing is lost', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, `${siteUrl}bai-hoc/04-ged-him-her/index.html`)
  await lesson.open()
  await page.locator('#seed').fill('-3')
  await page.locator('#seed').press('Enter')
  await expect(page.locator('#seed-refused')).toContainText('từ 0 đến')
  await page.getByRole('button', { name: 'Đổi seed' }).click()
  await expect(page.locator('#seed-refused')).toHaveCount(0)

  const pairs = page.locator('#p-pairs')
  const typed = 'The dog saw [him|her].\nThe cat saw him.'
  await pairs.fill(typed)
  await pairs.blur()
  await lesson.runButton.click()
  await expect(lesson.state).toContainText('"Các cặp câu": dòng 2 viết chưa đúng.', { timeout: 150_000 })
  await expect(pairs).toHaveValue(typed)
  await expect(page.locator('.ledger tbody tr').first()).toBeVisible()
  expect(new URL(page.url()).hash).toContain('pairs=')
})
