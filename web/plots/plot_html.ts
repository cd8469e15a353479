/** A plot as plain HTML, whole without any script: the build puts it into the pages. */
import { keepWords } from '../page/kept_words'
import { formatCount } from '../page/numbers'
import { plotStrings as strings } from '../page/strings/plots'
import { escapeXml } from './figure_svg'
import { plotToSvg } from './plot'
import type { PlotSpec } from './plot_spec'
import { cellText, tableOf } from './plot_table'

/** A phone's column, and the lesson's. */
export const staticWidths = { narrow: 358, wide: 720 }
/** Rows of a table in the page's HTML; the rest comes with the script. */
const staticRows = 24

/** `note`: where the numbers come from, "Tính sẵn khi dựng trang...". As `<soi-plot>` draws it. */
export function plotToHtml(spec: PlotSpec, note = ''): string {
  const drawings = Object.entries(staticWidths).map(
    ([name, width]) => `<div class="plot-${name}">${plotToSvg(spec, width)}</div>`,
  )
  const caption = [spec.caption, note].filter(Boolean).map((text) => keepWords(escapeXml(text!))).join(' ')
  return (
    `<figure class="plot"><p class="plot-lead">${keepWords(escapeXml(spec.lead))}</p>${drawings.join('')}` +
    `${caption ? `<figcaption>${caption}</figcaption>` : ''}${tableToHtml(spec)}</figure>`
  )
}

function tableToHtml(spec: PlotSpec): string {
  const { columns, rows, notes } = tableOf(spec)
  const head = columns.map(({ label }) => `<th scope="col">${escapeXml(label)}</th>`).join('')
  const body = rows.slice(0, staticRows).map((row) => {
    const cells = row.map((value, index) => {
      const text = escapeXml(cellText(value, columns[index]!))
      if (index === 0) return `<th scope="row">${text}</th>`
      return columns[index]!.quantity ? `<td class="number">${text}</td>` : `<td>${text}</td>`
    })
    return `<tr>${cells.join('')}</tr>`
  })
  const more = rows.length > staticRows ? [strings.more(formatCount(rows.length - staticRows))] : []
  const below = [...notes, ...more].map((text) => `<p class="note">${escapeXml(text)}</p>`).join('')
  return (
    `<details class="plot-data no-print"><summary>${strings.table}</summary><div class="plot-table-scroll" tabindex="0" role="region" aria-label="${escapeXml(strings.tableOf(spec.lead))}">` +
    `<table class="plot-table"><caption class="visually-hidden">${escapeXml(strings.tableOf(spec.lead))}</caption>` +
    `<thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>${below}</details>`
  )
}
