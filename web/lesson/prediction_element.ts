/** `<soi-prediction name="NAME">`: the reader's guess before a run: one gesture, or none; afterwards beside what was measured. */
import { type TemplateResult, html, nothing } from 'lit'
import { formatFigure } from '../page/numbers'
import { predictionStrings as strings } from '../page/strings/lesson'
import './curve_pad'
import type { CurveDrawnEvent, CurvePad } from './curve_pad'
import type { ChoicePrediction, CurvePrediction, Guess, Prediction, SliderPrediction } from './define_lesson'
import type { LessonResult } from '../engine/engine'
import { LessonElement } from './lesson_element'
import type { LessonStore } from './lesson_store'

export class PredictionElement extends LessonElement {
  static override properties = { ...LessonElement.properties, name: {}, slid: { state: true } }

  declare name: string
  /** Where the slider stands before it is let go. */
  declare slid: number | null

  constructor() {
    super()
    this.name = ''
    this.slid = null
  }

  /** Asking and answer take each other's place, and the button that was pressed goes: the focus moves to what came. */
  protected override update(changed: Map<PropertyKey, unknown>): void {
    const hadFocus = this.contains(document.activeElement)
    super.update(changed)
    if (hadFocus && !this.contains(document.activeElement)) void this.#focusFirst()
  }

  async #focusFirst(): Promise<void> {
    // It draws itself afterwards.
    await this.querySelector<CurvePad>('soi-curve-pad')?.updateComplete
    this.querySelector<HTMLElement>('.prediction-answer button, .prediction-ask :is(input, button, [tabindex])')?.focus()
  }

  protected override renderWith(store: LessonStore): TemplateResult {
    const prediction = store.definition.predictions?.[this.name]
    if (!prediction) return html``
    const guess = store.guessOf(this.name)
    return html`<div class="prediction">
      <p class="prediction-head">${strings.title}</p>
      <p class="prediction-question" id="${this.name}-question">${prediction.question}</p>
      ${prediction.note === undefined ? nothing : html`<p class="note">${prediction.note}</p>`}
      ${guess === undefined ? this.#renderAsking(store, prediction) : this.#renderAnswer(store, prediction, guess)}
    </div>`
  }

  #renderAsking(store: LessonStore, prediction: Prediction): TemplateResult {
    return html`<div class="prediction-ask">
      ${this.#renderGesture(store, prediction)}
      <button type="button" class="quiet no-print" @click=${() => store.guess(this.name, null)}>${strings.skip}</button>
    </div>`
  }

  #renderGesture(store: LessonStore, prediction: Prediction): TemplateResult {
    switch (prediction.kind) {
      case 'slider':
        return this.#renderSlider(store, prediction)
      case 'choice':
        return this.#renderChoice(store, prediction)
      case 'curve':
        return this.#renderCurve(store, prediction)
    }
  }

  #renderSlider(store: LessonStore, { minimum, maximum, step, quantity, format }: SliderPrediction): TemplateResult {
    const value = this.slid ?? (minimum + maximum) / 2
    const text = `${quantity} = ${this.slid === null ? '?' : formatFigure(value, format)}`
    return html`<span class="slider-field"
        ><input
          type="range"
          min=${minimum}
          max=${maximum}
          step=${step}
          .value=${String(value)}
          aria-labelledby="${this.name}-question"
          aria-valuetext=${text}
          @input=${(event: Event) => (this.slid = Number((event.target as HTMLInputElement).value))}
          @pointerup=${() => this.slid !== null && store.guess(this.name, this.slid)}
        /><output>${text}</output></span
      >${
        // A pointer lets go; a keyboard has no such moment.
        this.slid === null
          ? nothing
          : html`<button type="button" @click=${() => store.guess(this.name, this.slid)}>${strings.keep}</button>`
      }`
  }

  #renderChoice(store: LessonStore, { options }: ChoicePrediction): TemplateResult {
    return html`<div class="prediction-choices" role="group" aria-labelledby="${this.name}-question">
      ${options.map(({ value, label }) => html`<button type="button" @click=${() => store.guess(this.name, value)}>${label}</button>`)}
    </div>`
  }

  #renderCurve(store: LessonStore, { x, y }: CurvePrediction): TemplateResult {
    return html`<soi-curve-pad
      .x=${x}
      .y=${y}
      @soi-curve=${({ points }: CurveDrawnEvent) => store.guess(this.name, points)}
    ></soi-curve-pad>`
  }

  #renderAnswer(store: LessonStore, prediction: Prediction, guess: Guess | null): TemplateResult {
    const result = store.shown?.result
    const answer = guess === null ? strings.skipped : `${guessText(prediction, guess)} ${result ? answerOf(prediction, guess, result) : ''}`
    return html`<p class="prediction-answer" role="status">
      <span class="prediction-guess">${answer}</span>
      <button type="button" class="quiet no-print" @click=${() => this.#again(store)}>${strings.again}</button>
    </p>`
  }

  #again(store: LessonStore): void {
    this.slid = null
    store.guess(this.name, undefined)
  }
}

function guessText(prediction: Prediction, guess: Guess): string {
  switch (prediction.kind) {
    case 'slider':
      return strings.guess(formatFigure(Number(guess), prediction.format))
    case 'choice':
      return strings.guess(`"${labelOf(prediction, guess)}"`)
    case 'curve':
      return strings.drawn
  }
}

/** A result from a file may lack the figure. */
function answerOf(prediction: Prediction, guess: Guess, result: LessonResult): string {
  try {
    return answerText(prediction, guess, result)
  } catch {
    return strings.notMeasured
  }
}

function answerText(prediction: Prediction, guess: Guess, result: LessonResult): string {
  if (prediction.answer) return prediction.answer(result, guess)
  switch (prediction.kind) {
    case 'slider': {
      const measured = prediction.measured(result)
      return measured === null ? strings.notMeasured : strings.measured(formatFigure(measured, prediction.format))
    }
    case 'choice': {
      const measured = prediction.measured(result)
      if (measured === null) return strings.notMeasured
      return measured === guess ? strings.right : strings.wrong(labelOf(prediction, measured))
    }
    case 'curve':
      return strings.waiting
  }
}

function labelOf({ options }: ChoicePrediction, guess: Guess): string {
  return options.find(({ value }) => value === guess)?.label ?? String(guess)
}

customElements.define('soi-prediction', PredictionElement)
