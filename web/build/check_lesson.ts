/** What must agree between a lesson's text, its lesson.ts and its experiment. Each fault is one sentence. */
import type { LessonDefinition } from '../lesson/define_lesson'
import type { LessonResult, LessonSpec } from '../engine/engine'

export interface LessonFaults {
  /** The build fails. */
  errors: string[]
  /** The build says so. */
  warnings: string[]
}

/** Settings of the command line alone. */
const commandLineOnly: ReadonlySet<string> = new Set(['keep_initial'])

/** `used`: what the text has placed, as lesson_parts.ts collects it. */
export function checkLesson(definition: LessonDefinition, spec: LessonSpec, result: LessonResult, used: ReadonlySet<string>): LessonFaults {
  const errors: string[] = []
  const warnings: string[] = []
  const parameters = new Map(spec.parameters.map((parameter) => [parameter.name, parameter]))
  const controlled = new Set<string>()
  for (const [group, { controls }] of Object.entries(definition.controls)) {
    for (const { parameter: name, choices } of controls) {
      const parameter = parameters.get(name)
      if (!parameter) errors.push(`controls ${group}: ${spec.name} has no parameter ${name}; it has ${[...parameters.keys()].join(', ')}`)
      if (controlled.has(name)) errors.push(`controls ${group}: ${name} has another control already`)
      controlled.add(name)
      const wordless = parameter?.kind === 'choice' ? parameter.choices?.filter((choice) => choices?.[choice] === undefined) : []
      if (wordless && wordless.length > 0) errors.push(`controls ${group}: ${name} lacks words for ${wordless.join(', ')}`)
    }
  }
  const free = [...parameters.keys()].filter((name) => !controlled.has(name) && !commandLineOnly.has(name))
  if (free.length > 0) warnings.push(`no control for ${free.join(', ')}`)

  const placed = (kind: string, names: readonly string[]) => names.filter((name) => !used.has(`${kind} ${name}`))
  for (const [kind, all] of [
    ['plot', definition.plots],
    ['controls', definition.controls],
    ['prediction', definition.predictions ?? {}],
    ['figure', definition.figures ?? {}],
  ] as const) {
    for (const name of placed(kind, Object.keys(all))) errors.push(`${kind} ${name} is nowhere in lesson.md`)
  }
  for (const name of ['run', 'ledger', 'code']) if (!used.has(name)) errors.push(`lesson.md has no ::: ${name}`)

  const claims = new Set(result.claims.map(({ id }) => id))
  for (const [claim, plot] of Object.entries(definition.claimPlots ?? {})) {
    if (!claims.has(claim)) errors.push(`claimPlots: claims.json has no ${claim}`)
    if (definition.plots[plot] === undefined) errors.push(`claimPlots: ${claim} leads to a plot ${plot} that is not there`)
  }
  return { errors, warnings }
}
