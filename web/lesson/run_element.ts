/** `<soi-lesson-run>`: protocol, seed, model, the button, and in words what the page shows and what goes on. */
import { type TemplateResult, html, nothing } from 'lit'
import '../page/model_chooser'
import type { ModelChooser } from '../page/model_chooser'
import { faultHtml } from '../page/fault'
import { keptText } from '../page/kept_words'
import { formatCount, formatPercent, formatSeconds, formatSignificant } from '../page/numbers'
import { progressHtml, timeLeft } from '../page/progress'
import { largestSeed, nextSeed } from '../page/seed'
import { controlStrings, lessonRunStrings as strings } from '../page/strings/lesson'
import { runStrings } from '../page/strings/run'
import { readTyped } from '../page/typed_number'
import '../plots/soi_plot'
import type { LessonDefinition } from './define_lesson'
import { entry } from './entry'
import { LessonElement } from './lesson_element'
import type { LessonStore, Shown } from './lesson_store'
import { protocolHtml } from './protocol_choice'
import { RefusedTexts } from './refused_texts'

export class RunElement extends LessonElement {
  readonly #refused = new RefusedTexts()

  protected override renderWith(store: LessonStore): TemplateResult {
    const { needs_model: needsModel } = store.facts.spec
    const hidesControls = store.link.hides('giao-thuc')
    return html`<div class="lesson-run">
      ${hidesControls ? html`<p class="note">${controlStrings.hidden}</p>` : html`<div class="run-settings no-print">${protocolHtml(store)} ${this.#renderSeed(store)}</div>`}
      ${needsModel ? this.#renderModel(store) : html`<p class="note">${strings.noModel}</p>`}
      ${store.lacksFile ? html`<p class="note linked-file">${strings.linkedFile}</p>` : nothing}
      <div class="run-line">${this.#renderButton(store)} <div class="run-state" role="status">${this.#renderState(store)}</div></div>
      ${this.#renderLive(store)}
    </div>`
  }

  #renderSeed(store: LessonStore): TemplateResult {
    const { settings } = store
    const onChange = (event: Event) => {
      const text = (event.target as HTMLInputElement).value
      const typed = readTyped(text, true)
      const seed = typed.kind === 'ambiguous' || typed.text === '' ? NaN : Number(typed.text)
      const isSeed = Number.isInteger(seed) && seed >= 0 && seed <= largestSeed
      if (isSeed) this.#refused.accept('seed')
      else this.#refused.refuse('seed', text, settings.seed, store)
      if (isSeed) store.change({ ...settings, seed })
      this.requestUpdate()
    }
    const refused = this.#refused.of('seed', settings.seed, store)
    return html`<div class="control">
      <div class="control-head">
        <label for="seed">${controlStrings.seed}</label>
        <input
          type="text"
          inputmode="numeric"
          id="seed"
          autocomplete="off"
          aria-invalid=${refused === null ? 'false' : 'true'}
          aria-describedby=${refused === null ? nothing : 'seed-refused'}
          ${entry(refused ?? String(settings.seed))}
          @change=${onChange}
        />
        <button type="button" class="quiet" @click=${() => this.#renewSeed(store)}>${controlStrings.newSeed}</button>
      </div>
      ${
        refused === null
          ? nothing
          : html`<p class="note refused" role="alert" id="seed-refused">
              ${controlStrings.notWhole} ${controlStrings.outOfRange(controlStrings.range('0', formatCount(largestSeed)))}
            </p>`
      }
    </div>`
  }

  #renewSeed(store: LessonStore): void {
    this.#refused.accept('seed')
    store.change({ ...store.settings, seed: nextSeed(store.settings.seed) })
  }

  #renderModel(store: LessonStore): TemplateResult {
    const { model } = store.session.state
    return html`<details class="run-model no-print">
      <summary>${strings.model}: ${model?.name ?? store.shown?.result.model ?? ''}</summary>
      ${model ? nothing : html`<p class="note">${strings.modelIdle}</p>`}
      <soi-model-chooser
        .session=${store.session}
        .format=${store.link.format}
        @soi-relaxed=${() => store.link.setRelaxed(store.session.relaxed)}
        @soi-format=${(event: Event) => store.link.setFormat((event.target as ModelChooser).format)}
      ></soi-model-chooser>
    </details>`
  }

  #renderButton(store: LessonStore): TemplateResult {
    const { isBusy } = store.run
    const words = isBusy ? strings.cancel : store.shown?.origin.kind === 'measured' ? strings.again : strings.run
    // One button, whose words change: the focus stays on it.
    return html`<button
      type="button"
      class="run-button no-print ${isBusy ? '' : 'primary'}"
      @click=${() => (isBusy ? store.run.cancel() : void store.measure())}
      @keydown=${(event: KeyboardEvent) => event.repeat && event.preventDefault()}
    >
      ${words}
    </button>`
  }

  #renderState(store: LessonStore): TemplateResult | typeof nothing {
    const { activity } = store
    switch (activity.kind) {
      case 'loading':
        return this.#renderLoading(store)
      case 'running':
        return progressHtml(strings.running, activity.fraction, timeLeft(activity.fraction, activity.since))
      case 'failed':
        return faultHtml(activity.error, undefined, (parameter) => labelOf(store.definition, parameter))
      case 'cancelled':
        return html`<p>${strings.cancelled}</p>`
      case 'idle':
        if (store.shown) return this.#renderShown(store, store.shown)
        return html`<p>${store.isPrecomputedLost ? strings.notFetched : `${strings.fetching}…`}</p>`
    }
  }

  #renderLoading(store: LessonStore): TemplateResult {
    const fraction = store.session.state.loading?.fraction ?? null
    const words = store.session.state.loading ? strings.loading : strings.starting
    return progressHtml(words, fraction, fraction === null ? '' : formatPercent(fraction))
  }

  #renderShown(store: LessonStore, shown: Shown): TemplateResult {
    if (store.staleness === 'parameters') return html`<p class="is-stale">${strings.stale}</p>`
    if (store.staleness === 'model') return html`<p class="is-stale">${strings.otherModel}</p>`
    return html`<p>${keptText(originText(shown))}</p>
      ${shown.origin.kind === 'measured' ? renderAgreement(shown) : nothing}`
  }

  #renderLive(store: LessonStore): TemplateResult | typeof nothing {
    const { activity, run } = store
    if (activity.kind !== 'running' || run.series.size === 0) return nothing
    const context = { ...store.context, parameters: activity.parameters }
    const plots = (store.definition.live ?? []).map((plot) => plot(run.series, context)).filter((plot) => plot !== null)
    return html`<div class="live-plots" aria-label=${strings.live}>${plots.map((plot) => html`<soi-plot .plot=${plot} .live=${true}></soi-plot>`)}</div>`
  }
}

/** What stands beside a parameter's control. */
function labelOf({ controls }: LessonDefinition, parameter: string): string | undefined {
  return Object.values(controls)
    .flatMap((group) => group.controls)
    .find((control) => control.parameter === parameter)?.label
}

function originText({ result, origin }: Shown): string {
  const model = result.model === '' ? strings.simulation : result.model
  switch (origin.kind) {
    case 'precomputed':
      return strings.precomputed(model, result.seed)
    case 'kept':
      return strings.kept(model, result.seed)
    case 'opened':
      return strings.opened(model, result.seed, result.build)
    case 'measured': {
      const { variant, threads } = origin.build
      return strings.done(model, result.seed, runStrings.build(variant, threads), formatSeconds(result.seconds))
    }
  }
}

function renderAgreement({ origin }: Shown): TemplateResult | typeof nothing {
  if (origin.kind !== 'measured' || !origin.agreement) return nothing
  const { agreement } = origin
  switch (agreement.kind) {
    case 'same':
      return html`<p class="agreement">${strings.same(formatCount(agreement.numbers))}</p>`
    case 'differs':
      return html`<p class="agreement">${strings.differs(formatSignificant(agreement.largest, 2), agreement.where)}</p>`
    case 'other':
      return nothing
  }
}

customElements.define('soi-lesson-run', RunElement)
