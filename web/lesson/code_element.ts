/** `<soi-code>`: the same experiment in PyTorch and on the command line, with the reader's parameters. */
import { type TemplateResult, html } from 'lit'
import { copyText } from '../page/clipboard'
import { codeStrings as strings } from '../page/strings/lesson'
import { LessonElement } from './lesson_element'
import type { LessonStore } from './lesson_store'
import { fillCode } from './python_code'
import { type CommandModel, commandLine, initialModel } from './settings'

const shownFor = 2000

export class CodeElement extends LessonElement {
  static override properties = { ...LessonElement.properties, said: { state: true } }

  /** What came of copying, by block. */
  declare said: Record<string, string>

  constructor() {
    super()
    this.said = {}
  }

  protected override renderWith(store: LessonStore): TemplateResult {
    const { settings, values } = store
    const { seed, protocol } = settings
    return html`${this.#block('python', strings.python, fillCode(store.definition.code, { ...values, seed, protocol }))}
    ${this.#block('command', strings.command, commandLine(store.facts.spec, settings, modelOf(store)))}`
  }

  #block(name: string, title: string, code: string): TemplateResult {
    return html`<div class="code-head">
        <h3>${title}</h3>
        <span class="note" role="status">${this.said[name] ?? ''}</span>
        <button type="button" class="quiet no-print" @click=${() => void this.#copy(name, code)}>${strings.copy}</button>
      </div>
      <pre tabindex="0" aria-label=${title}><code>${code}</code></pre>`
  }

  async #copy(name: string, code: string): Promise<void> {
    const said = (await copyText(code)) ? strings.copied : strings.failed
    this.said = { ...this.said, [name]: said }
    setTimeout(() => (this.said = { ...this.said, [name]: '' }), shownFor)
  }
}

/** The one that answers now; before any has loaded, the site's own, which the next run loads. */
function modelOf({ session, link }: LessonStore): CommandModel {
  const { source } = session.state
  const name = source?.kind === 'file' ? source.file.name : source?.kind === 'kept' ? source.name : initialModel.name
  return { name, format: link.format }
}

customElements.define('soi-code', CodeElement)
