/** What this browser can do, and which build of the core to take. No other file asks. */
import { EngineError } from './error'

export type Variant = 'simd' | 'simd-threads' | 'relaxed-threads'

export interface Features {
  /** 128-bit SIMD, and exceptions, which came to every browser no later than SIMD did. */
  simd: boolean
  relaxedSimd: boolean
  /** Memory shared between workers: needs cross-origin isolation. */
  sharedMemory: boolean
  /** Logical processors. */
  processors: number
}

export interface PlatformWishes {
  /** Relaxed SIMD: faster, and its numbers differ from browser to browser. Taken where it can be had. */
  relaxed?: boolean
  /** Unset: as many as the machine has processors, at most 8. */
  threads?: number
}

export interface Build {
  variant: Variant
  threads: number
}

// Beyond these the memory bus is the limit, and a phone's slow cores hold up the fast ones.
const mostThreads = 8

/** Throws 'simd_missing'. */
export function chooseBuild(features: Features, wishes: PlatformWishes = {}): Build {
  if (!features.simd) {
    throw new EngineError(
      'simd_missing',
      'This browser has no WebAssembly SIMD.',
      'Use Chrome or Edge 95, Firefox 100, Safari 16.4, or newer.',
    )
  }
  const wished = wishes.threads ?? Math.min(features.processors, mostThreads)
  const threads = features.sharedMemory ? Math.max(1, Math.trunc(wished)) : 1
  if (wishes.relaxed && features.relaxedSimd && features.sharedMemory) return { variant: 'relaxed-threads', threads }
  return threads > 1 ? { variant: 'simd-threads', threads } : { variant: 'simd', threads: 1 }
}

export function detectFeatures(): Features {
  return {
    simd: validates(simdModule) && validates(exceptionsModule),
    relaxedSimd: validates(relaxedSimdModule),
    sharedMemory: canShareMemory(),
    processors: navigator.hardwareConcurrency,
  }
}

/** The core's shared memory declares 4 GB: some phones refuse to reserve so much. */
function canShareMemory(): boolean {
  if (!globalThis.crossOriginIsolated || typeof SharedArrayBuffer === 'undefined') return false
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true }).buffer instanceof SharedArrayBuffer
  } catch {
    return false
  }
}

function validates(body: readonly number[]): boolean {
  if (typeof WebAssembly === 'undefined') return false
  const magicAndVersion = [0, 97, 115, 109, 1, 0, 0, 0]
  return WebAssembly.validate(new Uint8Array([...magicAndVersion, ...body]))
}

// Modules of one function each, by their sections: types, functions, code.
// () -> v128: i32.const 0, i8x16.splat, i8x16.popcnt
const simdModule = [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]
// () -> v128: two splats, i8x16.relaxed_swizzle
const relaxedSimdModule = [
  1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11,
]
// () -> (): try, catch_all, end
const exceptionsModule = [1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11]
