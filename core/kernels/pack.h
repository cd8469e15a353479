#pragma once

#include <cstddef>

#include "core/kernels/operands.h"

namespace soi {

/// A block of the operands in the order in which a tile reads it: one panel after the other, each [n_k, width] dense.
/// Missing rows or columns of the last panel are zeros.

/// Floats from one panel of `right` to the next. A cache line more than a panel: else all panels of a block would begin
/// in one set of the first-level cache, and writing them side by side would push each other out.
constexpr std::size_t right_panel_stride(std::size_t n_k, std::size_t width) { return n_k * width + 16; }

/// Rows [i_begin, i_end) of `left`, k in [k_begin, k_end), times `k_scales`: panels of kTileRows rows.
void pack_left(const LeftOperand& left, std::size_t i_begin, std::size_t i_end, std::size_t k_begin, std::size_t k_end,
               float* panels) noexcept;

/// Columns [j_begin, j_end) of `right`, k in [k_begin, k_end), widened to float: panels of `width` columns, a multiple
/// of 4, right_panel_stride apart.
void pack_right(const RightOperand& right, std::size_t j_begin, std::size_t j_end, std::size_t k_begin,
                std::size_t k_end, std::size_t width, float* panels) noexcept;

}  // namespace soi
