/**
 * What a lesson gives to have a plot: data and words, no pixels. plot.ts lays it out for a width, `<soi-plot>` shows it,
 * plotToSvg draws it where there is no page. Every number is raw (decimal point, no percent): the plot formats it.
 *
 * A training curve beside chance, with what the reader guessed and what the document says:
 *
 *   { kind: 'line', name: 'mat-mat', lead: 'MSE giảm nhanh, L1 tăng rồi mới giảm.', caption: 'Mô hình demo, seed 1, n = 3.000.',
 *     x: { label: 'bước huấn luyện', format: 'count', domain: [0, 600] },        // a known end: nothing jumps while it grows
 *     y: { label: 'hàm mất mát', scale: 'log' },
 *     series: [{ label: 'MSE', form: 'measured', y: mse }, { label: 'L1', form: 'group-a', y: l1 },
 *              { label: 'bạn vẽ', form: 'prediction', x: [0, 600], y: [1, 0.1] }],
 *     levels: [{ form: 'chance', label: 'mức ngẫu nhiên', value: 0.31, low: 0.28, high: 0.34 }] }
 *
 * Drift by layer: the same with `draw: 'line-dots'`, `x: { label: 'khối', format: 'count' }` and
 *   verticals: [{ form: 'threshold', label: 'khối bị sửa', value: 4 }]
 *
 * Two groups:       { kind: 'scatter', ..., x, y, groups: [{ label: 'him', form: 'group-a', x: [...], y: [...] }, ...] }
 * A distribution:   { kind: 'histogram', ..., x: { label: 'cosin lớn nhất' }, series: [
 *                       { label: 'đo được', form: 'measured', values }, { label: 'vectơ ngẫu nhiên', form: 'chance', values: random }],
 *                     levels: [{ form: 'document', label: 'tài liệu', value: 0.17 }] }
 * One row a figure: { kind: 'dots', ..., x: { label: 'tỉ lệ', format: 'percent' }, rows: [{ label: 'mật độ', values: [
 *                       { form: 'measured', value: 0.21, low: 0.18, high: 0.24 }, { form: 'chance', value: 0.5, low: 0.46, high: 0.54 },
 *                       { form: 'document', value: 0.065 }, { form: 'prediction', value: 0.3 }] }] }
 * Scree:            { kind: 'spectrum', ..., x: { label: 'thành phần' }, y: { label: 'tỉ lệ phương sai', format: 'percent' },
 *                     values: shares, cumulative: true, threshold: { label: '99 %', value: 0.99 } }
 * Heat map:         { kind: 'heat-map', ..., rows: { label: 'token', count: 220, names: tokens }, columns: { label: 'đơn vị ẩn', count: 6144 },
 *                     values, value: { label: 'giá trị kích hoạt' }, map: 'sequential' }
 * Before and after: { kind: 'matrices', ..., rows, columns, panels: [{ label: 'trước', values: before }, { label: 'sau', values: after }],
 *                     difference: 'sau trừ trước', value: { label: 'hiệp phương sai' }, map: 'diverging' }
 * Tokens:           { kind: 'tokens', ..., tokens: [' him', ...], values, value: { label: 'hình chiếu' }, map: 'diverging' }
 */
import type { ColourMap } from './figure'

/** An array, or a typed one. */
export type Numbers = ArrayLike<number> & Iterable<number>

/**
 * What a mark says, the same in every plot: measured here (solid, accent), two groups (hue and shape), chance (grey band,
 * dashed line), the document's figure (hollow diamond), the reader's prediction (dotted). `soft`: context, in thin ink.
 */
export type Form = 'measured' | 'group-a' | 'group-b' | 'soft' | 'chance' | 'document' | 'prediction'

/** `percent`: 0.17 is written 17 %; `count`: whole numbers. */
export type NumberFormat = 'number' | 'count' | 'percent'

export interface Quantity {
  /** In Vietnamese, small letters: "giá trị kích hoạt". */
  label: string
  unit?: string
  format?: NumberFormat
}

export interface Axis extends Quantity {
  scale?: 'linear' | 'log'
  /** Ends that are known beforehand; null: from the data. */
  domain?: readonly [low: number | null, high: number | null]
  /** Whether 0 is to be seen even where no value is near it. */
  zero?: boolean
  /** Name of each whole number from 0: layers, words. */
  names?: readonly string[]
  /** Whether x is a position of the text: choosing a point then selects its token on the whole page. */
  positions?: boolean
}

/** One value as a line across the plot, with its number; `low`, `high`: its band (chance). */
export interface Level {
  form: 'chance' | 'document' | 'prediction' | 'threshold'
  label: string
  value: number
  low?: number
  high?: number
}

