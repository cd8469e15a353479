#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__x86_64__)
#include <immintrin.h>
#endif

/// A thin vector layer over the compilers' vector extensions: one source for WASM SIMD128, SSE2, AVX2, AVX-512 and
/// NEON. Arithmetic is by operators (`x * y + z` is a product, rounded, then a sum, rounded: strict builds never fuse),
/// and `multiply_add` alone may fuse, in the relaxed WASM build. Each lane is rounded like a scalar, so the width of a
/// vector never shows in a result. A C cast from vector to vector keeps the bits.
///
/// Everything here is inlined always: files that are compiled for wider instruction sets must not leave copies behind
/// for the linker to choose.
namespace soi::simd {

#define SOI_INLINE [[gnu::always_inline]] inline

template <int kLanes>
struct Lanes {
  typedef float Float __attribute__((vector_size(kLanes * 4)));
  typedef std::int32_t Int __attribute__((vector_size(kLanes * 4)));
  typedef std::int16_t Short __attribute__((vector_size(kLanes * 2)));
  typedef std::int8_t Byte __attribute__((vector_size(kLanes)));
};

template <int kLanes>
using Float = typename Lanes<kLanes>::Float;
template <int kLanes>
using Int = typename Lanes<kLanes>::Int;

using Float4 = Float<4>;
using Int4 = Int<4>;

template <typename Vector>
inline constexpr int n_lanes = static_cast<int>(sizeof(Vector) / 4);

/// Any alignment.
template <typename Vector, typename Number>
SOI_INLINE Vector load(const Number* from) {
  Vector vector;
  std::memcpy(&vector, from, sizeof(Vector));
  return vector;
}

template <typename Vector, typename Number>
SOI_INLINE void store(Vector vector, Number* to) {
  std::memcpy(to, &vector, sizeof(Vector));
}

/// The first n numbers of a vector that begins at `from`, then `padding`.
template <typename Vector>
SOI_INLINE Vector load_first(const float* from, std::size_t n, float padding) {
  constexpr std::size_t kLanes = n_lanes<Vector>;
  float numbers[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) numbers[lane] = lane < n ? from[lane] : padding;
  return load<Vector>(numbers);
}

/// The first n lanes.
template <typename Vector>
SOI_INLINE void store_first(Vector vector, std::size_t n, float* to) {
  for (std::size_t lane = 0; lane < n; ++lane) to[lane] = vector[lane];
}

/// All lanes are `value`. (x - 0 is x for every x, -0 and NaN too: compilers know it as a broadcast.)
template <typename Vector>
SOI_INLINE Vector broadcast(float value) {
  return value - Vector{};
}

/// The same, of a number in memory.
template <typename Vector>
SOI_INLINE Vector broadcast_from(const float* from) {
#ifdef __wasm_simd128__
  static_assert(sizeof(Vector) == 16);
  return (Vector)wasm_v128_load32_splat(from);
#else
  return broadcast<Vector>(*from);
#endif
}

/// y where x is a NaN.
template <typename Vector>
SOI_INLINE Vector max(Vector x, Vector y) {
  return x > y ? x : y;
}

/// y where x is a NaN.
template <typename Vector>
SOI_INLINE Vector min(Vector x, Vector y) {
  return x < y ? x : y;
}

/// x * y + sum, fused in the relaxed WASM build alone. All of gemm and linear goes through it, so that the paths for
/// few rows and for many agree to the last bit.
template <typename Vector>
SOI_INLINE Vector multiply_add(Vector x, Vector y, Vector sum) {
#ifdef SOI_RELAXED_SIMD
  static_assert(sizeof(Vector) == 16);
  return (Vector)wasm_f32x4_relaxed_madd((v128_t)x, (v128_t)y, (v128_t)sum);
#else
  return sum + x * y;
#endif
}

#ifdef __AVX512F__
// The forms without a mask set off a false warning in GCC's header (its bug 105593).
inline constexpr __mmask16 kAll = 0xffff;
#endif

/// Bytes or halves, as many as a vector has lanes, as 32-bit integers of the same sign. By name for each instruction
/// set: GCC takes a general conversion apart, lane by lane.
template <int kLanes>
SOI_INLINE Int<kLanes> load_extended(const std::int8_t* from) {
#if defined(__wasm_simd128__)
  static_assert(kLanes == 4);
  return (Int<kLanes>)wasm_i32x4_extend_low_i16x8(wasm_i16x8_extend_low_i8x16(wasm_v128_load32_zero(from)));
#elif defined(__x86_64__)
#ifdef __AVX512F__
  if constexpr (kLanes == 16) return (Int<kLanes>)_mm512_maskz_cvtepi8_epi32(kAll, load<__m128i>(from));
#endif
#ifdef __AVX2__
  if constexpr (kLanes == 8) return (Int<kLanes>)_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i*)from));
