/**
 * What a lesson's lesson.ts tells the framework. Its prose is lesson.md; its experiment is C++; here stand the words of
 * its controls, the reader's predictions, and how a result becomes plots.
 *
 *     // lessons/01-sae-mo-phong/lesson.ts
 *     import { defineLesson, numberOf, seriesOf } from '../../web/lesson/define_lesson'
 *     import code from './code.py?raw'
 *
 *     export default defineLesson({
 *       experiment: 'sae-simulation',
 *       code,
 *       controls: {
 *         // `::: controls huan-luyen` in lesson.md puts this group there: beside the plot that it changes.
 *         'huan-luyen': {
 *           title: 'Huấn luyện',
 *           controls: [
 *             { parameter: 'l1_weight', label: 'Hệ số phạt L1', form: 'slider', maximum: 4, help: '0: không phạt.' },
 *             { parameter: 'activation', label: 'Hàm kích hoạt', choices: { relu: 'ReLU', gelu: 'GELU', linear: 'tuyến tính' } },
 *           ],
 *         },
 *       },
 *       predictions: {
 *         // `::: prediction r` in lesson.md; without a name where there is only one.
 *         r: {
 *           kind: 'slider',
 *           question: 'Mạng chưa huấn luyện sẽ khớp nguồn kém hơn đến đâu?',
 *           minimum: 0, maximum: 1, step: 0.01, quantity: '|r|',
 *           measured: (result) => numberOf(result, 'best_r.lower'),
 *         },
 *       },
 *       plots: {
 *         // `::: plot khop`; the PlotSpec holds its lead sentence, axes and caption: see web/plots/plot_spec.ts.
 *         khop: (result, { predictions }) => ({ kind: 'dots', ... }),
 *       },
 *       // `::: figure hinh-thoi`: a drawing that needs no run.
 *       figures: { 'hinh-thoi': () => ({ ... }) },
 *       // Drawn under `::: run` while the run goes on, from what the experiment observes.
 *       live: [(series) => ({ kind: 'line', ... series.get('reconstruction') ... })],
 *       // Lines of the ledger lead to the plot that shows them.
 *       claimPlots: { 'SAE1-20': 'khop' },
 *     })
 *
 * Rules
 * - This file runs in Node.js when the site is built and in the browser: no `document` or `window` while it is loaded, nor
 *   in `plots`, `figures`, `live` and `measured`. These are pure functions: same result in, same plot out.
 * - Kinds, ranges, units and defaults of parameters come from the experiment in C++; `minimum`, `maximum` and `step` here
 *   may narrow what a slider offers. A number field still takes the whole range. The build fails where a name is unknown.
 * - Each parameter of the experiment should be in one group; which are not, the build says (as a warning).
 * - `plots` may return null where the result has nothing to draw (a control was switched off); the place is then empty.
 * - What is measured, what the document says, what chance gives and what the reader guessed have one form each, in all
 *   plots: see web/plots/plot_spec.ts. Hand the reader's guess on to the plot: `predictions.NAME`, null where skipped.
 * - code.py is Python with `{{parameter}}` for each value, `{{seed}}` and `{{protocol}}`: numbers, True, False and quoted
 *   strings are put in; `{{load_gpt2}}` is load_gpt2.ts. A text parameter that the reader has left empty is `''`: begin with
 *   a default of your own. After a change run tools/oracles/lessons.
 * - In lesson.md, `{{figure:NAME|format}}` puts a single measured number into a sentence. It follows the reader's runs.
 */
import type { PlotSpec } from '../plots/plot_spec'
import type { LessonResult } from '../engine/engine'

export type { LessonResult } from '../engine/engine'

export interface LessonDefinition {
  /** The experiment's name in C++. */
  experiment: string
  controls: Record<string, ControlGroup>
  predictions?: Record<string, Prediction>
  plots: Record<string, (result: LessonResult, context: PlotContext) => PlotSpec | null>
  figures?: Record<string, () => PlotSpec>
  live?: ((series: LiveSeries, context: LiveContext) => PlotSpec | null)[]
  /** Claim's id -> the name of the plot that shows it. */
  claimPlots?: Record<string, string>
  /** The text of code.py. */
  code: string
}

export function defineLesson(definition: LessonDefinition): LessonDefinition {
  return definition
}

