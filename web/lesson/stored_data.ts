/** `<soi-stored-data>`: what this browser keeps for the reader, and the way to erase it all. */
import { LitElement, type TemplateResult, html, nothing } from 'lit'
import { forgetModel, listKept } from '../models/kept_models'
import { formatBytes } from '../page/numbers'
import { storedStrings as strings } from '../page/strings/lesson'
import { eraseLessons, keptLessons } from './kept_work'

interface Stored {
  lessons: string[]
  models: { name: string; bytes: number }[]
}

export class StoredData extends LitElement {
  static override properties = { stored: { state: true }, said: { state: true } }

  declare stored: Stored | null
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

  #renderStored({ lessons, models }: Stored): TemplateResult {
    return html`<ul>
      <li>${strings.lessons(lessons.length)}</li>
      ${models.map(({ name, bytes }) => html`<li>${strings.model(name, formatBytes(bytes))}</li>`)}
      <li>${strings.theme}</li>
    </ul>`
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector('dialog')!
  }

  async #ask(): Promise<void> {
    this.stored = { lessons: await keptLessons(), models: await listKept().catch(() => []) }
    await this.updateComplete
    this.#dialog.showModal()
  }

  async #erase(): Promise<void> {
    for (const { name } of this.stored?.models ?? []) await forgetModel(name).catch(() => undefined)
    this.said = await eraseLessons().then(
      () => strings.erased,
      () => strings.failed,
    )
    try {
      localStorage.clear()
    } catch {
      // Storage is off: there was nothing.
    }
    this.#dialog.close()
  }
}

customElements.define('soi-stored-data', StoredData)
