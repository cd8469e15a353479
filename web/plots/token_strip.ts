/** `<soi-token-strip>`: the text as its tokens, and the common selector of positions. */
import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from 'lit'
import { stripStrings as strings } from '../page/strings/plots'
import { clampSelection, extendTo, SelectEvent, type Selection, selectionProperty, singlePosition } from './selection'
import { type StripToken, type TokenGroup, groupsOf } from './token_groups'
import { type TokenLabel, labelOf } from './token_label'

export class TokenStrip extends LitElement {
  static override properties = {
    tokens: { attribute: false },
    groups: { attribute: false },
    selection: selectionProperty,
  }

  declare tokens: StripToken[]
  /** Index of the first token of each group of tokens that together are whole characters. */
  declare groups: number[]
  declare selection: Selection

  #labels: TokenLabel[] = []

  constructor() {
    super()
    this.tokens = []
    this.groups = []
    this.selection = singlePosition(0)
  }

  override createRenderRoot() {
    return this
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('tokens')) this.#labels = this.tokens.map(({ bytes }) => labelOf(bytes))
  }

  override updated(changed: PropertyValues<this>) {
    if (!changed.has('selection') || !changed.get('selection')) return
    this.querySelector('[aria-selected="true"].focus')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  override render() {
    if (this.tokens.length === 0) return nothing
    return html`<div
      class="token-strip"
      role="listbox"
      tabindex="0"
      aria-multiselectable="true"
      aria-label=${strings.label}
      aria-activedescendant=${`${this.id}-token-${this.selection.focus}`}
      @keydown=${this.#onKeyDown}
      @mousedown=${this.#onMouseDown}
    >
      ${groupsOf(this.tokens, this.groups).map((group) => this.#renderGroup(group))}
    </div>`
  }

  #renderGroup({ first, end, characters }: TokenGroup): TemplateResult {
    const tokens = []
    for (let position = first; position < end; ++position) tokens.push(this.#renderToken(position))
    if (end - first === 1) return html`${tokens}`
    const label = strings.group(end - first, characters)
    return html`<span class="token-group" role="group" aria-label=${label}>
      <span class="token-group-members" role="presentation">${tokens}</span>
      <span class="token-group-characters" aria-hidden="true">${characters ?? '?'}</span>
    </span>`
  }

  #renderToken(position: number): TemplateResult {
    const token = this.tokens[position]
    const label = this.#labels[position]
    if (!token || !label) return html``
    const { range } = this.selection
    const inRange = range !== null && position >= range[0] && position <= range[1]
    const isFocus = position === this.selection.focus
    const classes = ['token', isFocus && 'focus', inRange && 'in-range', label.isBytes && 'bytes']
    return html`<span
        class=${classes.filter(Boolean).join(' ')}
        id=${`${this.id}-token-${position}`}
        role="option"
        aria-selected=${isFocus || inRange}
        data-position=${position}
        ><span class="visually-hidden">${strings.position(position, label.isBytes)}</span><span class="token-text"
          >${label.parts.map(({ text, isSign }) => (isSign ? html`<span class="sign">${text}</span>` : text))}</span
        ><span class="token-id"> ${token.id}</span></span
      >${token.bytes.includes(0x0a) ? html`<span class="line-end" role="presentation"></span>` : nothing}`
  }

  #select(selection: Selection): void {
    this.dispatchEvent(new SelectEvent(clampSelection(selection, this.tokens.length)))
  }

  #onMouseDown = (event: MouseEvent) => {
    const token = (event.target as Element).closest<HTMLElement>('[data-position]')
    if (!token) return
    const position = Number(token.dataset.position)
    if (event.shiftKey) event.preventDefault()
    this.#select(event.shiftKey ? extendTo(this.selection, position) : singlePosition(position))
  }

  #onKeyDown = (event: KeyboardEvent) => {
    const { focus } = this.selection
    const target = {
      ArrowLeft: focus - 1,
      ArrowRight: focus + 1,
      ArrowUp: this.#neighbourRow(-1),
      ArrowDown: this.#neighbourRow(1),
      Home: 0,
      End: this.tokens.length - 1,
      Escape: focus,
    }[event.key]
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const position = Math.max(0, Math.min(target, this.tokens.length - 1))
    this.#select(event.shiftKey ? extendTo(this.selection, position) : singlePosition(position))
  }

  /** The token that stands above (-1) or below (1) the selected one. */
  #neighbourRow(direction: -1 | 1): number {
    const options = [...this.querySelectorAll<HTMLElement>('[data-position]')]
    const current = options[this.selection.focus]?.getBoundingClientRect()
    if (!current) return this.selection.focus
    const middle = current.left + current.width / 2
    let best = this.selection.focus
    let bestCost = Infinity
    options.forEach((option, position) => {
      const box = option.getBoundingClientRect()
      const rows = (direction * (box.top - current.top)) / current.height
      if (rows < 0.5) return
      const cost = 1e4 * Math.round(rows) + Math.abs(box.left + box.width / 2 - middle)
      if (cost < bestCost) [best, bestCost] = [position, cost]
    })
    return best
  }
}

customElements.define('soi-token-strip', TokenStrip)
