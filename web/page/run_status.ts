/** `<soi-run-status>`: the state of a run, in the same words and forms everywhere. */
import { LitElement, type TemplateResult, html } from 'lit'
import type { EngineError, Variant } from '../engine/engine'
import { faultHtml } from './fault'
import { formatSeconds } from './numbers'
import { progressHtml, timeLeft } from './progress'
import { runStrings as strings } from './strings/run'

export type RunState =
  /** Nothing to run on. */
  | { kind: 'idle' }
  /** For a model. */
  | { kind: 'waiting' }
  | { kind: 'running'; fraction: number; since: number }
  | { kind: 'done'; model: string; variant: Variant; threads: number; seconds: number }
  /** A long run that waits for the reader's word; `estimate` in seconds. */
  | { kind: 'ready'; estimate: number; hasOlder: boolean }
  | { kind: 'cancelled' }
  | { kind: 'failed'; error: EngineError }

/** A run shorter than this shows no bar: it would only flicker. */
const patience = 250

export class RunStatus extends LitElement {
  static override properties = { state: { attribute: false } }

  /** 'soi-run' is dispatched where the reader asks for a run, 'soi-cancel' where they stop it. */
  declare state: RunState
  #timer = 0

  constructor() {
    super()
    this.state = { kind: 'waiting' }
  }

  override createRenderRoot() {
    return this
  }

  override updated() {
    clearTimeout(this.#timer)
    if (this.state.kind === 'running') this.#timer = window.setTimeout(() => this.requestUpdate(), patience)
  }

  override render() {
    return html`<div class="run-status" role="status">${this.#renderState()}</div>`
  }

  #renderState(): TemplateResult {
    const { state } = this
    switch (state.kind) {
      case 'idle':
        return html``
      case 'waiting':
        return html`<span>${strings.waiting}</span>`
      case 'running':
        return performance.now() - state.since < patience ? html`<span>${strings.running}…</span>` : this.#renderProgress(state)
      case 'done':
        return html`<span class="measured">${strings.done(state.model, strings.build(state.variant, state.threads), formatSeconds(state.seconds))}</span>`
      case 'ready':
        return html`<span>${state.hasOlder ? strings.stale : strings.ready}</span> ${this.#renderRun(state.estimate)}`
      case 'cancelled':
        return html`<span>${strings.cancelled}</span> ${this.#renderRun(null)}`
      case 'failed':
        return faultHtml(state.error)
    }
  }

  #renderProgress({ fraction, since }: { fraction: number; since: number }): TemplateResult {
    return html`${progressHtml(strings.running, fraction, timeLeft(fraction, since))}
      <button type="button" class="quiet" @click=${() => this.dispatchEvent(new Event('soi-cancel'))}>${strings.cancel}</button>`
  }

  #renderRun(estimate: number | null): TemplateResult {
    return html`<button type="button" @click=${() => this.dispatchEvent(new Event('soi-run'))}>
      ${strings.run}${estimate === null ? '' : ` (${strings.estimate(formatSeconds(estimate))})`}
    </button>`
  }
}

customElements.define('soi-run-status', RunStatus)
