#include "core/kernels/softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soi {

void softmax(std::span<float> row) noexcept {
  if (row.empty()) return;
  const float max = *std::ranges::max_element(row);
  if (max == -std::numeric_limits<float>::infinity()) {
    std::ranges::fill(row, 0.0f);
    return;
  }
  float sum = 0.0f;
  for (float& x : row) sum += x = std::exp(x - max);
  for (float& x : row) x /= sum;
}

void log_softmax(std::span<float> row) noexcept {
  if (row.empty()) return;
  const float max = *std::ranges::max_element(row);
  double sum = 0.0;
  for (float x : row) sum += std::exp(x - max);
  const float log_sum = static_cast<float>(std::log(sum));
  for (float& x : row) x = x - max - log_sum;
}

void softmax_backward(std::span<const float> p, std::span<const float> d_p, std::span<float> d_scores) noexcept {
  float dot = 0.0f;
  for (std::size_t i = 0; i < p.size(); ++i) dot += p[i] * d_p[i];
  for (std::size_t i = 0; i < p.size(); ++i) d_scores[i] = p[i] * (d_p[i] - dot);
}

}  // namespace soi