interface PlotBase {
  /** In ASCII: file name of what is saved. */
  name: string
  /** The sentence above the plot: what to see. */
  lead: string
  /** The line under it: how it was made (model, seed, n). */
  caption?: string
}

interface CartesianBase extends PlotBase {
  x: Axis
  y: Axis
  /** Values on the y axis. */
  levels?: readonly Level[]
  /** Values on the x axis. */
  verticals?: readonly Level[]
}

export interface LineSeries {
  label: string
  form: Form
  /** Ascending; 0, 1, 2, ... where not given. */
  x?: Numbers
  /** NaN: a gap. */
  y: Numbers
  /** A band about the line, as long as `y`. */
  low?: Numbers
  high?: Numbers
  /** 'line' where not given; the document's values are diamonds whatever this says. */
  draw?: 'line' | 'line-dots' | 'dots' | 'stems' | 'steps'
}

export interface LinePlot extends CartesianBase {
  kind: 'line'
  series: readonly LineSeries[]
}

export interface ScatterGroup {
  label: string
  form: Form
  x: Numbers
  y: Numbers
  /** Of each point: a token, a sentence. */
  names?: readonly string[]
}

export interface ScatterPlot extends CartesianBase {
  kind: 'scatter'
  groups: readonly ScatterGroup[]
  /** The line y = x. */
  diagonal?: boolean
}

export interface HistogramSeries {
  label: string
  form: Form
  values: Numbers
}

export interface HistogramPlot extends PlotBase {
  kind: 'histogram'
  x: Axis
  series: readonly HistogramSeries[]
  /** About how many bins; ends fall on round numbers. */
  bins?: number
  /** Values on the x axis. */
  levels?: readonly Level[]
  /** What is counted: "đơn vị ẩn". With several series of different lengths the axis shows shares. */
  counted?: string
}

export interface DotValue {
  form: Form
  value: number
  /** An interval: of seeds, of a permutation null. */
  low?: number
  high?: number
}

export interface DotRow {
  label: string
  values: readonly DotValue[]
  /** For figures of different units in one plot: the row's own ends and format; its numbers are written beside it. */
  own?: { domain?: readonly [number, number]; format?: NumberFormat; unit?: string }
}

export interface DotPlot extends PlotBase {
  kind: 'dots'
  x: Axis
  rows: readonly DotRow[]
  /** The first measured or grouped values as bars from 0. */
  bars?: boolean
  /** What the forms are called in this plot, where "đo được", "mức ngẫu nhiên", "tài liệu", "bạn đoán" do not say it. */
  formLabels?: Partial<Record<Form, string>>
}

export interface SpectrumPlot extends PlotBase {
  kind: 'spectrum'
  x: Axis
  y: Axis
  /** Eigenvalues or shares, largest first. */
  values: Numbers
  /** The same under the null: a line, or a band of `low` to `high`. */
  chance?: { label: string; values: Numbers; low?: Numbers; high?: Numbers }
  /** Adds the line of cumulative sums: for shares, which sum to 1. */
  cumulative?: boolean
  /** On the cumulative line: the first component that reaches it is marked. */
  threshold?: { label: string; value: number }
  /** Number of components drawn; all of them where not given. */
  shown?: number
}

export interface MatrixAxis {
  label: string
  count: number
  names?: readonly string[]
  /** Whether its indices are positions of the text: choosing a cell then selects its token on the whole page. */
  positions?: boolean
}

interface MatrixBase extends PlotBase {
  rows: MatrixAxis
  columns: MatrixAxis
  value: Quantity
  map: ColourMap
  /** Value of the strongest colour: [0, range], or [-range, range]. The largest magnitude where not given. */
  range?: number
}

export interface HeatMapPlot extends MatrixBase {
  kind: 'heat-map'
  /** Row-major [rows.count, columns.count]; NaN: no value. */
  values: Numbers
}

export interface MatricesPlot extends MatrixBase {
  kind: 'matrices'
  /** Two or three matrices on one scale. */
  panels: readonly { label: string; values: Numbers }[]
  /** Label of a further panel: the last minus the first, on a scale of its own. */
  difference?: string
}

export interface TokensPlot extends PlotBase {
  kind: 'tokens'
  /** Each token's text, or its bytes where it may be a part of a character. */
  tokens: readonly (string | { bytes: Uint8Array })[]
  /** First token of each group of tokens that are whole characters only together; each alone where not given. */
  groups?: readonly number[]
  values: Numbers
  value: Quantity
  map: ColourMap
  range?: number
}

export type PlotSpec =
  | LinePlot
  | ScatterPlot
  | HistogramPlot
  | DotPlot
  | SpectrumPlot
  | HeatMapPlot
  | MatricesPlot
  | TokensPlot
