/** What is chosen on a token strip: a position, and perhaps a range of them. Shared by all plots of a page. */
export interface Selection {
  /** The selected position. */
  focus: number
  /** Positions [first, last] that plots are limited to, `focus` among them; null: the whole text. */
  range: readonly [first: number, last: number] | null
}

export function singlePosition(position: number): Selection {
  return { focus: position, range: null }
}

/** Selects `position` and keeps the range where it holds it. */
export function moveFocus({ range }: Selection, position: number): Selection {
  const keeps = range !== null && position >= range[0] && position <= range[1]
  return { focus: position, range: keeps ? range : null }
}

/** Makes a range from the other end of the current one, or from the selected position, to `position`. */
export function extendTo({ focus, range }: Selection, position: number): Selection {
  const anchor = range === null ? focus : focus === range[0] ? range[1] : range[0]
  if (anchor === position) return singlePosition(position)
  return { focus: position, range: [Math.min(anchor, position), Math.max(anchor, position)] }
}

/** The selection, moved into a text of `count` tokens. */
export function clampSelection({ focus, range }: Selection, count: number): Selection {
  const clamp = (position: number) => Math.max(0, Math.min(position, count - 1))
  if (range === null || clamp(range[0]) === clamp(range[1])) return singlePosition(clamp(focus))
  return { focus: clamp(focus), range: [clamp(range[0]), clamp(range[1])] }
}

/** Positions [first, last] that a plot of `count` tokens shows. */
export function shownPositions({ range }: Selection, count: number): readonly [first: number, last: number] {
  return range ?? [0, count - 1]
}

/** A plot's property: another object that says the same is no change, and draws nothing anew. */
export const selectionProperty = {
  attribute: false,
  hasChanged: (now: Selection, before: Selection | undefined) =>
    now.focus !== before?.focus || now.range?.[0] !== before.range?.[0] || now.range?.[1] !== before.range?.[1],
}

export class SelectEvent extends Event {
  static readonly type = 'soi-select'

  constructor(readonly selection: Selection) {
    super(SelectEvent.type, { bubbles: true, composed: true })
  }
}

declare global {
  interface HTMLElementEventMap {
    'soi-select': SelectEvent
  }

  interface DocumentEventMap {
    'soi-select': SelectEvent
  }
}
