// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { copyText } from '../../../web/page/clipboard'

const clipboard = (value: object | undefined) => Object.defineProperty(navigator, 'clipboard', { value, configurable: true })

it('copies through the browser', async () => {
  const writeText = vi.fn(() => Promise.resolve())
  clipboard({ writeText })
  expect(await copyText('soi')).toBe(true)
  expect(writeText).toHaveBeenCalledWith('soi')
})

it('copies on a plain http address, where the browser has no clipboard for pages, and leaves no trace', async () => {
  clipboard(undefined)
  document.body.innerHTML = '<button>Chép</button>'
  const button = document.querySelector('button')!
  button.focus()
  let copied = ''
  Object.assign(document, { execCommand: () => ((copied = document.querySelector('textarea')!.value), true) })
  expect(await copyText('soi')).toBe(true)
  expect(copied).toBe('soi')
  expect(document.body.innerHTML).toBe('<button>Chép</button>')
  expect(document.activeElement).toBe(button)
})

it('says so where the browser refuses both', async () => {
  clipboard({ writeText: () => Promise.reject(new DOMException('', 'NotAllowedError')) })
  Object.assign(document, { execCommand: () => false })
  expect(await copyText('soi')).toBe(false)
})
