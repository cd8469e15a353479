/**
 * What the page may ask of the core. The only way in: pages hold no WASM memory and know no worker.
 * Every array that comes back is the caller's own copy. Positions, layers and heads count from 0.
 */
import type { ErrorCode } from './generated/names'

export type Variant = 'simd' | 'simd-threads' | 'relaxed-threads'
export type NumberFormat = 'f32' | 'f16' | 'int8'

export interface BuildInfo {
  variant: Variant
  threads: number
}

export interface ModelConfig {
  nLayers: number
  nHeads: number
  dModel: number
  dHead: number
  dMlp: number
  nCtx: number
  nVocab: number
}

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
  /** The token's bytes; may not be valid UTF-8 alone. */
  bytes: Uint8Array
  logit: number
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

export interface InspectRequest {
  ids: number[]
  /** How many tokens of each distribution. */
  top: number
  /** Distribution at every layer and position by the logit lens, most probable `lensTop` tokens; 0: none. */
  lensTop: number
  /** Layers whose attention patterns are wanted. */
  patternLayers: number[]
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

export interface GenerateRequest {
  ids: number[]
  nTokens: number
  temperature: number
  topK: number
  topP: number
  seed: number
}

export interface Captured {
  shape: number[]
  values: Float32Array
}

export interface RunOptions {
  signal?: AbortSignal
  /** Fraction done, in [0, 1]. */
  onProgress?: (fraction: number) => void
}

/** What went wrong, as data: `web/page` says it in Vietnamese. A cancelled request rejects with code 'cancelled'. */
export class EngineError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string,
    readonly details: Record<string, string>,
  ) {
    super(message)
    this.name = 'EngineError'
  }
}

export interface Engine {
  readonly build: BuildInfo
  /**
   * Replaces the model. If it fails or is cancelled, the model that was there stays.
   * `format` unset: f32 for a file of floats, int8 for an int8 file.
   */
  loadModel(
    file: Blob,
    options: { name: string; format?: NumberFormat; configJson?: string },
    run?: RunOptions,
  ): Promise<ModelInfo>
  tokenize(text: string): Promise<Tokenized>
  inspect(request: InspectRequest, run?: RunOptions): Promise<InspectResult>
  /** Calls `onToken` for each token as it comes; resolves with all new ids, also those before a cancel. */
  generate(
    request: GenerateRequest,
    onToken: (token: RankedToken) => void,
    run?: RunOptions,
  ): Promise<{ ids: number[]; cancelled: boolean; seconds: number }>
  /** Hook name -> value. Memory is what is named. */
  capture(request: { ids: number[]; hooks: string[] }, run?: RunOptions): Promise<Map<string, Captured>>
  /** Ends the worker. Pending requests reject with code 'cancelled'. */
  close(): void
}
