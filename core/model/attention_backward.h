#pragma once

#include <cstddef>
#include <span>

#include "core/kernels/thread_pool.h"
#include "core/tensor/tensor.h"

namespace soi {

/// What the reverse of attention reads and writes for one lane of T positions without a past. All matrices are
/// [T, d_model], heads side by side.
struct AttentionGradientLane {
  ConstMatrixView queries;
  ConstMatrixView keys;
  ConstMatrixView values;
  const Tensor* pattern = nullptr;  // [n_heads, T, T]
  ConstMatrixView d_z;
  MatrixView d_queries;
  MatrixView d_keys;
  MatrixView d_values;
};

/// From dL/dz to dL/dq, dL/dk and dL/dv.  Throws Error{out_of_memory}.
void attend_backward(std::span<const AttentionGradientLane> lanes, std::size_t n_heads, ThreadPool& pool);

}  // namespace soi
