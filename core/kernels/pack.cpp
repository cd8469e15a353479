#include "core/kernels/pack.h"

#include <algorithm>

#include "core/kernels/simd.h"
#include "core/kernels/tile.h"

namespace soi {
namespace {

using simd::Float4;

/// panel [n_k, width], columns [column, column + n_columns) of it: the transpose of n_columns <= 4 rows of n_k numbers.
template <typename Number>
void pack_transposed(const Number* rows, std::size_t stride, std::size_t n_columns, std::size_t n_k, std::size_t width,
                     float* panel) {
  std::size_t k = 0;
  if (n_columns == 4) {
    for (; k + 4 <= n_k; k += 4) {
      Float4 columns[4];
      simd::load_transposed(columns, rows + k, stride);
      for (std::size_t step = 0; step < 4; ++step) simd::store(columns[step], panel + (k + step) * width);
    }
  }
  for (; k < n_k; ++k) {
    Number column[4] = {};
    for (std::size_t j = 0; j < n_columns; ++j) column[j] = rows[j * stride + k];
    simd::store(simd::load_widened<Float4>(column), panel + k * width);
  }
}

/// panel [n_k, width]: n_columns <= width numbers of each of n_k rows, then zeros.
template <typename Number>
void pack_panel(const Number* rows, std::size_t stride, std::size_t n_columns, std::size_t n_k, std::size_t width,
                float* panel) {
  const std::size_t n_whole = n_columns / 4 * 4;
  for (std::size_t k = 0; k < n_k; ++k) {
    const Number* const from = rows + k * stride;
    float* const to = panel + k * width;
    for (std::size_t j = 0; j < n_whole; j += 4) simd::store(simd::load_widened<Float4>(from + j), to + j);
    for (std::size_t j = n_whole; j < width; j += 4) {
      Number tail[4] = {};
      if (j < n_columns) std::copy(from + j, from + n_columns, tail);
      simd::store(simd::load_widened<Float4>(tail), to + j);
    }
  }
}

/// n_panels whole panels, row by row of `right`: each row's part is read in one run, for the rows lie pages apart.
template <typename Number>
void pack_panels(const Number* rows, std::size_t stride, std::size_t n_panels, std::size_t n_k, std::size_t width,
                 float* panels) {
  const std::size_t panel_stride = right_panel_stride(n_k, width);
  for (std::size_t k = 0; k < n_k; ++k) {
    const Number* from = rows + k * stride;
    float* to = panels + k * width;
    for (std::size_t panel = 0; panel < n_panels; ++panel, from += width, to += panel_stride) {
      for (std::size_t j = 0; j < width; j += 4) simd::store(simd::load_widened<Float4>(from + j), to + j);
    }
  }
}

void scale_steps(const float* scales, std::size_t n_k, float* panel) {
  for (std::size_t k = 0; k < n_k; ++k) {
    float* step = panel + k * kTileRows;
    simd::store(simd::load<Float4>(step) * simd::broadcast<Float4>(scales[k]), step);
  }
}

template <typename Number>
void pack_right_straight(const Number* corner, std::size_t stride, std::size_t n_columns, std::size_t n_k,
                         std::size_t width, float* panels) {
  const std::size_t n_whole = n_columns / width;
  pack_panels(corner, stride, n_whole, n_k, width, panels);
  if (n_whole * width == n_columns) return;
  pack_panel(corner + n_whole * width, stride, n_columns % width, n_k, width,
             panels + n_whole * right_panel_stride(n_k, width));
}

template <typename Number>
void pack_right_transposed(const Number* corner, std::size_t stride, std::size_t n_columns, std::size_t n_k,
                           std::size_t width, float* panels) {
  for (std::size_t j = 0; j < n_columns; j += width, panels += right_panel_stride(n_k, width)) {
    for (std::size_t column = 0; column < width; column += 4) {
      const std::size_t n_here = j + column < n_columns ? std::min<std::size_t>(4, n_columns - j - column) : 0;
      pack_transposed(corner + (j + column) * stride, stride, n_here, n_k, width, panels + column);
    }
  }
}

}  // namespace

void pack_left(const LeftOperand& left, std::size_t i_begin, std::size_t i_end, std::size_t k_begin, std::size_t k_end,
               float* panels) noexcept {
  static_assert(kTileRows == 4);
  const std::size_t n_k = k_end - k_begin;
  for (std::size_t i = i_begin; i < i_end; i += kTileRows, panels += n_k * kTileRows) {
    const float* from = left.data + i * left.row_stride + k_begin * left.k_stride;
    const std::size_t n_rows = std::min(kTileRows, i_end - i);
    if (left.k_stride == 1) {
      pack_transposed(from, left.row_stride, n_rows, n_k, kTileRows, panels);
    } else {
      pack_panel(from, left.k_stride, n_rows, n_k, kTileRows, panels);
    }
    if (left.k_scales != nullptr) scale_steps(left.k_scales + k_begin, n_k, panels);
  }
}

void pack_right(const RightOperand& right, std::size_t j_begin, std::size_t j_end, std::size_t k_begin,
                std::size_t k_end, std::size_t width, float* panels) noexcept {
  const std::size_t n_k = k_end - k_begin;
  const std::size_t n_columns = j_end - j_begin;
  with_number_type(right, [&](const auto* values) {
    if (right.k_major) {
      pack_right_straight(values + k_begin * right.stride + j_begin, right.stride, n_columns, n_k, width, panels);
    } else {
      pack_right_transposed(values + j_begin * right.stride + k_begin, right.stride, n_columns, n_k, width, panels);
    }
  });
}

}  // namespace soi