#endif
  if constexpr (kLanes == 4) {
    const __m128i bytes = _mm_cvtsi32_si128(load<std::int32_t>(from));
    const __m128i pairs = _mm_unpacklo_epi8(bytes, bytes);
    return (Int<kLanes>)_mm_srai_epi32(_mm_unpacklo_epi16(pairs, pairs), 24);
  }
#else
  return __builtin_convertvector(load<typename Lanes<kLanes>::Byte>(from), Int<kLanes>);
#endif
}

template <int kLanes>
SOI_INLINE Int<kLanes> load_extended(const std::uint16_t* from) {
#if defined(__wasm_simd128__)
  static_assert(kLanes == 4);
  return (Int<kLanes>)wasm_i32x4_load16x4(from);
#elif defined(__x86_64__)
#ifdef __AVX512F__
  if constexpr (kLanes == 16) return (Int<kLanes>)_mm512_maskz_cvtepi16_epi32(kAll, load<__m256i>(from));
#endif
#ifdef __AVX2__
  if constexpr (kLanes == 8) return (Int<kLanes>)_mm256_cvtepi16_epi32(load<__m128i>(from));
#endif
  if constexpr (kLanes == 4) {
    const __m128i halves = _mm_loadl_epi64((const __m128i*)from);
    return (Int<kLanes>)_mm_srai_epi32(_mm_unpacklo_epi16(halves, halves), 16);
  }
#else
  return __builtin_convertvector(load<typename Lanes<kLanes>::Short>(from), Int<kLanes>);
#endif
}

/// As many numbers as a vector has lanes, widened to float; exact.
template <typename Vector>
SOI_INLINE Vector load_widened(const float* from) {
  return load<Vector>(from);
}

template <typename Vector>
SOI_INLINE Vector load_widened(const std::int8_t* from) {
  return __builtin_convertvector(load_extended<n_lanes<Vector>>(from), Vector);
}

/// IEEE half precision, finite numbers only (weights are checked when they are read). Exponent and fraction move to
/// their places in a float; times 2^112 corrects the exponent's bias, and makes subnormals normal on the way.
template <typename Vector>
SOI_INLINE Vector load_widened(const std::uint16_t* from) {
  constexpr auto kSignExponentFraction = static_cast<std::int32_t>(0x8fffe000u);  // 16 copies of the sign came along
  return (Vector)((load_extended<n_lanes<Vector>>(from) << 13) & kSignExponentFraction) * 0x1p112f;
}

/// The 4 x 4 block at `from`, whose rows are `stride` numbers apart, widened to float and transposed: vector c holds
/// column c.
template <typename Number>
SOI_INLINE void load_transposed(Float4 (&columns)[4], const Number* from, std::size_t stride) {
  const Float4 row0 = load_widened<Float4>(from);
  const Float4 row1 = load_widened<Float4>(from + stride);
  const Float4 row2 = load_widened<Float4>(from + 2 * stride);
  const Float4 row3 = load_widened<Float4>(from + 3 * stride);
  const Float4 low01 = __builtin_shufflevector(row0, row1, 0, 4, 1, 5);
  const Float4 low23 = __builtin_shufflevector(row2, row3, 0, 4, 1, 5);
  const Float4 high01 = __builtin_shufflevector(row0, row1, 2, 6, 3, 7);
  const Float4 high23 = __builtin_shufflevector(row2, row3, 2, 6, 3, 7);
  columns[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  columns[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  columns[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  columns[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

}  // namespace soi::simd
