/** An error as the reader sees it: what happened, what to do next, and the technical line for whoever asks. */
import { type TemplateResult, html } from 'lit'
import type { EngineError } from '../engine/engine'
import { type LabelOf, errorText } from './strings/errors'
import { runStrings } from './strings/run'

export function faultHtml(error: EngineError, after?: string, labelOf?: LabelOf): TemplateResult {
  const { what, next } = errorText(error.code, error.details, labelOf)
  return html`<div class="fault" role="alert">
    <p><b>${what}</b> ${next} ${after ?? ''}</p>
    <details>
      <summary>${runStrings.details}</summary>
      <p><code>${error.code}: ${error.message}</code></p>
    </details>
  </div>`
}
