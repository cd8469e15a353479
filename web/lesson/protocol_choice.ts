/** The three protocols, what each does, and where they differ. */
import { type TemplateResult, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { formatNumber } from '../page/numbers'
import { controlStrings, protocolStrings as strings } from '../page/strings/lesson'
import type { Setting } from '../engine/engine'
import type { LessonStore } from './lesson_store'
import { protocolDifferences, protocols } from './settings'

export function protocolHtml(store: LessonStore): TemplateResult {
  const { settings } = store
  return html`<fieldset class="protocols">
    <legend>${strings.label}</legend>
    <div class="protocol-list">
      ${protocols.map(
        (protocol) => html`<label class="check"
          ><input
            type="radio"
            name="protocol"
            value=${protocol}
            .checked=${live(protocol === settings.protocol)}
            @change=${() => store.change({ ...settings, protocol })}
          />${strings.names[protocol]}</label
        >`,
      )}
    </div>
    <p class="note">${strings.notes[settings.protocol]}</p>
    ${differencesHtml(store)}
  </fieldset>`
}

function differencesHtml(store: LessonStore): TemplateResult {
  const differences = protocolDifferences(store.facts.spec)
  if (differences.length === 0) return html`<p class="note">${strings.none}</p>`
  return html`<details>
    <summary>${strings.differences}</summary>
    <div class="table-scroll">
      <table class="protocol-table">
        <thead>
          <tr>
            <th scope="col">${strings.parameter}</th>
            ${protocols.map((protocol) => html`<th scope="col" aria-current=${protocol === store.settings.protocol ? 'true' : nothing}>${strings.names[protocol]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${differences.map(
            ({ parameter, values }) =>
              html`<tr>
                <th scope="row">${labelOf(store, parameter.name)}</th>
                ${protocols.map((protocol) => html`<td>${valueText(store, parameter.name, values[protocol])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`
}

function controlOf(store: LessonStore, name: string) {
  return Object.values(store.definition.controls)
    .flatMap(({ controls }) => controls)
    .find(({ parameter }) => parameter === name)
}

function labelOf(store: LessonStore, name: string): string | TemplateResult {
  return controlOf(store, name)?.label ?? html`<code>${name}</code>`
}

function valueText(store: LessonStore, name: string, value: Setting): string {
  if (typeof value === 'boolean') return value ? controlStrings.yes : controlStrings.no
  return controlOf(store, name)?.choices?.[String(value)] ?? (typeof value === 'number' ? formatNumber(value) : value)
}
