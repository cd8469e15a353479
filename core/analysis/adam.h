#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/kernels/thread_pool.h"

namespace soi {

struct AdamOptions {
  double learning_rate = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// Adam (Kingma and Ba 2015, algorithm 1), as PyTorch's optim.Adam computes it in float32 without weight decay. One
/// object holds the moments of one group of parameters.
class Adam {
 public:
  Adam(std::size_t n_parameters, AdamOptions options);

  /// parameters -= learning_rate * m_hat / (sqrt(v_hat) + epsilon), element by element. Sizes as at construction.
  void step(std::span<float> parameters, std::span<const float> gradient, ThreadPool& pool) noexcept;

 private:
  AdamOptions options_;
  std::vector<float> first_moment_;
  std::vector<float> second_moment_;
  std::size_t n_steps_ = 0;
};

}  // namespace soi
