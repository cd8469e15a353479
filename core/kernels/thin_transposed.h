#pragma once

#include <cstddef>

#include "core/kernels/operands.h"
#include "core/tensor/tensor.h"

namespace soi {

/// c [1 to kThinRows, n] = left right, n_k products each, for a `right` that is not k-major: each column of c meets one
/// contiguous run of `right`. left: [c.n_rows, n_k], dense.
/// `right.values` is the number of the first column and the first k.
void multiply_thin_transposed(std::size_t n_k, const float* left, const RightOperand& right, MatrixView c) noexcept;

}  // namespace soi
