/** `<soi-stored-data>`: what this browser keeps for the reader, and the way to erase it all. */
import { LitElement, type TemplateResult, html, nothing } from 'lit'
import { formatBytes } from '../page/numbers'
import { storedStrings as strings } from '../page/strings/lesson'
import type { KeptData } from './kept_data'

/** It comes when it is needed: few readers erase anything. null: it could not be fetched. */
const keptData = () => import('./kept_data').catch(() => null)

export class StoredData extends LitElement {
  static override properties = { stored: { state: true }, said: { state: true } }

  declare stored: KeptData | null
  declare said: string

  constructor() {
    super()
    this.stored = null
    this.said = ''
  }

  override createRenderRoot() {
    return this
  }

  override render(): TemplateResult {
    return html`<p><b>${strings.title}</b> ${strings.note}</p>
      <button type="button" @click=${() => void this.#ask()}>${strings.erase}</button>
      <span class="note" role="status">${this.said}</span>
      <dialog aria-labelledby="xoa-gi">
        <h2 id="xoa-gi">${strings.question}</h2>
        ${this.stored ? this.#renderStored(this.stored) : nothing}
        <p>${strings.forGood}</p>
        <div class="dialog-buttons">
          <button type="button" autofocus @click=${() => this.#dialog.close()}>${strings.keep}</button>
          <button type="button" class="primary" @click=${() => void this.#erase()}>${strings.eraseAll}</button>
        </div>
      </dialog>`
  }

  #renderStored({ lessons, models, copy }: KeptData): TemplateResult {
    return html`<ul>
      <li>${strings.lessons(lessons.count, formatBytes(lessons.bytes))}</li>
      ${models.map(({ name, bytes }) => html`<li>${strings.model(name, formatBytes(bytes))}</li>`)}
      ${copy > 0 ? html`<li>${strings.copy(formatBytes(copy))}</li>` : nothing}
      <li>${strings.theme}</li>
    </ul>`
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector('dialog')!
  }

  async #ask(): Promise<void> {
    const data = await keptData()
    this.said = data ? '' : strings.network
    if (!data) return
    this.stored = await data.listKeptData()
    await this.updateComplete
    this.#dialog.showModal()
  }

  async #erase(): Promise<void> {
    const data = await keptData() // `#ask` has fetched it
    this.said = await data!.eraseKeptData().then(
      () => strings.erased,
      () => strings.failed,
    )
    this.#dialog.close()
  }
}

customElements.define('soi-stored-data', StoredData)
