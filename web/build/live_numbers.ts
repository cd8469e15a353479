/**
 * `{{figure:NAME|format}}` in a lesson's text: a measured number, of the result that the build has computed. In the page it
 * follows what the reader measures. Formats are those of claims.json: none (three significant digits), `percent`, or the
 * number of digits behind the comma.
 */
import { escapeXml } from '../plots/figure_svg'
import { formatFigure } from '../page/numbers'

const placeholder = /\{\{figure:([^{}|]+)(?:\|([^{}]*))?\}\}/g
// Private characters stand for the number while Markdown is read: no rule of Markdown or of a table touches them.
const begin = '\ue000'
const end = '\ue001'
const marked = /\ue000(\d+)\ue001/g

interface LiveNumber {
  figure: string
  format: string
  text: string
}

export class LiveNumbers {
  readonly #numbers: LiveNumber[] = []

  /** `values`: figures of the result that the build computed; null before there is one. Throws where one is missing. */
  mark(source: string, values: Readonly<Record<string, number | null>>): string {
    return source.replaceAll(placeholder, (whole: string, figure: string, format: string | undefined) => {
      const value = values[figure]
      if (value === undefined) throw new Error(`${whole}: the result has no single number of this name; it has ${Object.keys(values).join(', ')}`)
      this.#numbers.push({ figure, format: format ?? '', text: formatFigure(value, format) })
      return `${begin}${this.#numbers.length - 1}${end}`
    })
  }

  /** Inside a formula: TeX takes a bare comma for a list's. */
  inFormula(formula: string): string {
    return formula.replaceAll(marked, (_, index: string) => {
      const { text } = this.#numbers[Number(index)]!
      return text.replaceAll(',', '{,}').replaceAll('\u2212', '-').replaceAll(/\s?%/g, '\\,\\%')
    })
  }

  inHtml(html: string): string {
    return html.replaceAll(marked, (_, index: string) => {
      const { figure, format, text } = this.#numbers[Number(index)]!
      return `<span class="live-number" data-figure="${escapeXml(figure)}" data-format="${escapeXml(format)}">${escapeXml(text)}</span>`
    })
  }
}
