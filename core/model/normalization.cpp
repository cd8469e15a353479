#include "core/model/normalization.h"

#include <cstddef>

namespace soi {

void normalize_by(std::span<const float> x, float scale, const LayerNormWeights& weights, std::span<float> y) noexcept {
  double sum = 0.0;
  for (float number : x) sum += static_cast<double>(number);
  const float mean = static_cast<float>(sum / static_cast<double>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = (x[i] - mean) / scale * weights.gain[i] + weights.bias[i];
}

}  // namespace soi
