/**
 * The page's state in the address, after `#`: a link carries it, and no server sees it. The whole `#` belongs to the state:
 * links within the page leave it alone (in_page_links.ts).
 */

/** Browsers and chat programs cut longer addresses. */
export const longestTextInLink = 2000

/** How one value is written. `read` gives undefined for what it does not understand. */
export interface Field<T> {
  initial: T
  read(text: string): T | undefined
  write(value: T): string
  /** Characters. A longer value stays out of the address; the step of the history holds it. */
  longest?: number
}

export type Fields<State> = { [Key in keyof State]: Field<State[Key]> }

export function textField(initial: string, longest = Infinity): Field<string> {
  return {
    initial,
    read: (text) => text.normalize('NFC'),
    write: (value) => value,
    longest,
  }
}

export function choiceField<T extends string>(choices: readonly T[], initial: T): Field<T> {
  return { initial, read: (text) => choices.find((choice) => choice === text), write: (value) => value }
}

/** A number in [least, most]; what lies outside is moved to the end. */
export function numberField(initial: number, least: number, most: number, whole = false): Field<number> {
  return {
    initial,
    read(text) {
      const value = text.trim() === '' ? NaN : Number(text)
      if (!Number.isFinite(value)) return undefined
      return Math.min(most, Math.max(least, whole ? Math.round(value) : value))
    },
    write: String,
  }
}

export function switchField(initial: boolean): Field<boolean> {
  return {
    initial,
    read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
    write: (value) => (value ? '1' : '0'),
  }
}

export function initialState<State extends object>(fields: Fields<State>): State {
  return mapFields(fields, (field) => field.initial)
}

/** Whether an address says anything of the state; '' does not, nor does the name of a place in the page. */
export function carriesState<State extends object>(fields: Fields<State>, hash: string): boolean {
  return [...parametersOf(hash).keys()].some((key) => Object.hasOwn(fields, key))
}

export function readState<State extends object>(fields: Fields<State>, hash: string): State {
  return readTexts(fields, Object.fromEntries(parametersOf(hash)))
}

/** Only what differs from the initial state is written. */
export function writeState<State extends object>(fields: Fields<State>, state: State): string {
  const texts = Object.entries(writeTexts(fields, state))
  const hash = new URLSearchParams(texts.filter(([key, text]) => text.length <= (fields[key as keyof State].longest ?? Infinity))).toString()
  return hash === '' ? '' : `#${hash}`
}

/** By field, of what differs from the initial state. */
type Texts = Readonly<Record<string, string>>

function readTexts<State extends object>(fields: Fields<State>, texts: Texts): State {
  return mapFields(fields, (field, key) => {
    const text = Object.hasOwn(texts, key) ? texts[key] : undefined
    return (text === undefined ? undefined : field.read(text)) ?? field.initial
  })
}

function writeTexts<State extends object>(fields: Fields<State>, state: State): Texts {
  const texts = (Object.keys(fields) as (keyof State & string)[]).map((key) => [key, fields[key].write(state[key]), fields[key].write(fields[key].initial)])
  return Object.fromEntries(texts.filter(([, text, initial]) => text !== initial)) as Texts
}

function parametersOf(hash: string): URLSearchParams {
  return new URLSearchParams(hash.replace(/^#/, ''))
}

function mapFields<State extends object>(
  fields: Fields<State>,
  map: <Key extends keyof State & string>(field: Field<State[Key]>, key: Key) => State[Key],
): State {
  const entries = (Object.keys(fields) as (keyof State & string)[]).map((key) => [key, map(fields[key], key)])
  return Object.fromEntries(entries) as State
}

// Steps that follow each other this closely (typing, an arrow held down) are one step of the history.
const stepPause = 1000

/** What a step of the history holds: all of the state, also what is too long for the address. */
interface Step {
  soiState: Texts
}

/** Keeps a state and the address alike. */
export class Permalink<State extends object> {
  #state: State
  #lastWrite = 0

  /** `onNavigate`: back, forward, or another address typed; `before` is the state until then. */
  constructor(
    private readonly fields: Fields<State>,
    private readonly onNavigate: (state: State, before: State) => void,
  ) {
    this.#state = this.#readStep() ?? readState(fields, location.hash)
    this.#replace(location.href)
    window.addEventListener('popstate', this.#onPopState)
  }

  get state(): State {
    return this.#state
  }

  /** Whether address and step ask for nothing. */
  get isBare(): boolean {
    return Object.keys(this.#step.soiState).length === 0 && !carriesState(this.fields, location.hash)
  }

  update(changes: Partial<State>): void {
    const before = JSON.stringify(writeTexts(this.fields, this.#state))
    this.#state = { ...this.#state, ...changes }
    if (JSON.stringify(writeTexts(this.fields, this.#state)) === before) return
    const now = performance.now()
    if (now - this.#lastWrite > stepPause) history.pushState(this.#step, '', this.address())
    else this.#replace(this.address())
    this.#lastWrite = now
  }

  /** What the page cannot follow is put right in the address: no step of the history. */
  correct(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes }
    this.#replace(this.address())
  }

  /** The page's address at the present state, or with changes. */
  address(changes: Partial<State> = {}): string {
    return location.pathname + location.search + writeState(this.fields, { ...this.#state, ...changes })
  }

  get #step(): Step {
    return { soiState: writeTexts(this.fields, this.#state) }
  }

  #replace(address: string): void {
    history.replaceState(this.#step, '', address)
  }

  /** null: a step that is not of this page's making. */
  #readStep(): State | null {
    const texts = (history.state as Partial<Step> | null)?.soiState
    return texts === undefined ? null : readTexts(this.fields, texts)
  }

  #onPopState = () => {
    this.#lastWrite = 0
    const step = this.#readStep()
    if (!step && location.hash.length > 1 && !carriesState(this.fields, location.hash)) {
      // A jump within the page, not an address of another state.
      this.#replace(this.address())
      return
    }
    const before = this.#state
    this.#state = step ?? readState(this.fields, location.hash)
    this.#replace(location.href)
    this.onNavigate(this.#state, before)
  }
}
