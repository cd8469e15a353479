/**
 * A lesson's directives as HTML: what stands in the page before any script, and stays where there is none. The elements
 * (web/lesson) take it over.
 */
import type { LessonDefinition, PlotContext, Prediction } from '../lesson/define_lesson'
import type { LessonResult, LessonSpec } from '../engine/engine'
import { type ClaimMeta, ledgerHtml } from '../lesson/ledger_html'
import { fillCode } from '../lesson/python_code'
import { allValues, commandLine, initialModel, initialSettings } from '../lesson/settings'
import { codeStrings, frameStrings as strings, lessonRunStrings, predictionStrings } from '../page/strings/lesson'
import { escapeXml } from '../plots/figure_svg'
import { plotToHtml } from '../plots/plot_html'
import { type Directive, DirectiveError, type DirectiveHtml } from './directives'
import { thinDrawing } from './thin_drawing'

export interface LessonParts {
  definition: LessonDefinition
  spec: LessonSpec
  result: LessonResult
  metas: Readonly<Record<string, ClaimMeta>>
}

/** `used` collects what the text has placed: "plot khop". */
export function lessonDirectives(parts: LessonParts, used: Set<string>): Record<string, DirectiveHtml> {
  const { definition, spec, result, metas } = parts
  const context: PlotContext = { predictions: Object.fromEntries(Object.keys(definition.predictions ?? {}).map((name) => [name, null])) }
  let exercises = 0

  const find = <T>(kind: string, all: Record<string, T> | undefined, { argument, line }: Directive): T => {
    const found = all?.[argument]
    if (found === undefined) throw new DirectiveError(`lesson.ts has no ${kind} ${argument}; it has ${Object.keys(all ?? {}).join(', ')}`, line)
    if (used.has(`${kind} ${argument}`)) throw new DirectiveError(`${kind} ${argument} is in the text twice`, line)
    used.add(`${kind} ${argument}`)
    return found
  }

  return {
    prediction: {
      open(directive) {
        const names = Object.keys(definition.predictions ?? {})
        const argument = directive.argument === '' && names.length === 1 ? names[0]! : directive.argument
        return predictionHtml(argument, find('prediction', definition.predictions, { ...directive, argument }))
      },
    },
    controls: {
      open(directive) {
        find('controls', definition.controls, directive)
        return `<soi-controls group="${escapeXml(directive.argument)}"></soi-controls>\n`
      },
    },
    run: {
      open(directive) {
        once('run', directive, used)
        const model = result.model || lessonRunStrings.simulation
        return `<soi-lesson-run><p class="note">${escapeXml(lessonRunStrings.precomputed(model, result.seed))}</p></soi-lesson-run>\n`
      },
    },
    plot: {
      open(directive) {
        const plot = find('plot', definition.plots, directive)(result, context)
        return `<soi-lesson-plot class="wide" id="${escapeXml(directive.argument)}" name="${escapeXml(directive.argument)}">${plot ? thinDrawing(plotToHtml(plot)) : ''}</soi-lesson-plot>\n`
      },
    },
    figure: {
      open(directive) {
        const figure = find('figure', definition.figures, directive)()
        return `<div class="wide">${thinDrawing(plotToHtml(figure))}</div>\n`
      },
    },
    ledger: {
      open(directive) {
        once('ledger', directive, used)
        return `<soi-ledger class="wide">${ledgerHtml(result, { metas, claimPlots: definition.claimPlots ?? {} })}</soi-ledger>\n`
      },
    },
    code: {
      open(directive) {
        once('code', directive, used)
        return `<soi-code>${codeHtml(definition, spec)}</soi-code>\n`
      },
    },
    note: { open: () => '<aside class="note">', close: () => '</aside>\n' },
    correction: { open: () => `<div class="correction" role="note" aria-label="${strings.correction}"><p class="correction-head">${strings.correction}</p>`, close: () => '</div>\n' },
    exercise: {
      open({ argument }) {
        const title = argument === '' ? '' : `. ${escapeXml(argument)}`
        return `<section class="exercise"><h3><span class="exercise-number">${strings.exercise(++exercises)}</span>${title}</h3>`
      },
      close: () => '</section>\n',
    },
    hint: { open: () => `<details class="hint"><summary>${strings.hint}</summary>`, close: () => '</details>\n' },
    answer: { open: () => `<details class="answer"><summary>${strings.answer}</summary>`, close: () => '</details>\n' },
    'change-mind': { open: () => '<div class="change-mind">', close: () => '</div>\n' },
  }
}

function once(name: string, { line }: Directive, used: Set<string>): void {
  if (used.has(name)) throw new DirectiveError(`${name} is in the text twice`, line)
  used.add(name)
}

function predictionHtml(name: string, { question, note }: Prediction): string {
  return (
    `<soi-prediction name="${escapeXml(name)}"><p class="prediction-head">${predictionStrings.title}</p>` +
    `<p class="prediction-question">${escapeXml(question)}</p>${note === undefined ? '' : `<p class="note">${escapeXml(note)}</p>`}</soi-prediction>\n`
  )
}

function codeHtml(definition: LessonDefinition, spec: LessonSpec): string {
  const values = { ...allValues(spec, initialSettings), seed: initialSettings.seed, protocol: initialSettings.protocol }
  return (
    `<h3>${codeStrings.python}</h3><pre tabindex="0"><code>${escapeXml(fillCode(definition.code, values))}</code></pre>` +
    `<h3>${codeStrings.command}</h3><pre tabindex="0"><code>${escapeXml(commandLine(spec, initialSettings, initialModel))}</code></pre>`
  )
}
