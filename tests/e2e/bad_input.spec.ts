import { badFiles } from './bad_files.mjs'
import { Playground } from './playground'
import { expect, test } from './site'

test('a file that is no usable GPT-2 is refused by name, and the model in use stays', async ({ page, siteUrl }) => {
  const playground = new Playground(page)
  await playground.open(siteUrl, { text: 'The woman' })
  for (const { name, errorCode, bytes } of badFiles()) {
    await test.step(name, async () => {
      const file = { name: `${name}.safetensors`, mimeType: 'application/octet-stream', buffer: bytes }
      await playground.pick(file)
      await expect(playground.fault.locator('code')).toContainText(`${errorCode}:`)
      await expect(playground.fault).toContainText('Mô hình đang dùng vẫn còn nguyên.')
      await expect(playground.fact('tên')).toHaveText('soi-demo')
    })
  }
  await playground.text.fill('The woman had lost')
  await expect(playground.tokens).toHaveCount(4)
  await playground.measured()
})
