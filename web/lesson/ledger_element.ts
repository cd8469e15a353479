/** `<soi-ledger>`: the claims ledger of the result that the page shows. */
import { type TemplateResult, html } from 'lit'
import { unsafeHTML } from 'lit/directives/unsafe-html.js'
import { ledgerHtml } from './ledger_html'
import { LessonElement } from './lesson_element'
import type { LessonStore } from './lesson_store'

export class Ledger extends LessonElement {
  protected override renderWith(store: LessonStore): TemplateResult | null {
    const result = store.shown?.result
    if (!result) return null
    const context = { metas: store.facts.metas, claimPlots: store.definition.claimPlots ?? {} }
    return html`<div class=${store.staleness === 'fresh' ? '' : 'stale'}>${unsafeHTML(ledgerHtml(result, context))}</div>`
  }
}

customElements.define('soi-ledger', Ledger)
