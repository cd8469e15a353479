/**
 * What the page may ask of the core. The only way in: pages hold no WASM memory and know no worker.
 * Every array that comes back is the caller's own copy. Positions, layers and heads count from 0.
 */
import type { CaptureRequest, GenerateRequest, InspectRequest, LoadRequest, ModelInfo } from './generated/messages'
import type { Variant } from './platform'

export { createEngine, type EngineOptions } from './client'
export { EngineError } from './error'
export type {
  CaptureRequest,
  GenerateRequest,
  InspectRequest,
  LoadRequest,
  ModelConfig,
  ModelInfo,
  NumberFormat,
} from './generated/messages'
export { numberFormats } from './generated/messages'
export type { ErrorCode, HookPoint } from './generated/names'
export { errorCodes, hookPoints } from './generated/names'
export type { Variant } from './platform'

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

export interface RunOptions {
  signal?: AbortSignal
  /** Fraction done, in [0, 1]. */
  onProgress?: (fraction: number) => void
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
  /** Ends the worker. Pending requests reject with code 'cancelled'. */
  close(): void
}
