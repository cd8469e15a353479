// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Controls } from '../../../web/lesson/controls_element'
import { type LessonDefinition, numberOf } from '../../../web/lesson/define_lesson'
import type { LessonElement } from '../../../web/lesson/lesson_element'
import { LessonStore } from '../../../web/lesson/lesson_store'
import { followResult } from '../../../web/lesson/live_numbers'
import { LessonPlot } from '../../../web/lesson/plot_element'
import { PredictionElement } from '../../../web/lesson/prediction_element'
import { RunElement } from '../../../web/lesson/run_element'
import { aResult, spec } from './a_result'

const definition: LessonDefinition = {
  experiment: 'sae-simulation',
  code: '',
  controls: {
    nhom: {
      title: 'Nhóm',
      controls: [
        { parameter: 'epochs', label: 'Số epoch', help: 'Số lượt đi qua dữ liệu.' },
        { parameter: 'rate', label: 'Tốc độ học' },
        { parameter: 'tied', label: 'Trọng số buộc', help: 'Hai ma trận là một.' },
        { parameter: 'step', label: 'Bước', help: 'Hàm bước của SAE.', choices: { two: 'hai mức', three: 'ba mức' } },
        { parameter: 'passage', label: 'Đoạn văn', form: 'passage', initialText: 'Của bài.', help: 'Tiếng Anh.' },
      ],
    },
  },
  predictions: {
    r: { kind: 'slider', question: 'Bao nhiêu?', minimum: 0, maximum: 1, step: 0.01, quantity: '|r|', format: '2', measured: () => 0.97 },
    chon: { kind: 'choice', question: 'Có không?', options: [{ value: 'a', label: 'có' }, { value: 'b', label: 'không' }], measured: () => 'b' },
    ve: { kind: 'curve', question: 'Đi thế nào?', x: { label: 'x', minimum: 0, maximum: 1 }, y: { label: 'y', minimum: 0, maximum: 1 }, measured: () => [] },
  },
  plots: {},
}

const facts = { slug: '01', spec, metas: {}, engine: 'e', demo: { name: 'soi-demo', fileBytes: 1, format: 'int8' } } as const

let store: LessonStore

beforeEach(() => {
  document.body.innerHTML = ''
  history.replaceState(null, '', '/page')
  store = new LessonStore(definition, facts)
})

async function show<T extends LessonElement>(element: T): Promise<T> {
  element.store = store
  document.body.append(element)
  await element.updateComplete
  return element
}

async function type(element: Controls, selector: string, value: string): Promise<void> {
  const field = element.querySelector<HTMLInputElement>(selector)!
  field.value = value
  field.dispatchEvent(new Event('change'))
  await element.updateComplete
}

describe('the seed', () => {
  it('keeps what is being typed while the page is drawn anew, and then what it is set to', async () => {
    const run = await show(new RunElement())
    const field = run.querySelector<HTMLInputElement>('#seed')!
    const drawn = async () => {
      run.requestUpdate()
      await run.updateComplete
      return field.value
    }
    field.value = '-3'
    field.dispatchEvent(new Event('input'))
    expect(await drawn()).toBe('-3')
    field.dispatchEvent(new Event('change'))
    expect(await drawn()).toBe('-3')
    expect(run.querySelector('#seed-refused')).not.toBeNull()

    field.value = '4'
    field.dispatchEvent(new Event('input'))
    field.dispatchEvent(new Event('blur'))
    expect(await drawn()).toBe('-3')
    store.change({ ...store.settings, seed: 9 })
    expect(await drawn()).toBe('9')

    field.value = '007'
    field.dispatchEvent(new Event('input'))
    field.dispatchEvent(new Event('change'))
    expect(await drawn()).toBe('7')
  })
})

