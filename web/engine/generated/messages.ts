// Generated from wasm/protocol.h by tools/generate. Do not edit.

export const numberFormats = [
  'f32',
  'f16',
  'int8',
] as const
export type NumberFormat = (typeof numberFormats)[number]

/** The sizes of a GPT-2. */
export interface ModelConfig {
  nLayers: number
  nHeads: number
  dModel: number
  dHead: number
  dMlp: number
  nCtx: number
  nVocab: number
}

/** A checkpoint, whose bytes come apart. */
export interface LoadRequest {
  /** Shown to the reader; not looked up. */
  name: string
  /** How matrices are held; unset: f32 for a file of floats, int8 for an int8 file. */
  format?: NumberFormat
  /** The text of a config.json, if there is one. */
  configJson?: string
}

/** What was loaded. */
export interface ModelInfo {
  name: string
  config: ModelConfig
  /** How matrices are held in memory. */
  format: NumberFormat
  /** Bytes of the checkpoint file. */
  fileBytes: number
  /** Bytes that the weights hold in memory. */
  weightBytes: number
  /** Bytes of the whole WASM memory now. */
  heapBytes: number
  /** Seconds that loading took. */
  seconds: number
}

export type VocabularyRequest = Record<string, never>

/** The bytes of every token. */
export interface Vocabulary {
  /** All tokens' bytes, one after the other. */
  bytes: Uint8Array
  /** [50257]: where each token's bytes end. */
  ends: Int32Array
}

export interface TokenizeRequest {
  /** In UTF-8. */
  text: Uint8Array
  /** Whether <|endoftext|> is the one token 50256; else it is ordinary text. */
  special: boolean
}

export interface TokenColumns {
  /** [T] */
  ids: Int32Array
  /** [T]: where each token's bytes end in the text's UTF-8; the first begins at 0. */
  ends: Int32Array
  /** Index of the first token of each group of tokens that together are whole characters. */
  groups: Int32Array
}

/** The most probable tokens of some distributions. */
export interface Ranking {
  nRows: number
  /** [nRows, top], most probable first. */
  ids: Int32Array
  /** [nRows, top] */
  logits: Float32Array
  /** [nRows, top], of the whole distribution. */
  probabilities: Float32Array
}

export interface InspectRequest {
  ids: number[]
  /** How many tokens of each distribution. */
  top: number
  /** Distribution at every layer and position by the logit lens, most probable `lensTop` tokens; 0: none. */
  lensTop: number
  /** Layers whose attention patterns are wanted. */
  patternLayers: number[]
}

export interface InspectColumns {
  /** A row for each of the T positions. */
  next: Ranking
  /** [T], in nats. */
  entropies: Float32Array
  /** [T - 1]: of the token that really follows. */
  actualProbabilities: Float32Array
  /** [T - 1]: its rank, from 1; equal logits share the better rank. */
  actualRanks: Int32Array
  /** [nLayers + 1, T] rows: before each block, and after the last one. */
  lens: Ranking
  /** One for each of `patternLayers`: [nHeads, T, T], head, query, key. */
  patterns: Float32Array[]
  seconds: number
}

export interface GenerateRequest {
  ids: number[]
  /** How many to draw; fewer come where the context is full before. */
  nTokens: number
  /** 0: always the most probable token. */
  temperature: number
  /** Draw among so many; 0: all. */
  topK: number
  /** Draw among the fewest that hold so much probability, in (0, 1]. */
  topP: number
  /** A whole number from 0. */
  seed: number
}

export interface GeneratedToken {
  id: number
  logit: number
  /** Of the model's own distribution, before temperature, top-k and top-p. */
  probability: number
}

/** All tokens that were drawn, also those before a cancel. */
export interface Generated {
  /** The new tokens. */
  ids: number[]
  cancelled: boolean
  seconds: number
}

/** Values at hooks; memory is what is named. */
export interface CaptureRequest {
  ids: number[]
  hooks: string[]
}

export interface CapturedValue {
  shape: number[]
  /** Row-major. */
  values: Float32Array
}

export interface CapturedValues {
  /** In the order of the request's `hooks`. */
  values: CapturedValue[]
}

export type LessonsRequest = Record<string, never>

/** The lessons' parameters. */
export interface Lessons {
  /** See core/experiments/describe.h. */
  json: string
}

/** A lesson's experiment. */
export interface LessonRequest {
  name: string
  /** notebook, document or corrected. */
  protocol: string
  /** A whole number from 0. */
  seed: number
  /** Parameters by name, as a reader types them; the rest are the protocol's. */
  settings: Record<string, string>
}

/** Points that were observed since the last such event. */
export interface LessonPoints {
  /** The series that each point belongs to. */
  series: string[]
  steps: Float64Array
  values: Float64Array
}

export interface LessonOutcome {
  /** Everything but the arrays' values, as `soi lesson --json` prints it. */
  json: string
  /** The arrays'. */
  names: string[]
  /** In the order of `names`. */
  arrays: CapturedValue[]
}

/** Requests to the core: events come while one runs, the result at its end. */
export interface Requests {
  vocabulary: { request: VocabularyRequest; event: never; result: Vocabulary }
  tokenize: { request: TokenizeRequest; event: never; result: TokenColumns }
  inspect: { request: InspectRequest; event: never; result: InspectColumns }
  generate: { request: GenerateRequest; event: GeneratedToken; result: Generated }
  capture: { request: CaptureRequest; event: never; result: CapturedValues }
  lessons: { request: LessonsRequest; event: never; result: Lessons }
  lesson: { request: LessonRequest; event: LessonPoints; result: LessonOutcome }
}
