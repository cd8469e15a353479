#include "core/kernels/thin_transposed.h"

#include <algorithm>

#include "core/kernels/product.h"
#include "core/kernels/simd.h"

namespace soi {
namespace {

using simd::Float4;

constexpr std::size_t kLanes = 4;

/// Sums that grow side by side hide the latency of an addition; with the transposed block they fill the registers.
constexpr int kSums = 4;

/// sums [kRows] of 4 columns += left [kRows, k] times the columns' numbers, for kSteps <= 4 steps of k.
template <int kRows, int kSteps>
SOI_INLINE void add_steps(const Float4 (&columns)[4], const float* left, std::size_t left_stride, Float4* sums) {
#pragma GCC unroll 4
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (int step = 0; step < kSteps; ++step) {
      const Float4 factor = simd::broadcast_from<Float4>(left + i * left_stride + step);
      sums[i] = simd::multiply_add(factor, columns[step], sums[i]);
    }
  }
}

/// n_k steps of kRows rows and kGroups times 4 columns.
template <int kRows, int kGroups, typename Number>
SOI_INLINE void multiply_columns(std::size_t n_k, const float* left, std::size_t left_stride, const Number* right,
                                 std::size_t stride, Float4 (&sums)[kGroups][kRows]) {
  std::size_t k = 0;
  for (; k + 4 <= n_k; k += 4) {
#pragma GCC unroll 4
    for (int group = 0; group < kGroups; ++group) {
      Float4 columns[4];
      simd::load_transposed(columns, right + group * kLanes * stride + k, stride);
      add_steps<kRows, 4>(columns, left + k, left_stride, sums[group]);
    }
  }
  for (; k < n_k; ++k) {
    for (int group = 0; group < kGroups; ++group) {
      Number column[kLanes];
      for (std::size_t j = 0; j < kLanes; ++j) column[j] = right[(group * kLanes + j) * stride + k];
      const Float4 columns[4] = {simd::load_widened<Float4>(column)};
      add_steps<kRows, 1>(columns, left + k, left_stride, sums[group]);
    }
  }
}

/// kGroups times 4 columns of c, from column j: piece by piece, while the columns' numbers are read in one go.
template <int kRows, int kGroups, typename Number>
SOI_INLINE void multiply_groups(std::size_t n_k, const float* left, const Number* right, std::size_t stride,
                                std::size_t j, const MatrixView& c, bool is_first) {
  for (std::size_t k = 0; k == 0 || k < n_k; k += kSumPiece) {
    Float4 sums[kGroups][kRows] = {};
    multiply_columns<kRows, kGroups>(std::min(kSumPiece, n_k - k), left + k, n_k, right + j * stride + k, stride, sums);
    for (int group = 0; group < kGroups; ++group) {
      for (int i = 0; i < kRows; ++i) {
        float* const to = c.row(i) + j + group * kLanes;
        simd::store(is_first && k == 0 ? sums[group][i] : simd::load<Float4>(to) + sums[group][i], to);
      }
    }
  }
}

/// The products of one column, as lane 0 of a vector: the same multiply_add as everywhere.
template <typename Number>
float multiply_column(std::size_t n_k, const float* left, const Number* right) {
  Float4 sums = {};
  for (std::size_t k = 0; k < n_k; ++k) {
    const Number number[kLanes] = {right[k]};
    sums = simd::multiply_add(simd::broadcast_from<Float4>(left + k), simd::load_widened<Float4>(number), sums);
  }
  return sums[0];
}

template <int kRows, typename Number>
void multiply_last_column(std::size_t n_k, const float* left, const Number* right, std::size_t j, const MatrixView& c,
                          bool is_first) {
  for (std::size_t k = 0; k == 0 || k < n_k; k += kSumPiece) {
    for (int i = 0; i < kRows; ++i) {
      const float sum = multiply_column(std::min(kSumPiece, n_k - k), left + i * n_k + k, right + k);
      float& element = c.row(i)[j];
      element = is_first && k == 0 ? sum : element + sum;
    }
  }
}

template <int kRows, typename Number>
void multiply_rows(std::size_t n_k, const float* left, const Number* right, std::size_t stride, const MatrixView& c,
                   bool is_first) {
  constexpr int kGroups = kRows == 1 ? kSums : kRows == 2 ? kSums / 2 : 1;
  std::size_t j = 0;
  for (; j + kGroups * kLanes <= c.n_cols; j += kGroups * kLanes) {
    multiply_groups<kRows, kGroups>(n_k, left, right, stride, j, c, is_first);
  }
  for (; j + kLanes <= c.n_cols; j += kLanes) {
    multiply_groups<kRows, 1>(n_k, left, right, stride, j, c, is_first);
  }
  for (; j < c.n_cols; ++j) multiply_last_column<kRows>(n_k, left, right + j * stride, j, c, is_first);
}

}  // namespace

void multiply_thin_transposed(std::size_t n_k, const float* left, const RightOperand& right, MatrixView c,
                              bool is_first) noexcept {
  with_number_type(right, [&](const auto* values) {
    switch (c.n_rows) {
      case 1:
        return multiply_rows<1>(n_k, left, values, right.stride, c, is_first);
      case 2:
        return multiply_rows<2>(n_k, left, values, right.stride, c, is_first);
      case 3:
        return multiply_rows<3>(n_k, left, values, right.stride, c, is_first);
      case 4:
        return multiply_rows<4>(n_k, left, values, right.stride, c, is_first);
      default:
        return;
    }
  });
}

}  // namespace soi