describe('controls', () => {
  let controls: Controls

  beforeEach(async () => {
    controls = new Controls()
    controls.group = 'nhom'
    await show(controls)
  })

  it('set what a run is asked for, and the address', async () => {
    await type(controls, '#p-epochs', '20')
    await type(controls, '#p-step', 'three')
    expect(store.settings.given).toEqual({ epochs: '20', step: 'three' })
    expect(location.hash).toContain('epochs=20')
  })

  it('take a decimal comma, and refuse what is no value in words', async () => {
    await type(controls, '#p-epochs', '2,5')
    expect(controls.querySelector('[role=alert]')?.textContent).toBe('Giá trị phải là số nguyên.')
    await type(controls, '#p-epochs', '0')
    expect(controls.querySelector('[role=alert]')?.textContent).toBe('Giá trị phải từ 1 đến 20.000.')
    expect(store.settings.given).toEqual({})
    await type(controls, '#p-epochs', '3')
    expect(controls.querySelector('[role=alert]')).toBeNull()
  })

  it('read thousands as the page writes them, and ask where that is not clear', async () => {
    await type(controls, '#p-epochs', '3.000')
    expect(store.settings.given).toEqual({ epochs: '3000' })
    await type(controls, '#p-epochs', '2,000')
    expect(controls.querySelector('[role=alert]')?.textContent).toContain('Chưa rõ là 2 hay 2000.')
    expect(controls.querySelector<HTMLInputElement>('#p-epochs')?.value).toBe('2,000')
    await type(controls, '#p-rate', '1.000')
    expect(controls.querySelector('#p-rate-refused')?.textContent).toContain('Chưa rõ là 1 hay 1000.')
    await type(controls, '#p-rate', '0,125')
    expect(store.settings.given).toEqual({ epochs: '3000', rate: '0.125' })
  })

  it.each(['#p-epochs', '#p-tied', '#p-step', '#p-passage', '#p-rate'])('are described by what stands under them: %s', async (id) => {
    const described = () =>
      (controls.querySelector(id)?.getAttribute('aria-describedby') ?? '').split(' ').map((each) => document.getElementById(each)?.textContent)
    expect(described()).toEqual([controls.querySelector(`${id}-help`)?.textContent])
    if (id !== '#p-epochs') return
    expect(described()[0]).toBe('Số lượt đi qua dữ liệu. Từ 1 đến 20.000.')
    await type(controls, id, '0')
    expect(described()[1]).toContain('Giá trị phải từ 1')
  })

  it('forget what they refused when the value, or all settings, come from elsewhere', async () => {
    const refusal = async () => {
      await controls.updateComplete
      return controls.querySelector('[role=alert]')
    }
    await type(controls, '#p-epochs', 'abc')
    store.change({ ...store.settings, seed: 7 })
    expect(await refusal()).not.toBeNull()
    store.change({ ...store.settings, given: { epochs: '30' } })
    expect(await refusal()).toBeNull()
    expect(controls.querySelector<HTMLInputElement>('#p-epochs')?.value).toBe('30')

    await type(controls, '#p-epochs', 'abc')
    store.open({ result: aResult({ parameters: { ...aResult().parameters, epochs: 30 } }), model: null })
    expect(await refusal()).toBeNull()

    await type(controls, '#p-epochs', 'abc')
    history.replaceState(null, '', '/page#epochs=30')
    window.dispatchEvent(new Event('popstate'))
    expect(await refusal()).toBeNull()
  })

  it.each(['#p-epochs', '#p-passage'])('keep what is being typed while the page is drawn anew: %s', async (selector) => {
    const field = controls.querySelector<HTMLInputElement>(selector)!
    const before = field.value
    field.value = 'nửa chừng'
    field.dispatchEvent(new Event('input'))
    controls.requestUpdate()
    await controls.updateComplete
    expect(field.value).toBe('nửa chừng')
    field.dispatchEvent(new Event('blur'))
    controls.requestUpdate()
    await controls.updateComplete
    expect(field.value).toBe(before)
  })

  it('go back to the default one by one', async () => {
    expect(controls.querySelector('.control-reset')).toBeNull()
    await type(controls, '#p-epochs', '20')
    controls.querySelector<HTMLButtonElement>('.control-reset')!.click()
    await controls.updateComplete
    expect(store.settings.given).toEqual({})
    expect(controls.querySelector<HTMLInputElement>('#p-epochs')?.value).toBe('600')
  })

  it('show the lesson\'s own text, and send only what differs from it', async () => {
    expect(controls.querySelector<HTMLTextAreaElement>('#p-passage')?.value).toBe('Của bài.')
    await type(controls, '#p-passage', 'Của tôi.')
    expect(store.settings.given).toEqual({ passage: 'Của tôi.' })
    await type(controls, '#p-passage', 'Của bài.\n')
    expect(store.settings.given).toEqual({})
  })
})

