/** Whether what a file holds is a lesson's result, element by element: all that the page shows or computes with is looked at. */
import { type LessonParameter, type LessonSpec, numberFormats } from '../engine/engine'
import { largestSeed } from '../page/seed'
import { ledgerStrings } from '../page/strings/ledger'
import { protocols, readValue, writeValue } from './settings'

/** `where`: the path of the first element that is not what it must be: 'claims.0.verdict'. */
export class RunContentError extends Error {
  constructor(readonly where: string) {
    super(where)
  }
}

/** Throws RunContentError where the element at `where` is not as it must be. */
type Check = (value: unknown, where: string) => void

/** Throws RunContentError. Arrays are as a run's file holds them: a shape, and values in base64. */
export function checkResult(result: unknown, spec: Pick<LessonSpec, 'parameters'>): void {
  objectOf({
    lesson: text,
    protocol: oneOf(protocols),
    seed: that((value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= largestSeed),
    model: text,
    build: text,
    parameters: objectOf(Object.fromEntries(spec.parameters.map((parameter) => [parameter.name, valueOf(parameter)]))),
    figures: recordOf(objectOf({ value: (value, where) => (Array.isArray(value) ? listOf(numberOrNull) : numberOrNull)(value, where), unit: text })),
    controls: listOf(objectOf({ name: text, figure: text, values: listOf(numberOrNull), unit: text })),
    claims: listOf(claim),
    labels: recordOf(listOf(text)),
    arrays: recordOf(objectOf({ shape: listOf(that((size) => Number.isSafeInteger(size) && Number(size) >= 0)), values: text })),
    seconds: that((value) => Number.isFinite(value) && Number(value) >= 0),
  })(result, '')
}

/** Throws RunContentError. */
export function checkModel(model: unknown): void {
  objectOf({ name: text, fileBytes: that((value) => Number.isSafeInteger(value) && Number(value) >= 0), format: oneOf(numberFormats) })(model, 'model')
}

const text = that((value) => typeof value === 'string')
const numberOrNull = that((value) => value === null || Number.isFinite(value))

const claim = objectOf({
  id: text,
  document: text,
  measured: numberOrNull,
  chance: numberOrNull,
  chance_low: numberOrNull,
  chance_high: numberOrNull,
  verdict: oneOf(Object.keys(ledgerStrings.verdicts)),
  why: text,
})

function valueOf(parameter: LessonParameter): Check {
  return that((value) => ['number', 'boolean', 'string'].includes(typeof value) && readValue(parameter, writeValue(value as string)) === value)
}

function that(holds: (value: unknown) => boolean): Check {
  return (value, where) => {
    if (!holds(value)) throw new RunContentError(where)
  }
}

function oneOf(choices: readonly string[]): Check {
  return that((value) => choices.some((choice) => choice === value))
}

function listOf(check: Check): Check {
  return (value, where) => {
    if (!Array.isArray(value)) throw new RunContentError(where)
    value.forEach((each, index) => check(each, pathTo(where, String(index))))
  }
}

function recordOf(check: Check): Check {
  return (value, where) => {
    for (const [key, each] of Object.entries(asObject(value, where))) check(each, pathTo(where, key))
  }
}

function objectOf(checks: Readonly<Record<string, Check>>): Check {
  return (value, where) => {
    const object = asObject(value, where)
    for (const [key, check] of Object.entries(checks)) check(Object.hasOwn(object, key) ? object[key] : undefined, pathTo(where, key))
  }
}

function asObject(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RunContentError(where)
  return value as Record<string, unknown>
}

function pathTo(where: string, key: string): string {
  return where === '' ? key : `${where}.${key}`
}
