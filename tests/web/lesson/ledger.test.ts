// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import type { Verdict } from '../../../web/engine/engine'
import { claimMetas, ledgerHtml } from '../../../web/lesson/ledger_html'
import { aResult } from './a_result'

const metas = claimMetas([
  { id: 'A-1', figure: 'r' },
  { id: 'A-2', figure: 'share' },
  { id: 'A-3', figure: 'holds', rule: { is: true } },
  { id: 'A-4' },
])

const textOf = (selector: string) => [...document.querySelectorAll(selector)].map((element) => element.textContent)

beforeEach(() => {
  document.body.innerHTML = ledgerHtml(aResult(), { metas, claimPlots: { 'A-1': 'khop' } })
})

describe('the ledger', () => {
  it('says each verdict in words, measured claims apart from the rest', () => {
    expect(textOf('body > table .verdict')).toEqual(['khớp', 'không khớp', 'chỉ bằng ngẫu nhiên'])
    expect(textOf('details .verdict')).toEqual(['diễn giải'])
    expect(textOf('.ledger-summary')).toEqual(['Trong các khẳng định đo được: 1 khớp, 1 không khớp, 1 chỉ bằng ngẫu nhiên.'])
  })

  it('writes numbers by their units: plain, percent, yes or no', () => {
    expect(textOf('.measured-value')).toEqual(['0,970', '50\u00a0%', 'có'])
  })

  it("names a figure's unit, and writes a count without decimals", () => {
    const inUnit = (value: number, unit: string) => {
      const [claim] = aResult().claims
      const result = aResult({ figures: { r: { value, unit } }, claims: [{ ...claim!, measured: value }] })
      document.body.innerHTML = ledgerHtml(result, { metas, claimPlots: {} })
      return document.querySelector('td[data-head="Đo được"]')?.textContent
    }
    expect(inUnit(47, 'components')).toBe('47 thành phần')
    expect(inUnit(12.5, 'nats a token')).toBe('12,5 nat một token')
    expect(inUnit(0.5, 'share')).toBe('50\u00a0%')
    expect(inUnit(1.4662, '')).toBe('1,47')
  })

  it('puts chance beside, with its interval', () => {
    expect(textOf('#khang-dinh-A-1 .chance-value')).toEqual(['0,925'])
    expect(textOf('#khang-dinh-A-1 .interval')).toEqual(['(0,900 đến 0,950)'])
  })

  it("marks the document's number by a diamond, where it gives one", () => {
    const marks = (stated?: number) => ledgerHtml(aResult(), { metas: claimMetas([{ id: 'A-1', figure: 'r', ...(stated !== undefined && { stated }) }]), claimPlots: {} })
    expect(marks(0.95)).toContain('--document')
    expect(marks()).not.toContain('--document')
    expect(claimMetas([{ id: 'A-1', rule: { near: 63 } }])['A-1']).toEqual({ stated: 63 })
  })

  it('leads to the plot that shows it', () => {
    expect(document.querySelector('#khang-dinh-A-1 .to-plot')?.getAttribute('href')).toBe('#khop')
    expect(document.querySelector('#khang-dinh-A-2 .to-plot')).toBeNull()
  })

  it('takes no text for markup', () => {
    const [claim] = aResult().claims
    const verdict = '"><img src="x">' as Verdict
    document.body.innerHTML += ledgerHtml(aResult({ claims: [{ ...claim!, verdict }] }), { metas, claimPlots: {} })
    expect(document.querySelector('img')).toBeNull()
    expect(document.querySelector('#khang-dinh-A-1 th')?.textContent).toContain('<trở lên>')
  })
})
