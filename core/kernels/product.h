#pragma once

#include "core/kernels/operands.h"
#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

/// c = left right, then the epilogue; n_inner is the length of the sums. Each element of c is summed over k in ascending
/// order by `simd::multiply_add`, from 0 or c, in every path: its bits depend on its row of `left` and its column of
/// `right` alone, not on the shape, the instruction set or the number of threads.
/// Few rows (decoding) read `right` in place, once; more are computed in tiles from packed panels.
void product(const LeftOperand& left, const RightOperand& right, std::size_t n_inner, MatrixView c,
             const Epilogue& epilogue, ThreadPool& pool) noexcept;

}  // namespace soi
