/** A lesson page's state: what the address, the history and the browser keep of it (docs/state.md). */
import { LessonPage } from './lesson_page'
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
