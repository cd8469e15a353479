#pragma once

#include "core/kernels/thread_pool.h"
#include "core/kernels/weight_matrix.h"
#include "core/tensor/tensor.h"

namespace soi {

/// y = x W + bias.  x [n, n_in], y [n, n_out], bias [n_out] or null. y must not overlap x.
/// A row of y depends on its row of x alone, to the last bit: not on n, nor on the number of threads. (So a token
/// computed with a key-value cache has the same bits as in a full run, and a lane the same as when it runs alone.)
void linear(ConstMatrixView x, const WeightMatrix& w, const float* bias, MatrixView y, ThreadPool& pool) noexcept;

/// dx = dy W^T: the reverse of `linear`.  dy [n, n_out], dx [n, n_in]. The same promise about rows.
void linear_backward(ConstMatrixView dy, const WeightMatrix& w, MatrixView dx, ThreadPool& pool) noexcept;

/// The same by plain loops: the references of the tests, and the benchmarks' baseline.
void linear_reference(ConstMatrixView x, const WeightMatrix& w, const float* bias, MatrixView y) noexcept;
void linear_backward_reference(ConstMatrixView dy, const WeightMatrix& w, MatrixView dx) noexcept;

/// Row `index` of an embedding table, widened to f32. `table` is in layout out_in; out [n_in].
void embedding_row(const WeightMatrix& table, std::size_t index, float* out) noexcept;

}  // namespace soi
