/** The page's state in the address, after `#`: a link carries it, and no server sees it. */

/** How one value is written. `read` gives undefined for what it does not understand. */
export interface Field<T> {
  initial: T
  read(text: string): T | undefined
  /** null leaves the field out of the address. */
  write(value: T): string | null
}

export type Fields<State> = { [Key in keyof State]: Field<State[Key]> }

export function textField(initial: string, longest = Infinity): Field<string> {
  return {
    initial,
    read: (text) => text.normalize('NFC'),
    write: (value) => (value.length <= longest ? value : null),
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

export function readState<State extends object>(fields: Fields<State>, hash: string): State {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  return mapFields(fields, (field, key) => {
    const text = parameters.get(key)
    return (text === null ? undefined : field.read(text)) ?? field.initial
  })
}

/** Only what differs from the initial state is written. */
export function writeState<State extends object>(fields: Fields<State>, state: State): string {
  const parameters = new URLSearchParams()
  for (const key of Object.keys(fields) as (keyof State & string)[]) {
    const text = fields[key].write(state[key])
    if (text !== null && text !== fields[key].write(fields[key].initial)) parameters.set(key, text)
  }
  const hash = parameters.toString()
  return hash === '' ? '' : `#${hash}`
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

/** Keeps a state and the address alike. */
export class Permalink<State extends object> {
  #state: State
  #lastWrite = 0

  constructor(
    private readonly fields: Fields<State>,
    private readonly onNavigate: (state: State) => void,
  ) {
    this.#state = readState(fields, location.hash)
    window.addEventListener('popstate', this.#onPopState)
  }

  get state(): State {
    return this.#state
  }

  update(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes }
    const hash = writeState(this.fields, this.#state)
    if (hash === location.hash) return
    const address = hash === '' ? location.pathname + location.search : hash
    const now = performance.now()
    if (now - this.#lastWrite > stepPause) history.pushState(null, '', address)
    else history.replaceState(null, '', address)
    this.#lastWrite = now
  }

  #onPopState = () => {
    this.#lastWrite = 0
    this.#state = readState(this.fields, location.hash)
    this.onNavigate(this.#state)
  }
}
