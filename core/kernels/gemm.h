#pragma once

#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

enum class Transpose : bool { no, yes };

/// c = op(a) op(b), or c += with `accumulate`; op transposes where asked. op(a) [m, k], op(b) [k, n], c [m, n].
/// Blocked and packed; each element is summed over k in one order, whatever m, n or the number of threads (product.h).
void gemm(ConstMatrixView a, Transpose transpose_a, ConstMatrixView b, Transpose transpose_b, MatrixView c,
          ThreadPool& pool, bool accumulate = false) noexcept;

/// The same by three plain loops: the reference of the tests and the benchmarks' baseline.
void gemm_reference(ConstMatrixView a, Transpose transpose_a, ConstMatrixView b, Transpose transpose_b, MatrixView c,
                    bool accumulate = false) noexcept;

}  // namespace soi
