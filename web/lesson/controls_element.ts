/** `<soi-controls group="NAME">`: a group of controls, beside the plot that they change. */
import { type TemplateResult, html, nothing } from 'lit'
import { lessonRunStrings } from '../page/strings/lesson'
import { fieldHtml } from './control_field'
import type { Control, ControlGroup } from './define_lesson'
import type { LessonParameter } from '../engine/engine'
import { LessonElement } from './lesson_element'
import type { LessonStore } from './lesson_store'
import { RefusedTexts } from './refused_texts'
import { defaultOf, readValue, valueOf, withDefault, withValue } from './settings'

export class Controls extends LessonElement {
  static override properties = { ...LessonElement.properties, group: {} }

  declare group: string
  /** By parameter. */
  readonly #refused = new RefusedTexts()

  constructor() {
    super()
    this.group = ''
  }

  protected override renderWith(store: LessonStore): TemplateResult {
    const group = store.definition.controls[this.group]
    if (!group || store.link.hides(this.group)) return html``
    return html`<fieldset class="controls no-print">
      <legend>${group.title}</legend>
      ${group.note === undefined ? nothing : html`<p class="note">${group.note}</p>`}
      <div class="control-list">${group.controls.map((control) => this.#renderControl(store, control))}</div>
      ${this.#renderRun(store, group)}
    </fieldset>`
  }

  #renderControl(store: LessonStore, control: Control) {
    const parameter = store.facts.spec.parameters.find(({ name }) => name === control.parameter)
    if (!parameter) return nothing
    const { settings } = store
    const value = valueOf(parameter, settings)
    return fieldHtml({
      id: `p-${parameter.name}`,
      control,
      parameter,
      value,
      isDefault: value === defaultOf(parameter, settings.protocol),
      refused: this.#refused.of(parameter.name, value, store),
      onInput: (text, typed = text) => this.#set(store, parameter, text, typed),
      onReset: () => {
        this.#refused.accept(parameter.name)
        store.change(withDefault(store.settings, parameter.name))
      },
    })
  }

  #set(store: LessonStore, parameter: LessonParameter, text: string, typed: string): void {
    const value = readValue(parameter, text)
    if (value === undefined) {
      this.#refused.refuse(parameter.name, typed, valueOf(parameter, store.settings), store)
      this.requestUpdate()
      return
    }
    this.#refused.accept(parameter.name)
    store.change(withValue(store.settings, parameter, value))
  }

  /** This button goes; the page's own, which stops the run, takes the focus. */
  #run(store: LessonStore): void {
    document.querySelector<HTMLButtonElement>('soi-lesson-run .run-button')?.focus({ preventScroll: true })
    void store.measure()
  }

  /** Where one of the group's own has moved, the way to a new result is here too. */
  #renderRun(store: LessonStore, { controls }: ControlGroup) {
    const result = store.shown?.result
    const values = store.values
    const hasMoved = result !== undefined && controls.some(({ parameter }) => result.parameters[parameter] !== values[parameter])
    if (!hasMoved || store.run.isBusy) return nothing
    return html`<p class="control-run">
      <button type="button" @click=${() => this.#run(store)}>${lessonRunStrings.again}</button>
      <span class="note">${lessonRunStrings.stale}</span>
    </p>`
  }
}

customElements.define('soi-controls', Controls)
