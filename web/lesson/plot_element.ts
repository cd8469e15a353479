/** `<soi-lesson-plot name="NAME">`: a plot of lesson.ts, drawn from the result that the page shows. */
import { type TemplateResult, html } from 'lit'
import { lessonRunStrings as strings } from '../page/strings/lesson'
import type { PlotSpec } from '../plots/plot_spec'
import type { SelectEvent } from '../plots/selection'
import '../plots/soi_plot'
import { LessonElement } from './lesson_element'
import type { LessonStore } from './lesson_store'

/** Of a result from a file: it may lack a figure that the plot is made of. */
type Lacking = 'lacking'

function made(make: () => PlotSpec | null): PlotSpec | null | Lacking {
  try {
    return make()
  } catch {
    return 'lacking'
  }
}

export class LessonPlot extends LessonElement {
  static override properties = { ...LessonElement.properties, name: {} }

  declare name: string
  /** The last plot, and what it was made of. */
  #made: { result: unknown; guesses: string; plot: PlotSpec | null | Lacking } | null = null

  constructor() {
    super()
    this.name = ''
  }

  protected override renderWith(store: LessonStore): TemplateResult | null {
    const result = store.shown?.result
    const make = store.definition.plots[this.name]
    if (!result || !make) return null
    const { context } = store
    const guesses = JSON.stringify(context)
    if (this.#made?.result !== result || this.#made.guesses !== guesses) this.#made = { result, guesses, plot: made(() => make(result, context)) }
    const { plot } = this.#made
    if (plot === 'lacking') return html`<p class="note">${strings.noPlot}</p>`
    return plot
      ? html`<soi-plot .plot=${plot} .stale=${store.staleness !== 'fresh'} .selection=${store.selection} @soi-select=${(event: SelectEvent) => store.select(event.selection)}></soi-plot>`
      : html``
  }
}

customElements.define('soi-lesson-plot', LessonPlot)