export interface ControlGroup {
  title: string
  /** One sentence under the title. */
  note?: string
  controls: Control[]
}

export interface Control {
  /** Of the experiment. */
  parameter: string
  label: string
  help?: string
  /** Shown behind the value; unset: as the experiment has it. */
  unit?: string
  /**
   * Unset: a number field for numbers, a choice, a switch, one line of text.
   * 'passage': several lines of prose; 'pairs': several lines, one pair each, as a table would have them.
   */
  form?: 'slider' | 'number' | 'passage' | 'pairs' | 'line'
  minimum?: number
  maximum?: number
  step?: number
  /** A slider whose steps are even in the logarithm. */
  logarithmic?: boolean
  /** Words for values: of a choice (all of them), or of a number that means something: { '-1': 'giữa mô hình' }. */
  choices?: Record<string, string>
  /** What an empty text parameter stands for: shown in the editor, sent only where the reader changes it. */
  initialText?: string
}

export type Prediction = SliderPrediction | ChoicePrediction | CurvePrediction

interface CommonPrediction {
  question: string
  /** One sentence beside: what the guess is about, a scale to go by. */
  note?: string
  /** What to say once it is measured; unset: the guess and the figure, side by side. */
  answer?: (result: LessonResult, guess: Guess) => string
}

/** A number, found by one drag. */
export interface SliderPrediction extends CommonPrediction {
  kind: 'slider'
  minimum: number
  maximum: number
  step: number
  /** What the number is: "|r|", "% số token". */
  quantity: string
  /** As in `{{figure:NAME|format}}`. */
  format?: string
  measured: (result: LessonResult) => number | null
}

export interface ChoicePrediction extends CommonPrediction {
  kind: 'choice'
  options: { value: string; label: string }[]
  /** The option that turned out right; null where none can be told. */
  measured: (result: LessonResult) => string | null
}

/** A curve, drawn by one stroke. */
export interface CurvePrediction extends CommonPrediction {
  kind: 'curve'
  x: CurveAxis
  y: CurveAxis
  /** Points in the order of x. */
  measured: (result: LessonResult) => [x: number, y: number][]
}

export interface CurveAxis {
  label: string
  minimum: number
  maximum: number
}

/** Of a slider: the number; of a choice: the option's value; of a curve: points in the order of x. */
export type Guess = number | string | [x: number, y: number][]

export interface PlotContext {
  /** By name; null where the reader has not guessed, or has skipped it. */
  predictions: Readonly<Record<string, Guess | null>>
}

/** By the experiment's name for the series: its points so far. */
export type LiveSeries = ReadonlyMap<string, { steps: readonly number[]; values: readonly number[] }>

export interface LiveContext extends PlotContext {
  /** What the run was started with. */
  parameters: Readonly<LessonResult['parameters']>
}

/** A single figure of a result. Throws where there is none: the build then fails rather than the page. */
export function numberOf(result: LessonResult, figure: string): number | null {
  const value = figureOf(result, figure)
  if (Array.isArray(value)) throw new Error(`${figure} is a series, not a number`)
  return value
}

/** A figure that is a series; null stands for what is not a number. */
export function seriesOf(result: LessonResult, figure: string): (number | null)[] {
  const value = figureOf(result, figure)
  if (!Array.isArray(value)) throw new Error(`${figure} is a number, not a series`)
  return value
}

function figureOf(result: LessonResult, figure: string) {
  const found = result.figures[figure]
  if (!found) throw new Error(`${result.lesson} has no figure ${figure}; it has ${Object.keys(result.figures).join(', ')}`)
  return found.value
}

/** What chance, or a simpler method, gives for a figure: its values over repetitions. */
export function controlOf(result: LessonResult, name: string, figure: string): (number | null)[] {
  const found = result.controls.find((control) => control.name === name && control.figure === figure)
  if (!found) throw new Error(`${result.lesson} has no control ${name} of ${figure}`)
  return found.values
}

export function arrayOf(result: LessonResult, name: string): { shape: number[]; values: Float32Array } {
  const found = result.arrays.get(name)
  if (!found) throw new Error(`${result.lesson} has no array ${name}; it has ${[...result.arrays.keys()].join(', ')}`)
  return found
}
