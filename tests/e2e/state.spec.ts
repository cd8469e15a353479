/** A lesson page's state: what the address, the history and the browser keep of it (docs/state.md). */
import { LessonPage } from './lesson_page'
import { Playground } from './playground'
import { shortRuns } from './short_runs'
import { expect, test } from './site'

const simulation = '01-sae-mo-phong'
const lessonAt = (siteUrl: string, slug: string) => `${siteUrl}bai-hoc/${slug}/index.html`

test('a link within the page leaves the state alone, and moves the focus', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, lessonAt(siteUrl, simulation))
  await lesson.open({ epochs: '50', seed: '5', an: '1' })
  const address = page.url()
  const isWhole = async () => {
    expect(page.url()).toBe(address)
    await expect(page.locator('fieldset.controls')).toHaveCount(0)
    await expect(lesson.state).toContainText('Tham số đã đổi')
  }
  const toPlot = page.locator('.to-plot').first()
  const plot = page.locator(`[id="${(await toPlot.getAttribute('href'))!.slice(1)}"]`)
  await toPlot.click()
  await expect(plot).toBeFocused()
  await expect(plot).toBeInViewport()
  await isWhole()

  await page.locator('.skip').focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('#main')).toBeFocused()
  await isWhole()
  await page.keyboard.press('Tab')
  await expect(page.locator('#main a, #main button, #main input').first()).toBeFocused()
})

test('the address of a place in the page, typed or followed by the browser, does not wipe the state', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, lessonAt(siteUrl, simulation))
  await lesson.open({ seed: '5' })
  await page.evaluate(() => (location.hash = '#main'))
  await expect(page).toHaveURL(/#seed=5$/)
  await expect(page.locator('#seed')).toHaveValue('5')
})

test('back finds a text that is too long for the address', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, lessonAt(siteUrl, '05-loai-bo-khong-gian-con'))
  await lesson.open()
  const passage = page.locator('textarea').first()
  const long = 'The old woman had lost her way. '.repeat(80)
  await passage.fill(long)
  await passage.blur()
  await expect(page.locator('.controls').first()).toContainText('đường dẫn không mang theo')
  await page.waitForTimeout(1100) // a step of its own
  await page.locator('#seed').fill('9')
  await page.locator('#seed').press('Enter')
  await expect(page).toHaveURL(/seed=9/)
  await page.goBack()
  await expect(page.locator('#seed')).toHaveValue('1')
  await expect(passage).toHaveValue(long)
  await page.reload()
  await expect(passage).toHaveValue(long)
})

test('a link made with a file of somebody\'s own says so beside the run, and keeps saying so', async ({ page, siteUrl }) => {
  const slug = '05-loai-bo-khong-gian-con'
  const lesson = new LessonPage(page, lessonAt(siteUrl, slug))
  await lesson.open({ ...shortRuns[slug], model: 'file' })
  const note = page.locator('soi-lesson-run .linked-file')
  await expect(note).toBeVisible()
  await lesson.run()
  await expect(note).toBeVisible()
  expect(page.url()).toContain('model=file')
  // The site's own model is the one that the build ran, by size and number format too.
  await page.locator('.run-model > summary').click()
  await page.locator('.model-change > summary').click()
  await page.getByRole('button', { name: 'Mô hình đi kèm' }).click()
  await expect(note).toHaveCount(0)
  await expect(page).not.toHaveURL(/model=file/)
  await expect(lesson.state).toContainText('Đo được trên máy này')
})

test('the build\'s result stays that of the site\'s own model once it has loaded', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, lessonAt(siteUrl, '05-loai-bo-khong-gian-con'))
  await lesson.open()
  await page.locator('.run-model > summary').click()
  await page.locator('.model-change > summary').click()
  await page.getByRole('button', { name: 'Mô hình đi kèm' }).click()
  await expect(page.locator('dl.facts').first()).toContainText('soi-demo')
  await expect(lesson.state).toContainText('tính sẵn')
})

test('a result that cannot be fetched is told, and a run needs none', async ({ page, siteUrl, faults }) => {
  await page.route('**/result.json', (route) => route.abort())
  await page.goto(`${lessonAt(siteUrl, simulation)}#${new URLSearchParams(shortRuns[simulation]).toString()}`)
  const lesson = new LessonPage(page, lessonAt(siteUrl, simulation))
  await expect(lesson.state).toContainText('Không tải được kết quả tính sẵn')
  await lesson.run()
  faults.length = 0
})

test('a run from a file that is wrong is told by its place, and the page stays as it was', async ({ page, siteUrl }) => {
  const lesson = new LessonPage(page, lessonAt(siteUrl, simulation))
  await lesson.open()
  const { text } = await lesson.saved()
  const file = JSON.parse(text) as { result: { claims: { verdict: string }[] } }
  file.result.claims[1]!.verdict = '"><img src="x" onerror="alert(1)">'
  await lesson.openFile(JSON.stringify(file))
  await expect(page.locator('soi-lesson-tools .fault')).toContainText('claims.1.verdict')
  await expect(lesson.state).toContainText('tính sẵn')
})

test('the playground follows its address: a layer too many, another number format', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl, { text: 'The old woman', layer: 2 })
  await playground.measured()
  const go = (hash: string) => page.evaluate((value) => (location.hash = value), hash)
  await go('#text=The+old+woman&layer=11')
  await playground.measured()
  await expect(page.locator('#layer')).toHaveValue('7')
  await go('#text=The+old+woman&format=f16')
  await expect(playground.fact('độ chính xác')).toHaveText('f16')
  await playground.measured()
  await page.goBack()
  await expect(playground.fact('độ chính xác')).toHaveText('int8')
  await playground.measured()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the browser follows links within the page', async ({ page, siteUrl }) => {
    await page.goto(lessonAt(siteUrl, simulation))
    const toPlot = page.locator('.to-plot').first()
    const href = (await toPlot.getAttribute('href'))!
    await toPlot.click()
    expect(new URL(page.url()).hash).toBe(href)
    await expect(page.locator(`[id="${href.slice(1)}"]`)).toBeInViewport()
  })
})
