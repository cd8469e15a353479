import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Playground } from './playground'
import { expect, test } from './site'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResults {
  violations: { id: string; help: string; nodes: { target: string[] }[] }[]
}

for (const theme of ['light', 'dark'] as const) {
  test(`accessible to all: ${theme}`, async ({ page, siteUrl }) => {
    await page.emulateMedia({ colorScheme: theme })
    const playground = new Playground(page)
    await playground.open(siteUrl, { text: 'The old woman had lost' })
    await playground.measured()
    for (const address of [page.url(), siteUrl]) {
      await page.goto(address)
      await page.waitForLoadState('networkidle')
      await page.evaluate(axe)
      const { violations } = await page.evaluate<AxeResults>('axe.run()')
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
      expect(found).toEqual([])
    }
  })
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the text reads well, and says what is missing', async ({ page, siteUrl }) => {
    await page.goto(siteUrl)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.goto(`${siteUrl}san-choi/`)
    await expect(page.getByRole('heading', { name: 'Logit lens' })).toBeVisible()
    await expect(page.locator('noscript p')).toBeVisible()
  })
})

test('pages lead to each other, wherever the site lies', async ({ page, siteUrl }) => {
  await page.goto(siteUrl)
  await page.getByRole('navigation').getByRole('link', { name: 'Sân chơi' }).click()
  await expect(page).toHaveURL(`${siteUrl}san-choi/index.html`)
  await page.getByRole('navigation').getByRole('link', { name: 'Trang đầu' }).click()
  await expect(page).toHaveURL(`${siteUrl}index.html`)
})

test('nothing on a page is wider than the narrowest phone', async ({ page, siteUrl }) => {
  await page.setViewportSize({ width: 320, height: 780 })
  const playground = new Playground(page)
  await playground.open(siteUrl)
  await playground.measured()
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow).toBe(0)
})
