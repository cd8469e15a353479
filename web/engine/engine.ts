/**
 * What the page may ask of the core. The only way in: pages hold no WASM memory and know no worker.
 * Every array that comes back is the caller's own copy. Positions, layers and heads count from 0.
 */
import type {
  CaptureRequest,
  GenerateRequest,
  InspectRequest,
  LessonRequest,
  LoadRequest,
  ModelInfo,
} from './generated/messages'
import type { Variant } from './platform'

export { createEngine, type EngineOptions } from './client'
export { EngineError } from './error'
export type {
  CaptureRequest,
  GenerateRequest,
  InspectRequest,
  LessonRequest,
  LoadRequest,
  ModelConfig,
  ModelInfo,
  NumberFormat,
} from './generated/messages'
export { numberFormats } from './generated/messages'
export type { ErrorCode, HookPoint } from './generated/names'
export { errorCodes, hookPoints } from './generated/names'
export { type Features, type Variant, detectFeatures } from './platform'

export interface BuildInfo {
  variant: Variant
  threads: number
}

export interface TokenPiece {
  id: number
  /** Bytes [begin, end) of the text in UTF-8. */
  begin: number
  end: number
  bytes: Uint8Array
}

export interface Tokenized {
  tokens: TokenPiece[]
  /** Index of the first token of each group of tokens that together are whole characters. */
  groups: number[]
}

export interface RankedToken {
  id: number
  /** The token's bytes; may not be valid UTF-8 alone. Empty for an id beyond GPT-2's vocabulary. */
  bytes: Uint8Array
  logit: number
  /** Of the model's whole distribution, before temperature, top-k and top-p. */
  probability: number
}

export interface NextToken {
  /** Most probable first. */
  top: RankedToken[]
  /** Of the whole distribution, in nats. */
  entropy: number
  /** Probability of the token that really follows in the text, and its rank from 1; null at the last position. */
  actual: { probability: number; rank: number } | null
}

export interface InspectResult {
  /** One for each position. */
  next: NextToken[]
  /** [layer][position]: the stream before block `layer`, and after the last block at layer = nLayers. */
  lens: RankedToken[][][]
  /** layer -> [nHeads, T, T], row-major: head, query, key. */
  patterns: Map<number, Float32Array>
  seconds: number
}

export interface Captured {
  shape: number[]
  values: Float32Array
}

export type Setting = number | boolean | string

/** A knob of a lesson's experiment; its fields are spelled as in `soi lesson --list --json`. */
export interface LessonParameter {
  name: string
  kind: 'integer' | 'real' | 'boolean' | 'choice' | 'text'
  fallback: Setting
  /** Inclusive; of 'integer' and 'real'. */
  minimum?: number
  maximum?: number
  /** Empty for pure numbers. */
  unit: string
  /** Of 'choice'. */
  choices?: string[]
  /** One line, English. */
  meaning: string
  /** Where a protocol's value is not the fallback. */
  by_protocol: Partial<Record<Protocol, Setting>>
}

export type Protocol = 'notebook' | 'document' | 'corrected'

export interface LessonSpec {
  name: string
  /** In lessons/. */
  folder: string
  needs_model: boolean
  /** What a run may start from, on the command line: `soi lesson NAME --initial DIR`. */
  initial_values: string[]
  parameters: LessonParameter[]
}

export type Verdict = 'agrees' | 'differs' | 'chance' | 'untestable' | 'interpretation' | 'parameter'

/** One line of the ledger. */
export interface LessonClaim {
  id: string
  /** The document's figure or statement. */
  document: string
  measured: number | null
  /** Mean of the control, and its 2.5 % and 97.5 % quantiles where it was repeated. */
  chance: number | null
  chance_low: number | null
  chance_high: number | null
  verdict: Verdict
  /** A sentence in Vietnamese. */
  why: string
}

/** What `soi lesson --json` prints, and the arrays. Numbers that are not finite are null. */
export interface LessonResult {
  lesson: string
  protocol: Protocol
  seed: number
  /** As it was named when it was loaded; empty for a simulation. */
  model: string
  /** 'native', or the variant with 'wasm-' before it. */
  build: string
  parameters: Record<string, Setting>
  figures: Record<string, { value: number | null | (number | null)[]; unit: string }>
  controls: { name: string; figure: string; values: (number | null)[]; unit: string }[]
  claims: LessonClaim[]
  labels: Record<string, string[]>
  arrays: Map<string, Captured>
  seconds: number
}

export interface RunOptions {
  signal?: AbortSignal
  /** Fraction done, in [0, 1]. */
  onProgress?: (fraction: number) => void
}

export interface LessonOptions extends RunOptions {
  /** A point of a series that grows while the experiment runs (a loss, a target's activation). */
  onPoint?: (series: string, step: number, value: number) => void
}

/** Requests may be made at any time, also while others run: they share the threads. */
export interface Engine {
  readonly build: BuildInfo
  /** What `loadModel` last brought; null before. */
  readonly model: ModelInfo | null
  /**
   * Replaces the model. If it fails or is cancelled, the model that was there stays. Requests made before it resolves
   * go to the old model.
   */
  loadModel(file: Blob, options: LoadRequest, run?: RunOptions): Promise<ModelInfo>
  /** `special`: <|endoftext|> is the one token 50256; else it is ordinary text. */
  tokenize(text: string, options?: { special?: boolean }): Promise<Tokenized>
  inspect(request: InspectRequest, run?: RunOptions): Promise<InspectResult>
  /**
   * Calls `onToken` for each token as it comes; resolves with all new ids, also those before a cancel. They are fewer
   * than asked for where the model's context is full.
   */
  generate(
    request: GenerateRequest,
    onToken: (token: RankedToken) => void,
    run?: RunOptions,
  ): Promise<{ ids: number[]; cancelled: boolean; seconds: number }>
  /** Hook name -> value. Memory is what is named. */
  capture(request: CaptureRequest, run?: RunOptions): Promise<Map<string, Captured>>
  /** The lessons' experiments and their parameters. Needs no model. */
  lessons(): Promise<LessonSpec[]>
  /**
   * Runs a lesson's experiment: seconds or minutes. One runs at a time, the next ones wait. A cancel takes effect at
   * once. Without threads, other requests are answered when it has ended, and a cancel loads the model again. Rejects
   * with 'model_missing', or with 'invalid_argument' and the parameter's name, value and range in the details.
   */
  runLesson(request: LessonRequest, options?: LessonOptions): Promise<LessonResult>
  /** Ends the worker. Pending requests reject with code 'cancelled'. */
  close(): void
}
