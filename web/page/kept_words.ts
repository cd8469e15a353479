/** What no line may end in. */
import { type TemplateResult, html } from 'lit'

/** GPT-2, soi-demo, nơ-ron: the parts of a short name stay together. */
const shortName = /((?<![\p{L}\p{N}-])[\p{L}\p{N}]{1,4}-[\p{L}\p{N}]{1,4}(?![\p{L}\p{N}-]))/gu

/** Text as HTML (`escaped`: without tags), with no line end inside a short name or between a number and its percent sign. */
export function keepWords(escaped: string): string {
  return keepPercent(escaped).replace(shortName, '<span class="kept">$1</span>')
}

/** The same, for a template. */
export function keptText(text: string): (string | TemplateResult)[] {
  const parts = keepPercent(text).split(shortName)
  return parts.map((part, index) => (index % 2 === 1 ? html`<span class="kept">${part}</span>` : part))
}

function keepPercent(text: string): string {
  return text.replaceAll(' %', '\u00a0%')
}
