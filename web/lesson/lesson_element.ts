/** What the parts of a lesson's page have in common: the store, and what the build put into them to begin with. */
import { LitElement, type TemplateResult, nothing } from 'lit'
import type { LessonStore } from './lesson_store'

export abstract class LessonElement extends LitElement {
  static override properties = { store: { attribute: false } }

  declare store: LessonStore | null
  /** What the build put here: it stands until the element renders something in its place. */
  #built: Element[] = []

  constructor() {
    super()
    this.store = null
  }

  override createRenderRoot() {
    this.#built = [...this.children]
    return this
  }

  override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('store')) this.store?.addEventListener('change', () => this.requestUpdate())
  }

  override render(): TemplateResult | typeof nothing {
    const content = this.store && this.renderWith(this.store)
    if (content === null) return nothing
    for (const element of this.#built) element.remove()
    this.#built = []
    return content
  }

  /** null: leaves what the build put here. */
  protected abstract renderWith(store: LessonStore): TemplateResult | null
}
