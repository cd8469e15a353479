// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { csvText } from '../../../web/plots/export_bar'

describe('csvText', () => {
  it('quotes words, doubles quotes, and keeps decimal points', () => {
    const text = csvText({ columns: ['token', 'p'], rows: [['say "hi",\n', 0.25], ['ế', 1e-9]] })
    expect(text).toBe('\ufeff"token","p"\r\n"say ""hi"",\n",0.25\r\n"ế",1e-9\r\n')
  })
})
