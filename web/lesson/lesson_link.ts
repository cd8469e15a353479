/** What a lesson's address carries: every setting, the seed, and which controls a teacher's link hides. */
import { type Field, type Fields, Permalink, choiceField, longestTextInLink, numberField, switchField, textField } from '../page/permalink'
import { type LessonParameter, type LessonSpec, type NumberFormat, type Protocol, numberFormats } from '../engine/engine'
import { largestSeed } from '../page/seed'
import { type RunSettings, initialSettings, protocols, readValue } from './settings'

interface CommonState {
  protocol: Protocol
  seed: number
  an: string
  model: 'demo' | 'file'
  /** How weights are held; '': as the file has them. */
  format: NumberFormat | ''
  relaxed: boolean
}

/** What a page takes up by loading its model again. */
export interface LoadWishes {
  /** null: the file's own. */
  format: NumberFormat | null
  relaxed: boolean
}

type LinkState = CommonState & Record<string, unknown>

/** '' stands for a parameter that the reader has not set. */
function parameterField(parameter: LessonParameter): Field<string> {
  if (parameter.kind === 'text') return textField('', longestTextInLink)
  return { initial: '', read: (text) => (readValue(parameter, text) === undefined ? undefined : text), write: (value) => value }
}

function fieldsOf(spec: LessonSpec): Fields<LinkState> {
  return {
    protocol: choiceField(protocols, initialSettings.protocol),
    seed: numberField(initialSettings.seed, 0, largestSeed, true),
    an: textField(''),
    model: choiceField(['demo', 'file'], 'demo'),
    format: choiceField([...numberFormats, ''] as const, ''),
    relaxed: switchField(false),
    ...Object.fromEntries(spec.parameters.map((parameter) => [parameter.name, parameterField(parameter)])),
  }
}

export class LessonLink {
  readonly #link: Permalink<LinkState>
  readonly #spec: LessonSpec

  /** `onNavigate`: back, forward, or another address typed; `before`: what was wished until then. */
  constructor(spec: LessonSpec, onNavigate: (before: LoadWishes) => void) {
    this.#spec = spec
    this.#link = new Permalink(fieldsOf(spec), (_, { format, relaxed }) => onNavigate({ format: format || null, relaxed }))
  }

  /** Whether the address asks for nothing. */
  get isBare(): boolean {
    return this.#link.isBare
  }

  get settings(): RunSettings {
    const { protocol, seed } = this.#link.state
    const given = this.#spec.parameters.map(({ name }) => [name, this.#link.state[name] as string])
    return { protocol, seed, given: Object.fromEntries(given.filter(([, text]) => text !== '')) as Record<string, string> }
  }

  /** Whether the address was made with a file of somebody's own. */
  get wantsFile(): boolean {
    return this.#link.state.model === 'file'
  }

  /** Whether a teacher's link hides a group of controls: `&an=1` hides all, `&an=du-lieu,mo-hinh` these. */
  hides(group: string): boolean {
    const { an } = this.#link.state
    return an === '1' || an.split(',').includes(group)
  }

  get hidesSome(): boolean {
    return this.#link.state.an !== ''
  }

  update({ protocol, seed, given }: RunSettings): void {
    const parameters = Object.fromEntries(this.#spec.parameters.map(({ name }) => [name, given[name] ?? '']))
    this.#link.update({ ...parameters, protocol, seed })
  }

  /** null: the file's own. */
  get format(): NumberFormat | null {
    return this.#link.state.format === '' ? null : this.#link.state.format
  }

  setFormat(format: NumberFormat | null): void {
    this.#link.update({ format: format ?? '' })
  }

  get relaxed(): boolean {
    return this.#link.state.relaxed
  }

  setRelaxed(relaxed: boolean): void {
    this.#link.update({ relaxed })
  }

  setModel(model: 'demo' | 'file'): void {
    this.#link.update({ model })
  }

  /** After a navigation: the model in use is not that of the address. */
  correctModel(model: 'demo' | 'file'): void {
    this.#link.correct({ model })
  }

  /** The page's address with all its settings; `hideControls`: as a teacher gives it to a class. */
  address(hideControls: boolean): string {
    return new URL(this.#link.address({ an: hideControls ? '1' : '' }), location.href).href
  }
}
