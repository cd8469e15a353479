#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/random.h"
#include "core/tensor/tensor.h"

namespace soi {

/// n standard normal numbers; another `stream`, other numbers.
inline std::vector<float> random_values(std::size_t n, std::uint64_t stream) {
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = normal(1, stream, i);
  return values;
}

inline Tensor random_matrix(std::size_t n_rows, std::size_t n_cols, std::uint64_t stream) {
  return Tensor::from_values({n_rows, n_cols}, random_values(n_rows * n_cols, stream));
}

}  // namespace soi
