// @vitest-environment happy-dom
import { type MockInstance, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Fields,
  Permalink,
  choiceField,
  initialState,
  numberField,
  readState,
  switchField,
  textField,
  writeState,
} from '../../../web/page/permalink'

interface State {
  text: string
  scale: 'linear' | 'log'
  seed: number
  temperature: number
  relaxed: boolean
}

const fields: Fields<State> = {
  text: textField('default', 10),
  scale: choiceField(['linear', 'log'], 'linear'),
  seed: numberField(1, 0, 100, true),
  temperature: numberField(0.8, 0, 2),
  relaxed: switchField(false),
}
const initial = initialState(fields)

describe('the state in an address', () => {
  it('is empty at first', () => {
    expect(writeState(fields, initial)).toBe('')
    expect(readState(fields, '')).toEqual(initial)
  })

  it('comes back as it was written', () => {
    const state: State = { text: 'a&b=#+ ế\n', scale: 'log', seed: 7, temperature: 1.25, relaxed: true }
    expect(readState(fields, writeState(fields, state))).toEqual(state)
  })

  it('tells an empty text from the initial one', () => {
    const empty = { ...initial, text: '' }
    expect(readState(fields, writeState(fields, empty)).text).toBe('')
  })

  it('leaves out a text that is too long for a link', () => {
    expect(writeState(fields, { ...initial, text: 'eleven char', seed: 2 })).toBe('#seed=2')
  })

  it('composes what it reads', () => {
    expect(readState(fields, '#text=e%CC%82').text).toBe('\u00ea')
  })

  it.each(['#seed=x&scale=cubic&relaxed=yes&temperature=', '#unknown=1', '#%', '#seed=Infinity'])(
    'falls back to the initial state for what makes no sense: %s',
    (hash) => {
      expect(readState(fields, hash)).toEqual(initial)
    },
  )

  it('moves numbers into their range, and rounds whole ones', () => {
    expect(readState(fields, '#seed=-5&temperature=9')).toMatchObject({ seed: 0, temperature: 2 })
    expect(readState(fields, '#seed=3.6').seed).toBe(4)
  })
})

describe('Permalink', () => {
  let listening: MockInstance<typeof window.addEventListener>

  beforeEach(() => {
    history.replaceState(null, '', '/page')
    listening = vi.spyOn(window, 'addEventListener')
  })

  // A page has one for as long as it lasts; the tests share a page.
  afterEach(() => {
    for (const [type, listener] of listening.mock.calls) window.removeEventListener(type, listener)
  })

  it('writes changes to the address and reads them back', () => {
    const link = new Permalink(fields, () => undefined)
    link.update({ seed: 5 })
    expect(location.hash).toBe('#seed=5')
    expect(new Permalink(fields, () => undefined).state.seed).toBe(5)
    link.update({ seed: 1 })
    expect(location.hash).toBe('')
  })

  it('makes one step of the history of what follows closely', () => {
    const push = vi.spyOn(history, 'pushState')
    const now = vi.spyOn(performance, 'now')
    now.mockReturnValue(5000)
    const link = new Permalink(fields, () => undefined)
    link.update({ seed: 2 })
    now.mockReturnValue(5500)
    link.update({ seed: 3 })
    expect(push).toHaveBeenCalledTimes(1)
    now.mockReturnValue(7000)
    link.update({ seed: 4 })
    expect(push).toHaveBeenCalledTimes(2)
  })

  /** What the browser does on Back, Forward and where a fragment is followed. */
  const goTo = (step: unknown, hash: string) => {
    history.replaceState(step, '', `/page${hash}`)
    window.dispatchEvent(new Event('popstate'))
  }

  it('follows the browser back', () => {
    const seen: number[] = []
    const link = new Permalink(fields, ({ seed }, before) => seen.push(seed, before.seed))
    link.update({ seed: 9 })
    goTo(null, '#seed=3')
    expect(seen).toEqual([3, 9])
    expect(link.state.seed).toBe(3)
    goTo(null, '')
    expect(link.state).toEqual(initial)
  })

  it('keeps its state where a place in the page was gone to, and writes it back', () => {
    const onNavigate = vi.fn()
    const link = new Permalink(fields, onNavigate)
    link.update({ seed: 9 })
    goTo(null, '#main')
    expect(link.state.seed).toBe(9)
    expect(location.hash).toBe('#seed=9')
    expect(onNavigate).not.toHaveBeenCalled()
  })

  it('goes back to the place that the page was opened at, which is the initial state', () => {
    history.replaceState(null, '', '/page#main')
    const link = new Permalink(fields, () => undefined)
    const opened = history.state as unknown
    expect(link.isBare).toBe(true)
    link.update({ seed: 9 })
    expect(location.hash).toBe('#seed=9')
    goTo(opened, '#main')
    expect(link.state).toEqual(initial)
  })

  it('keeps what is too long for the address in the step of the history', () => {
    const link = new Permalink(fields, () => undefined)
    link.update({ text: 'eleven char' })
    const long = history.state as unknown
    expect([location.hash, link.isBare]).toEqual(['', false])
    link.update({ text: 'short' })
    goTo(long, '')
    expect(link.state.text).toBe('eleven char')
    expect(new Permalink(fields, () => undefined).state.text).toBe('eleven char')
  })

  it('puts right what the page cannot follow, without a step', () => {
    const push = vi.spyOn(history, 'pushState')
    const link = new Permalink(fields, () => undefined)
    link.correct({ relaxed: true })
    expect(location.hash).toBe('#relaxed=1')
    expect(push).not.toHaveBeenCalled()
    expect(link.address({ seed: 4 })).toBe('/page#seed=4&relaxed=1')
  })
})
