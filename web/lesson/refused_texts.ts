/** What was typed into a field and is no value. It stands until the field's value changes, or the settings come as a whole. */
import type { Setting } from '../engine/engine'
import type { LessonStore } from './lesson_store'

export class RefusedTexts {
  readonly #texts = new Map<string, { text: string; value: Setting; replacements: number }>()

  /** `value`: what the field keeps. */
  refuse(name: string, text: string, value: Setting, { replacements }: LessonStore): void {
    this.#texts.set(name, { text, value, replacements })
  }

  accept(name: string): void {
    this.#texts.delete(name)
  }

  /** null: nothing. */
  of(name: string, value: Setting, { replacements }: LessonStore): string | null {
    const refused = this.#texts.get(name)
    return refused?.value === value && refused.replacements === replacements ? refused.text : null
  }
}
