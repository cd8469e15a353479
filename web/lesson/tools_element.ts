/** `<soi-lesson-tools>`: what the reader takes away from the page, or brings back: a link, a file of the run. */
import { type TemplateResult, html, nothing } from 'lit'
import { copyText } from '../page/clipboard'
import { saveFile } from '../page/download'
import { toolStrings as strings } from '../page/strings/lesson'
import { LessonElement } from './lesson_element'
import type { LessonStore, Shown } from './lesson_store'
import './stored_data'

/** It comes when it is needed: most readers keep no file. null: it could not be fetched. */
const runFiles = () => import('./run_file').catch(() => null)

export class LessonTools extends LessonElement {
  static override properties = { ...LessonElement.properties, said: { state: true }, fault: { state: true } }

  declare said: string
  /** Why a file could not be opened. */
  declare fault: string

  constructor() {
    super()
    this.said = ''
    this.fault = ''
  }

  protected override renderWith(store: LessonStore): TemplateResult {
    const { shown } = store
    return html`<section class="lesson-tools" aria-labelledby="cong-cu">
      <h2 id="cong-cu">${strings.title}</h2>
      <div class="tool">
        <p><b>${strings.link}</b> ${strings.linkNote}</p>
        <button type="button" @click=${() => void this.#copy(store, false)}>${strings.copyLink}</button>
        <button type="button" @click=${() => void this.#copy(store, true)}>${strings.copyTeacherLink}</button>
        <span class="note" role="status">${this.said}</span>
      </div>
      <div class="tool">
        <p><b>${strings.file}</b> ${strings.fileNote}</p>
        ${shown ? html`<button type="button" @click=${() => void this.#save(shown)}>${strings.save}</button>` : nothing}
        <label class="button file-button">
          ${strings.open}
          <input type="file" class="visually-hidden" accept=".json,application/json" @change=${(event: Event) => void this.#open(store, event)} />
        </label>
        ${this.fault === '' ? nothing : html`<p class="fault" role="alert">${this.fault}</p>`}
      </div>
      <div class="tool"><soi-stored-data></soi-stored-data></div>
    </section>`
  }

  async #copy(store: LessonStore, hideControls: boolean): Promise<void> {
    this.said = (await copyText(store.link.address(hideControls))) ? strings.copied : strings.notCopied
  }

  async #open(store: LessonStore, event: Event): Promise<void> {
    const input = event.target as HTMLInputElement
    const file = input.files?.[0]
    input.value = ''
    if (!file) return
    this.fault = ''
    const files = await runFiles()
    if (!files) {
      this.fault = strings.faults.network()
      return
    }
    try {
      store.open(files.readRunFile(await file.text(), store.facts.spec))
      document.querySelector('soi-lesson-run')?.scrollIntoView({ block: 'center' })
    } catch (error) {
      const { reason, where } = error instanceof files.RunFileError ? error : new files.RunFileError('format')
      this.fault = strings.faults[reason](where)
    }
  }

  async #save({ result, model }: Shown): Promise<void> {
    const files = await runFiles()
    this.fault = files ? '' : strings.faults.network()
    if (!files) return
    const content = new Blob([files.writeRunFile({ result, model })], { type: 'application/json' })
    saveFile(`soi-${result.lesson}-${result.protocol}-seed-${result.seed}.json`, content)
  }
}

customElements.define('soi-lesson-tools', LessonTools)
