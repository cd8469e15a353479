/** One control: its label, the field that its kind asks for, what its value means, and a way back to the default. */
import { type TemplateResult, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { formatNumber } from '../page/numbers'
import { longestTextInLink } from '../page/permalink'
import { controlStrings as strings } from '../page/strings/lesson'
import { readTyped } from '../page/typed_number'
import type { Control } from './define_lesson'
import { entry } from './entry'
import type { LessonParameter, Setting } from '../engine/engine'

export interface FieldState {
  id: string
  control: Control
  parameter: LessonParameter
  value: Setting
  isDefault: boolean
  /** What was typed and is no value; null: nothing. */
  refused: string | null
  /** `typed`: how the reader wrote it, where that differs. */
  onInput: (text: string, typed?: string) => void
  onReset: () => void
}

export function fieldHtml(state: FieldState): TemplateResult {
  const { id, control, isDefault, onReset, refused } = state
  const isSwitch = state.parameter.kind === 'boolean'
  const help = helpText(state)
  return html`<div class="control ${isSwitch ? 'is-switch' : ''}">
    <div class="control-head">
      ${isSwitch ? nothing : html`<label for=${id}>${control.label}</label>`} ${inputHtml(state)}
      ${isDefault
        ? nothing
        : html`<button type="button" class="quiet control-reset" aria-label=${strings.reset(control.label)} @click=${onReset}>
            ${strings.resetShort}
          </button>`}
    </div>
    ${help === '' ? nothing : html`<p class="note" id="${id}-help">${help}</p>`}
    ${refused === null ? nothing : html`<p class="note refused" role="alert" id="${id}-refused">${refusal(state)}</p>`}
  </div>`
}

/** Why a typed value is none. */
function refusal({ parameter, refused }: FieldState): string {
  const typed = readTyped(refused ?? '', parameter.kind === 'integer')
  if (typed.kind === 'ambiguous') return strings.ambiguous(plainText(typed.meanings[0]), plainText(typed.meanings[1]))
  const value = typed.text === '' ? NaN : Number(typed.text)
  if (Number.isNaN(value)) return strings.notANumber
  if (parameter.kind === 'integer' && !Number.isInteger(value)) return strings.notWhole
  return strings.outOfRange(strings.range(formatNumber(parameter.minimum ?? -Infinity), formatNumber(parameter.maximum ?? Infinity)))
}

function helpText(state: FieldState): string {
  return [state.control.help, rangeHelp(state)].filter((text) => text !== undefined && text !== '').join(' ')
}

/** The ids of what is said under a control. */
function describedBy(state: FieldState): string | typeof nothing {
  const ids = [helpText(state) === '' ? '' : `${state.id}-help`, state.refused === null ? '' : `${state.id}-refused`]
  return ids.filter((id) => id !== '').join(' ') || nothing
}

function rangeHelp({ control, parameter }: FieldState): string {
  if (control.form === 'slider' || (parameter.kind !== 'integer' && parameter.kind !== 'real')) return ''
  const { minimum = -Infinity, maximum = Infinity } = { ...parameter, ...control }
  return `${capital(strings.range(formatNumber(minimum), formatNumber(maximum)))}.`
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('vi') + text.slice(1)
}

function inputHtml(state: FieldState): TemplateResult {
  switch (state.parameter.kind) {
    case 'boolean':
      return switchHtml(state)
    case 'choice':
      return choiceHtml(state)
    case 'text':
      return textHtml(state)
    case 'integer':
    case 'real':
      return state.control.form === 'slider' ? sliderHtml(state) : numberHtml(state)
  }
}

const textOf = (event: Event) => (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value

function switchHtml(state: FieldState): TemplateResult {
  const { id, control, value, onInput } = state
  const onChange = (event: Event) => onInput(String((event.target as HTMLInputElement).checked))
  return html`<label class="check"><input type="checkbox" id=${id} aria-describedby=${describedBy(state)} .checked=${live(value === true)} @change=${onChange} />${control.label}</label>`
}

function choiceHtml(state: FieldState): TemplateResult {
  const { id, control, parameter, value, onInput } = state
  const options = (parameter.choices ?? []).map((choice) => ({ choice, words: control.choices?.[choice] ?? choice }))
  return html`<select id=${id} aria-describedby=${describedBy(state)} @change=${(event: Event) => onInput(textOf(event))}>
    ${options.map(({ choice, words }) => html`<option value=${choice} .selected=${live(choice === value)}>${words}</option>`)}
  </select>`
}

function numberHtml(state: FieldState): TemplateResult {
  const { id, control, parameter, value, refused, onInput } = state
  const onChange = (event: Event) => {
    const typed = readTyped(textOf(event), parameter.kind === 'integer')
    onInput(typed.kind === 'plain' ? typed.text : '', textOf(event))
  }
  const word = control.choices?.[String(value)]
  return html`<span class="number-field"
    ><input
      type="text"
      inputmode=${parameter.kind === 'integer' ? 'numeric' : 'decimal'}
      id=${id}
      autocomplete="off"
      aria-invalid=${refused === null ? 'false' : 'true'}
      aria-describedby=${describedBy(state)}
      ${entry(refused ?? plainText(Number(value)))}
      @change=${onChange}
    />${unitHtml(control)}${word === undefined ? nothing : html`<span class="unit">(${word})</span>`}</span
  >`
}

/** As the field shows it: without thousands. */
function plainText(value: number): string {
  return String(value).replace('.', ',')
}

const sliderSteps = 200

function sliderHtml(state: FieldState): TemplateResult {
  const { id, control, parameter, value, onInput } = state
  const minimum = control.minimum ?? parameter.minimum ?? 0
  const maximum = control.maximum ?? parameter.maximum ?? 1
  const isLog = control.logarithmic === true && minimum > 0
  const toSlider = (number: number) => (isLog ? (sliderSteps * Math.log(number / minimum)) / Math.log(maximum / minimum) : number)
  const fromSlider = (position: number) => (isLog ? minimum * (maximum / minimum) ** (position / sliderSteps) : position)
  const step = isLog ? 1 : (control.step ?? (parameter.kind === 'integer' ? 1 : (maximum - minimum) / sliderSteps))
  const onSlide = (event: Event) => {
    const number = fromSlider(Number(textOf(event)))
    const rounded = parameter.kind === 'integer' ? Math.round(number) : Number(number.toPrecision(isLog ? 2 : 12))
    onInput(String(rounded))
  }
  const number = Number(value)
  const word = control.choices?.[String(value)] ?? formatNumber(number)
  return html`<span class="slider-field"
    ><input
      type="range"
      id=${id}
      min=${isLog ? 0 : minimum}
      max=${isLog ? sliderSteps : maximum}
      step=${step}
      aria-valuetext="${word} ${control.unit ?? ''}"
      aria-describedby=${describedBy(state)}
      .value=${live(String(toSlider(number)))}
      @input=${onSlide}
    /><output for=${id}>${word}${unitHtml(control)}</output></span
  >`
}

function unitHtml(control: Control): TemplateResult | typeof nothing {
  return control.unit === undefined ? nothing : html`<span class="unit"> ${control.unit}</span>`
}

function textHtml(state: FieldState): TemplateResult {
  const { id, control, value, onInput } = state
  const shown = value === '' ? (control.initialText ?? '') : String(value)
  // What the lesson has anyway is no text of the reader's.
  const onChange = (event: Event) => {
    const text = textOf(event).normalize('NFC')
    onInput(text.trim() === (control.initialText ?? '').trim() ? '' : text)
  }
  if (control.form !== 'passage' && control.form !== 'pairs') {
    return html`<input type="text" class=${control.form === 'line' ? 'line' : ''} id=${id} aria-describedby=${describedBy(state)} autocomplete="off" spellcheck="false" ${entry(shown)} @change=${onChange} />`
  }
  const rows = control.form === 'pairs' ? 8 : passageRows(shown)
  const size = control.form === 'pairs' ? strings.lines(formatNumber(lineCount(shown))) : strings.characters(formatNumber([...shown].length))
  return html`<textarea id=${id} aria-describedby=${describedBy(state)} class=${control.form} rows=${rows} spellcheck="false" autocomplete="off" ${entry(shown)} @change=${onChange}></textarea>
    <p class="note">${size}, ${value === '' ? strings.initialText : strings.ownText}. ${String(value).length > longestTextInLink ? strings.notInLink : ''}</p>`
}

/** A list of words needs no more room than it has lines, and one to write on. */
function passageRows(text: string): number {
  const isProse = text.split('\n').some((line) => line.length > 40)
  return isProse ? 6 : Math.min(6, Math.max(2, lineCount(text) + 1))
}

function lineCount(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length
}
