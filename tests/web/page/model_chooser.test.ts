// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { EngineError, type RunOptions } from '../../../web/engine/engine'
import type { OpenedModel } from '../../../web/models/model_source'
import { previewCheckpoint } from '../../../web/models/preview'
import { ModelSession } from '../../../web/models/session'
import { ModelChooser } from '../../../web/page/model_chooser'
import { formatPercent } from '../../../web/page/numbers'

/** The copies that the browser was asked for: each test moves them on by hand. */
const copies: { model: OpenedModel; options: RunOptions; finish: (name: string) => void; fail: (error: EngineError) => void }[] = []

vi.mock('../../../web/models/kept_models', () => ({
  canKeepModels: () => true,
  listKept: () => Promise.resolve([]),
  keepModel: (model: OpenedModel, options: RunOptions) =>
    new Promise<string>((finish, fail) => copies.push({ model, options, finish, fail })),
}))

vi.mock('../../../web/models/preview', () => ({ previewCheckpoint: vi.fn(() => Promise.resolve(null)) }))

let chooser: ModelChooser

beforeEach(async () => {
  copies.length = 0
  vi.mocked(previewCheckpoint).mockImplementation(() => Promise.resolve(null))
  document.body.innerHTML = '<details class="run-model"><summary>Mô hình</summary></details>'
  chooser = new ModelChooser()
  chooser.session = new ModelSession(() => Promise.reject(new EngineError('internal', 'no engine here')))
  document.querySelector('details')!.append(chooser)
  await chooser.updateComplete
})

/** What was started has ended, and is drawn. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve))
  await chooser.updateComplete
}

async function drop(...names: string[]): Promise<void> {
  const files = names.map((name) => new File(['weights'], name))
  const event = Object.assign(new Event('drop', { cancelable: true }), { dataTransfer: { types: ['Files'], files } })
  document.dispatchEvent(event)
  await settled()
}

async function click(words: RegExp): Promise<void> {
  ;[...chooser.querySelectorAll('button')].find(({ textContent }) => words.test(textContent))!.click()
  await settled()
}

const candidate = () => chooser.querySelector('.candidate dd')?.textContent
const status = () => chooser.querySelector('.model-choices > [role=status]')

describe('a file that is dropped on the page', () => {
  it('is shown, whatever is folded around it', async () => {
    await drop('a.safetensors')
    expect(candidate()).toBe('a.safetensors')
    expect([...document.querySelectorAll('details')].map(({ open }) => open)).toEqual([true, true])
  })

  it('counts, though one before it takes longer to read', async () => {
    let endFirst: () => void = () => undefined
    vi.mocked(previewCheckpoint).mockImplementationOnce(() => new Promise((resolve) => (endFirst = () => resolve(null))))
    await drop('slow.safetensors')
    await drop('a.safetensors')
    endFirst()
    await settled()
    expect(candidate()).toBe('a.safetensors')
  })
})

describe('why a load failed', () => {
  const fault = () => chooser.querySelector('.fault code')?.textContent

  it.each([['a file', 'b.safetensors'], ['what is no model', 'notes.txt']])('goes when %s follows', async (_, next) => {
    await drop('a.safetensors')
    await click(/^Nạp mô hình/)
    expect(fault()).toContain('internal')
    await drop(next)
    expect(fault()).toBeUndefined()
  })
})

describe('a copy', () => {
  it('goes on while another file is taken, and tells its own name', async () => {
    await drop('a.safetensors')
    await click(/^Giữ tệp/)
    await drop('b.safetensors')
    copies[0]!.options.onProgress?.(0.4)
    await settled()
    expect(candidate()).toBe('b.safetensors')
    expect(status()?.textContent).toContain('Đang chép a.safetensors')
    copies[0]!.finish('a (2).safetensors')
    await settled()
    expect(status()?.textContent).toContain('Đã giữ a (2).safetensors.')
    await click(/^Giữ tệp/)
    expect(copies[1]!.model.name).toBe('b.safetensors')
  })

  it('can be stopped, and begun again', async () => {
    await drop('a.safetensors')
    await click(/^Giữ tệp/)
    await click(/^\s*Dừng chép/)
    expect(copies[0]!.options.signal?.aborted).toBe(true)
    copies[0]!.fail(new EngineError('cancelled', 'Cancelled.'))
    await settled()
    expect(status()).toBeNull()
    await click(/^Giữ tệp/)
    expect(copies).toHaveLength(2)
  })

  it('does not have each step read out', async () => {
    await drop('a.safetensors')
    await click(/^Giữ tệp/)
    const heard = async (fraction: number) => {
      copies[0]!.options.onProgress?.(fraction)
      await settled()
      expect(status()?.textContent).toContain(formatPercent(fraction))
      const copy = status()!.cloneNode(true) as Element
      for (const silent of copy.querySelectorAll('[aria-hidden=true]')) silent.remove()
      return copy.textContent
    }
    expect(await heard(0.4)).toBe(await heard(0.5))
  })
})
