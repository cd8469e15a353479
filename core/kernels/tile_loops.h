#pragma once

#include "core/kernels/simd.h"
#include "core/kernels/tile.h"

/// The loops behind TileKernels, over vectors of any width. Each tile_*.cpp compiles them for its instruction set;
/// nothing of the standard library is called, see simd.h.
namespace soi::tile_loops {

// Vectors of `right` and of c in a tile's row.
constexpr int kTileVectors = 2;

template <typename Vector>
SOI_INLINE void multiply_tile(std::size_t n_k, const float* left, const float* right, float* c, std::size_t c_stride,
                              bool is_first) {
  constexpr int kRows = static_cast<int>(kTileRows);
  constexpr int kLanes = simd::n_lanes<Vector>;
  Vector sums[kRows][kTileVectors] = {};
  // Not unrolled over k: V8 then moves the loads of all steps to the front and runs out of registers (measured: 32
  // instead of 46 GFLOP/s).
#pragma GCC unroll 1
  for (std::size_t k = 0; k < n_k; ++k) {
    Vector columns[kTileVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kTileVectors; ++v) columns[v] = simd::load<Vector>(right + v * kLanes);
#pragma GCC unroll 8
    for (int i = 0; i < kRows; ++i) {
      const Vector row = simd::broadcast_from<Vector>(left + i);
#pragma GCC unroll 8
      for (int v = 0; v < kTileVectors; ++v) sums[i][v] = simd::multiply_add(row, columns[v], sums[i][v]);
    }
    left += kRows;
    right += kTileVectors * kLanes;
  }
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
    for (int v = 0; v < kTileVectors; ++v) {
      float* const to = c + i * c_stride + v * kLanes;
      simd::store(is_first ? sums[i][v] : simd::load<Vector>(to) + sums[i][v], to);
    }
  }
}

template <typename Number>
SOI_INLINE void copy(const Number* from, std::size_t n, Number* to) {
  for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
}

/// Steps of k taken for each visit of c: enough streams of `right` to keep the memory busy.
template <int kRows>
inline constexpr int kThinDepth = kRows == 1 ? 8 : 4;

/// c [kRows, one vector] += left [kRows, kDepth] right [kDepth, one vector].
template <typename Vector, int kRows, int kDepth, typename Number>
SOI_INLINE void add_thin_products(const Vector (&left)[kRows][kDepth], const Number* right, std::size_t stride,
                                  float* c, std::size_t c_stride) {
  Vector columns[kDepth];
#pragma GCC unroll 8
  for (int k = 0; k < kDepth; ++k) columns[k] = simd::load_widened<Vector>(right + k * stride);
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
    Vector sum = simd::load<Vector>(c + i * c_stride);
#pragma GCC unroll 8
    for (int k = 0; k < kDepth; ++k) sum = simd::multiply_add(left[i][k], columns[k], sum);
    simd::store(sum, c + i * c_stride);
  }
}

/// The same on n_columns of c.
template <typename Vector, int kRows, int kDepth, typename Number>
SOI_INLINE void add_thin_steps(const float* left, std::size_t left_stride, const Number* right, std::size_t stride,
                               const MatrixView& c) {
  constexpr std::size_t kLanes = simd::n_lanes<Vector>;
  Vector factors[kRows][kDepth] = {};
#pragma GCC unroll 8
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 8
    for (int k = 0; k < kDepth; ++k) factors[i][k] = simd::broadcast_from<Vector>(left + i * left_stride + k);
  }
  const std::size_t n_whole = c.n_cols - c.n_cols % kLanes;
  for (std::size_t j = 0; j < n_whole; j += kLanes) {
    add_thin_products<Vector, kRows, kDepth>(factors, right + j, stride, c.data + j, c.stride);
  }
  if (n_whole == c.n_cols) return;
  // The last columns, less than a vector: on copies, so that nothing beyond the operands is touched.
  const std::size_t n_tail = c.n_cols - n_whole;
  Number right_tail[kDepth * kLanes] = {};
  float c_tail[kRows * kLanes] = {};
  for (int k = 0; k < kDepth; ++k) copy(right + n_whole + k * stride, n_tail, right_tail + k * kLanes);
  for (int i = 0; i < kRows; ++i) copy(c.row(i) + n_whole, n_tail, c_tail + i * kLanes);
  add_thin_products<Vector, kRows, kDepth>(factors, right_tail, kLanes, c_tail, kLanes);
  for (int i = 0; i < kRows; ++i) copy(c_tail + i * kLanes, n_tail, c.row(i) + n_whole);
}

template <typename Vector, int kRows, typename Number>
SOI_INLINE void multiply_thin_rows(std::size_t n_k, const float* left, const Number* right, std::size_t stride,
                                   const MatrixView& c) {
  constexpr int kDepth = kThinDepth<kRows>;
  std::size_t k = 0;
  for (; k + kDepth <= n_k; k += kDepth) {
    add_thin_steps<Vector, kRows, kDepth>(left + k, n_k, right + k * stride, stride, c);
  }
  for (; k < n_k; ++k) add_thin_steps<Vector, kRows, 1>(left + k, n_k, right + k * stride, stride, c);
}

template <typename Vector, typename Number>
SOI_INLINE void multiply_thin_numbers(std::size_t n_k, const float* left, const Number* right, std::size_t stride,
                                      const MatrixView& c) {
  switch (c.n_rows) {
    case 1:
      return multiply_thin_rows<Vector, 1>(n_k, left, right, stride, c);
    case 2:
      return multiply_thin_rows<Vector, 2>(n_k, left, right, stride, c);
    case 3:
      return multiply_thin_rows<Vector, 3>(n_k, left, right, stride, c);
    case 4:
      return multiply_thin_rows<Vector, 4>(n_k, left, right, stride, c);
    default:
      return;
  }
}

template <typename Vector>
SOI_INLINE void multiply_thin(std::size_t n_k, const float* left, const RightOperand& right, const MatrixView& c) {
  for (std::size_t i = 0; i < c.n_rows; ++i) {
    for (std::size_t j = 0; j < c.n_cols; ++j) c.row(i)[j] = 0.0f;
  }
  switch (right.format) {
    case NumberFormat::f32:
      return multiply_thin_numbers<Vector>(n_k, left, static_cast<const float*>(right.values), right.stride, c);
    case NumberFormat::f16:
      return multiply_thin_numbers<Vector>(n_k, left, static_cast<const std::uint16_t*>(right.values), right.stride, c);
    case NumberFormat::int8:
      return multiply_thin_numbers<Vector>(n_k, left, static_cast<const std::int8_t*>(right.values), right.stride, c);
  }
}

/// The kernels with vectors of kLanes.
template <int kLanes>
struct Kernels {
  static void multiply_tile(std::size_t n_k, const float* left, const float* right, float* c, std::size_t c_stride,
                            bool is_first) {
    tile_loops::multiply_tile<simd::Float<kLanes>>(n_k, left, right, c, c_stride, is_first);
  }

  static void multiply_thin(std::size_t n_k, const float* left, const RightOperand& right, MatrixView c) {
    tile_loops::multiply_thin<simd::Float<kLanes>>(n_k, left, right, c);
  }

  static constexpr TileKernels table(const char* instruction_set) {
    static_assert(kTileVectors * kLanes <= kMaxTileColumns);
    return {instruction_set, kTileVectors * kLanes, multiply_tile, multiply_thin};
  }
};

}  // namespace soi::tile_loops
