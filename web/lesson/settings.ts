/** The values of a lesson's parameters: from the experiment's specification, the protocol, and what the reader set. */
import type { LessonParameter, LessonSpec, NumberFormat, Protocol, Setting } from '../engine/engine'

export const protocols: readonly Protocol[] = ['corrected', 'document', 'notebook']

/** What a run is asked for, beside its model. */
export interface RunSettings {
  protocol: Protocol
  seed: number
  /** Only what the reader set, as the engine and the command line read it: decimal points, "true", "false". */
  given: Readonly<Record<string, string>>
}

export const initialSettings: RunSettings = { protocol: 'corrected', seed: 1, given: {} }

export function defaultOf(spec: LessonParameter, protocol: Protocol): Setting {
  return spec.by_protocol[protocol] ?? spec.fallback
}

/** undefined: not a value of this kind, or outside its range. */
export function readValue(spec: LessonParameter, text: string): Setting | undefined {
  switch (spec.kind) {
    case 'integer':
    case 'real': {
      const value = text.trim() === '' ? NaN : Number(text)
      const isWhole = spec.kind === 'real' || Number.isInteger(value)
      return Number.isFinite(value) && isWhole && value >= (spec.minimum ?? -Infinity) && value <= (spec.maximum ?? Infinity) ? value : undefined
    }
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'choice':
      return spec.choices?.includes(text) ? text : undefined
    case 'text':
      return text
  }
}

export function writeValue(value: Setting): string {
  return String(value)
}

/** The value that a run with these settings uses. */
export function valueOf(spec: LessonParameter, { protocol, given }: RunSettings): Setting {
  const text = given[spec.name]
  return (text === undefined ? undefined : readValue(spec, text)) ?? defaultOf(spec, protocol)
}

export function allValues(spec: LessonSpec, settings: RunSettings): Record<string, Setting> {
  return Object.fromEntries(spec.parameters.map((parameter) => [parameter.name, valueOf(parameter, settings)]))
}

/** With one parameter set; a value that the protocol has anyway is none of the reader's. */
export function withValue(settings: RunSettings, spec: LessonParameter, value: Setting): RunSettings {
  const given = { ...settings.given, [spec.name]: writeValue(value) }
  return { ...settings, given: value === defaultOf(spec, settings.protocol) ? without(given, spec.name) : given }
}

export function withDefault(settings: RunSettings, name: string): RunSettings {
  return { ...settings, given: without(settings.given, name) }
}

function without(given: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => key !== name))
}

/** Settings that lead to a result's parameters. */
export function settingsOf(spec: LessonSpec, run: { protocol: Protocol; seed: number; parameters: Readonly<Record<string, Setting>> }): RunSettings {
  let settings: RunSettings = { protocol: run.protocol, seed: run.seed, given: {} }
  for (const parameter of spec.parameters) {
    const value = run.parameters[parameter.name]
    if (value !== undefined) settings = withValue(settings, parameter, value)
  }
  return settings
}

/** What the protocols set differently, in the specification's order. */
export function protocolDifferences(spec: LessonSpec): { parameter: LessonParameter; values: Record<Protocol, Setting> }[] {
  return spec.parameters
    .map((parameter) => {
      const values = Object.fromEntries(protocols.map((protocol) => [protocol, defaultOf(parameter, protocol)]))
      return { parameter, values: values as Record<Protocol, Setting> }
    })
    .filter(({ values }) => new Set(Object.values(values)).size > 1)
}

/** A model as the command line is told of it. */
export interface CommandModel {
  /** 'demo', or the name of a file of the reader's own. */
  name: string
  /** null: as the file has it. */
  format: NumberFormat | null
}

export const initialModel: CommandModel = { name: 'demo', format: null }

/** `soi lesson` with the same settings, for a POSIX shell. */
export function commandLine(spec: LessonSpec, { protocol, seed, given }: RunSettings, model: CommandModel): string {
  const words = ['tools/soi', 'lesson', spec.name]
  if (spec.needs_model) words.push('--model', quoted(model.name))
  if (spec.needs_model && model.format !== null) words.push('--format', model.format)
  words.push('--seed', String(seed))
  if (protocol !== 'corrected') words.push('--protocol', protocol)
  for (const [name, value] of Object.entries(given)) words.push('--set', quoted(`${name}=${escaped(spec, name, value)}`))
  return words.join(' ')
}

/** A text that begins with @ names a file there; one that begins with @@ begins with @. */
function escaped(spec: LessonSpec, name: string, value: string): string {
  const isText = spec.parameters.some((parameter) => parameter.name === name && parameter.kind === 'text')
  return isText && value.startsWith('@') ? `@${value}` : value
}

function quoted(word: string): string {
  return /^[\w=.,:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
