/** `<soi-browser-facts>`: what this browser can do of what Soi can use. */
import { LitElement, type TemplateResult, html } from 'lit'
import { detectFeatures } from '../engine/engine'
import { canKeepModels } from '../models/kept_models'
import { browserStrings as strings } from './strings/browser'

export class BrowserFacts extends LitElement {
  override createRenderRoot() {
    return this
  }

  override render(): TemplateResult {
    const { simd, sharedMemory, relaxedSimd, processors } = detectFeatures()
    const facts: [can: boolean, name: string, note: string][] = [
      [simd, strings.simd, simd ? strings.simdYes : strings.simdNo],
      [sharedMemory, strings.threads, sharedMemory ? strings.threadsYes(processors) : strings.threadsNo],
      [canKeepModels(), strings.keep, canKeepModels() ? strings.keepYes : strings.keepNo],
      [relaxedSimd, strings.relaxed, relaxedSimd ? strings.relaxedYes : strings.relaxedNo],
    ]
    return html`<dl class="browser-facts">
      ${facts.map(
        ([can, name, note]) => html`<div>
          <dt>${name}</dt>
          <dd><b>${can ? strings.yes : strings.no}.</b> ${note}</dd>
        </div>`,
      )}
    </dl>`
  }
}

customElements.define('soi-browser-facts', BrowserFacts)
