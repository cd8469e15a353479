#pragma once

#include <cstddef>

#include "core/kernels/operands.h"
#include "core/tensor/tensor.h"

namespace soi {

/// c [1 to kThinRows, n] = left right, or c += left right unless `is_first`, for a `right` that is not k-major: each
/// column of c meets one contiguous run of `right`. n_k products each, in pieces of kSumPiece; `right.values` is the
/// number of the first column and the first k.  left [c.n_rows, n_k], dense.
void multiply_thin_transposed(std::size_t n_k, const float* left, const RightOperand& right, MatrixView c,
                              bool is_first) noexcept;

}  // namespace soi
