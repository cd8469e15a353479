import { noChange } from 'lit'
import { Directive, type ElementPart, directive } from 'lit/directive.js'

type Field = HTMLInputElement | HTMLTextAreaElement

class Entry extends Directive {
  #field: Field | undefined
  #isTyping = false

  override render(text: string): string {
    return text
  }

  override update(part: ElementPart, [text]: Parameters<this['render']>): symbol {
    if (this.#field === undefined) {
      const field = (this.#field = part.element as Field)
      const ended = () => (this.#isTyping = false)
      field.addEventListener('input', () => (this.#isTyping = true))
      // Before the page's own listener, which may draw the field anew.
      field.addEventListener('change', ended, { capture: true })
      field.addEventListener('blur', ended)
    }
    if (!this.#isTyping && this.#field.value !== text) this.#field.value = text
    return noChange
  }
}

/**
 * `<input ${entry(text)}>`: the field shows `text`, but for what is being typed in it: a page that is drawn anew takes that from
 * nobody. It is typed until the field says "change" or loses the focus.
 */
export const entry = directive(Entry)
