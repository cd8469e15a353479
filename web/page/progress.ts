/** What goes on, as a line and a bar, the same in every status line of a page. */
import { type TemplateResult, html, nothing } from 'lit'
import { formatSeconds } from './numbers'
import { runStrings as strings } from './strings/run'

/**
 * @param fraction in [0, 1]; null while it is not known
 * @param detail what changes many times a second: it is not read out; the bar tells it to whoever asks
 */
export function progressHtml(words: string, fraction: number | null, detail: string): TemplateResult {
  return html`<span>${words}<span aria-hidden="true">${detail === '' ? '…' : `, ${detail}`}</span></span>
    <progress max="1" value=${fraction ?? nothing} aria-label=${words}></progress>`
}

/** In words; '' while too little is done to tell. `since` as performance.now() counts. */
export function timeLeft(fraction: number | null, since: number): string {
  const elapsed = (performance.now() - since) / 1000
  if (fraction === null || fraction < 0.02 || elapsed < 1) return ''
  return strings.left(formatSeconds((elapsed * (1 - fraction)) / fraction))
}