describe('predictions', () => {
  async function ask(name: string): Promise<PredictionElement> {
    const element = new PredictionElement()
    element.name = name
    return show(element)
  }

  /** As a browser does it: the button has the focus. */
  const click = async (element: PredictionElement, words: string) => {
    const button = [...element.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === words)!
    button.focus()
    button.click()
    await element.updateComplete
    await new Promise((resolve) => setTimeout(resolve))
  }

  it('are made by one gesture, kept for the plots, and answered by a result', async () => {
    const element = await ask('chon')
    await click(element, 'có')
    expect(store.context.predictions).toEqual({ r: null, chon: 'a', ve: null })
    store.open({ result: aResult(), model: null })
    await element.updateComplete
    expect(element.textContent).toContain('Bạn đoán "có".')
    expect(element.textContent).toContain('Đo được: không.')
  })

  it('can be skipped, and made again', async () => {
    const element = await ask('r')
    await click(element, 'Bỏ qua')
    expect(element.textContent).toContain('Bạn đã bỏ qua')
    expect(store.guessOf('r')).toBeNull()
    await click(element, 'Đoán lại')
    expect(store.guessOf('r')).toBeUndefined()
    expect(element.querySelector('input[type=range]')).not.toBeNull()
  })

  it.each([
    ['r', 'input'],
    ['chon', 'button'],
    ['ve', '[role=slider]'],
  ])('keep the focus where the reader is: %s', async (name, gesture) => {
    const element = await ask(name)
    await click(element, 'Bỏ qua')
    expect(document.activeElement).toBe(element.querySelector('.prediction-answer button'))
    await click(element, 'Đoán lại')
    expect(document.activeElement).toBe(element.querySelector(`.prediction-ask ${gesture}`))
  })

  it('leave the focus alone that is elsewhere', async () => {
    const element = await ask('r')
    store.guess('r', null)
    await element.updateComplete
    expect(document.activeElement).toBe(document.body)
  })
})

describe('the page', () => {
  it('says when a control has moved since the result', () => {
    store.open({ result: aResult(), model: null })
    expect(store.staleness).toBe('fresh')
    store.change({ ...store.settings, seed: 9 })
    expect(store.staleness).toBe('parameters')
  })

  it('takes over the settings of a run from a file', () => {
    store.open({ result: aResult({ seed: 4, protocol: 'notebook', parameters: { epochs: 20, rate: 0.0007, tied: true, step: 'two', passage: '' } }), model: null })
    expect(store.settings).toEqual({ protocol: 'notebook', seed: 4, given: { epochs: '20', tied: 'true' } })
    expect(store.staleness).toBe('fresh')
  })

  it('says which plot a result from a file cannot draw', async () => {
    store = new LessonStore({ ...definition, plots: { hinh: (result) => (numberOf(result, 'gone'), null) } }, facts)
    const plot = new LessonPlot()
    plot.name = 'hinh'
    await show(plot)
    store.open({ result: aResult(), model: null })
    await plot.updateComplete
    expect(plot.textContent).toContain('thiếu con số')
  })

  it('keeps the focus on the one button that runs and stops', async () => {
    const run = await show(new RunElement())
    const button = run.querySelector<HTMLButtonElement>('.run-button')!
    button.focus()
    vi.spyOn(store.run, 'isBusy', 'get').mockReturnValue(true)
    store.dispatchEvent(new Event('change'))
    await run.updateComplete
    expect(button.textContent.trim()).toBe('Dừng')
    expect(document.activeElement).toBe(button)
  })

  it('renews the numbers in its sentences', () => {
    document.body.innerHTML = '<span class="live-number" data-figure="share" data-format="percent">6,5 %</span>'
    followResult(store, document)
    store.open({ result: aResult(), model: null })
    expect(document.body.textContent).toBe('50\u00a0%')
  })
})
