import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Golden, type NextExport, type PatternExport, readLens } from './golden'
import { Playground, demoFiles } from './playground'
import { expect, test } from './site'

// What PyTorch computes with the site's own model: tests/golden/README.md.
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../golden/demo_playground.json'), 'utf8'),
) as Golden
const { sentence, attention } = golden

// Parity with PyTorch in float32 is 5e-5 on a logit, and golden logits are rounded to 5 digits. A softmax moves by at most
// half of the largest change of its inputs, up or down: 5.5e-5 on a probability when all logits move by 5.5e-5 against each
// other. Attention scores are smaller than logits, so the same bound holds for its weights.
const tolerance = 5.5e-5

const hostings = [
  { name: 'with cross-origin isolation', hosting: {}, build: 'SIMD, đa luồng' },
  { name: 'without cross-origin isolation', hosting: { isolation: false }, build: 'SIMD, không luồng phụ' },
  { name: 'under a sub-path', hosting: { base: '/lop-10a/soi/' }, build: 'SIMD, đa luồng' },
]

for (const { name, hosting, build } of hostings) {
  test.describe(name, () => {
    test.use({ hosting })

    test('a checkpoint from the reader’s disk computes what PyTorch computes', async ({ page, siteUrl }) => {
      const playground = new Playground(page)
      await playground.open(siteUrl, { text: sentence, layer: attention.layer, head: attention.head })
      await playground.pick(demoFiles)
      await expect(playground.fact('tên')).toHaveText('model.safetensors')
      await expect(playground.fact('bản dựng')).toHaveText(build)
      await playground.measured()

      expect(await playground.tokenIds()).toEqual(golden.tokens.map(({ id }) => id))

      const next = JSON.parse(await playground.exported('#next-export', 'JSON')) as NextExport
      expect(next.position).toBe(golden.tokens.length - 1)
      golden.next.forEach(({ id, logit, probability }, rank) => {
        const measured = next.top[rank]!
        expect(measured.id).toBe(id)
        expect(Math.abs(measured.logit - logit)).toBeLessThan(tolerance)
        expect(Math.abs(measured.probability - probability)).toBeLessThan(tolerance)
      })

      const pattern = JSON.parse(await playground.exported('#attention-export', 'JSON')) as PatternExport
      expect([pattern.layer, pattern.head]).toEqual([attention.layer, attention.head])
      const row = pattern.pattern[attention.query]!
      expect(row).toHaveLength(attention.row.length)
      attention.row.forEach((weight, key) => {
        expect(Math.abs(row[key]! - weight)).toBeLessThan(tolerance)
      })

      const lens = readLens(await playground.exported('#lens-export', 'CSV'))
      golden.lens.forEach(({ layer, id, probability }) => {
        const first = lens.find((row) => row.layer === layer && row.position === next.position && row.rank === 1)!
        expect(first.id).toBe(id)
        expect(Math.abs(first.probability - probability)).toBeLessThan(tolerance)
      })
    })
  })
}

test('relaxed SIMD is opt-in, and named while it is on', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl, { text: sentence, relaxed: 1 })
  await expect(playground.fact('bản dựng')).toHaveText('relaxed SIMD, đa luồng')
  await playground.measured()
  const next = JSON.parse(await playground.exported('#next-export', 'JSON')) as NextExport
  expect(next.top[0]!.id).toBe(golden.next[0]!.id)
})

test('bytes that are no characters alone, and tokens that are characters together', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl, { text: 'Việt 👩' })
  await playground.measured()
  const ids = await playground.tokenIds()
  expect(ids.length).toBeGreaterThan(3)
  await expect(page.locator('#strip .token.bytes').first()).toBeVisible()
  await expect(page.locator('#strip [role=group]').first()).toHaveAccessibleName(/token ghép thành/)
})

test('the selected position decides what is shown, and the address carries it', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl, { text: sentence })
  await playground.measured()
  await playground.tokens.nth(2).click()
  await expect(page.locator('#next-lead')).toContainText('Vị trí 2')
  await expect(page).toHaveURL(/pos=2/)
  await page.reload()
  await playground.measured()
  await expect(page.locator('#next-lead')).toContainText('Vị trí 2')
})

test('the same seed draws the same text, and stop stops', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl, { text: sentence, n: 12, seed: 7 })
  await playground.measured()
  const section = page.locator('#sinh-van-ban')
  const run = section.getByRole('button', { name: 'Sinh văn bản', exact: true })
  const status = section.locator('.generation-actions').getByRole('status')
  const output = section.locator('.generation-output')

  await run.click()
  await expect(status).toContainText(/^12 token.*seed 7/)
  const first = await output.textContent()
  expect(first!.length).toBeGreaterThan(sentence.length)
  await run.click()
  await expect(status).toContainText('Trùng từng token với lần trước')
  expect(await output.textContent()).toBe(first)

  await section.getByLabel('số token').fill('200')
  await section.getByLabel('số token').blur()
  await run.click()
  await expect(status).toContainText(/, [1-9]\d* \/ 200 token/)
  await section.getByRole('button', { name: 'Dừng', exact: true }).click()
  await expect(status).toContainText(/Đã dừng sau \d+ token/)
  const stopped = Number(/(\d+) token/.exec((await status.textContent())!)![1])
  expect(stopped).toBeLessThan(200)
})

test('a text longer than the context is cut, and the page says where', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl)
  await playground.measured()
  await playground.text.fill('the '.repeat(1100))
  await expect(page.locator('#text-message')).toContainText('mô hình chỉ đọc được 1.024')
  await expect(playground.tokens).toHaveCount(1024)
  // Long runs wait for the reader's word; the first click, which leaves the box, is enough.
  for (const status of ['#next-status', '#lens-status']) {
    await page.locator(status).getByRole('button', { name: /^Chạy/ }).click()
    await expect(page.locator(`${status} .measured`)).toBeVisible({ timeout: 60_000 })
  }
  await playground.measured()
})

test('small heads that were out of sight are drawn again', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl, { text: sentence })
  await playground.measured()
  const heads = page.locator('.attention-head canvas')
  const areDrawn = () =>
    heads.evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { width, height } = canvas
        return canvas.getContext('2d')!.getImageData(0, 0, width, height).data.some((value) => value !== 0)
      }),
    )
  await expect.poll(areDrawn).toEqual([true, true, true, true])
  const show = (display: string) =>
    page.locator('soi-attention-plot').evaluate((plot: HTMLElement, value) => (plot.style.display = value), display)
  await show('none')
  await expect(heads).toHaveCount(0)
  await show('')
  await expect.poll(areDrawn).toEqual([true, true, true, true])
})
