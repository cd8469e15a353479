import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Features, chooseBuild, detectFeatures } from '../../../web/engine/platform'

const all: Features = { simd: true, relaxedSimd: true, sharedMemory: true, processors: 4 }

describe('chooseBuild', () => {
  it('takes SIMD with threads where memory can be shared', () => {
    expect(chooseBuild(all)).toEqual({ variant: 'simd-threads', threads: 4 })
  })

  it('takes one thread without cross-origin isolation, whatever is wished', () => {
    const alone = { ...all, sharedMemory: false }
    expect(chooseBuild(alone)).toEqual({ variant: 'simd', threads: 1 })
    expect(chooseBuild(alone, { relaxed: true, threads: 4 })).toEqual({ variant: 'simd', threads: 1 })
  })

  it('takes relaxed SIMD only when asked to, and only where there is some', () => {
    expect(chooseBuild(all, { relaxed: true })).toEqual({ variant: 'relaxed-threads', threads: 4 })
    expect(chooseBuild({ ...all, relaxedSimd: false }, { relaxed: true }).variant).toBe('simd-threads')
  })

  it('stops at eight threads unless asked for more', () => {
    expect(chooseBuild({ ...all, processors: 64 }).threads).toBe(8)
    expect(chooseBuild({ ...all, processors: 64 }, { threads: 12 }).threads).toBe(12)
    expect(chooseBuild(all, { threads: 0 })).toEqual({ variant: 'simd', threads: 1 })
  })

  it('refuses a browser without SIMD, with a code of its own', () => {
    expect(() => chooseBuild({ ...all, simd: false })).toThrow(expect.objectContaining({ code: 'simd_missing' }))
  })
})

describe('detectFeatures', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('finds what this engine has', () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 6 })
    vi.stubGlobal('crossOriginIsolated', true)
    expect(detectFeatures()).toMatchObject({ simd: true, sharedMemory: true, processors: 6 })
    vi.stubGlobal('crossOriginIsolated', false)
    expect(detectFeatures().sharedMemory).toBe(false)
  })

  it('asks the engine about each kind of SIMD by a module that is valid only with it', () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 1 })
    const validate = vi.spyOn(WebAssembly, 'validate')
    validate.mockImplementation((bytes) => {
      // i8x16.popcnt is fd 62; relaxed_swizzle is fd 80 02.
      const text = Array.from(bytes as Uint8Array).join()
      return !text.includes('253,98') && !text.includes('253,128,2')
    })
    expect(detectFeatures()).toMatchObject({ simd: false, relaxedSimd: false })
  })

  it('survives a browser without WebAssembly', () => {
    vi.stubGlobal('navigator', { hardwareConcurrency: 1 })
    vi.stubGlobal('WebAssembly', undefined)
    expect(detectFeatures()).toMatchObject({ simd: false, relaxedSimd: false, sharedMemory: false })
  })
})
