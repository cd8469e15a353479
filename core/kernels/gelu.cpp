#include "core/kernels/gelu.h"

#include <cmath>

namespace soi {
namespace {
constexpr float kSqrt2OverPi = 0.7978845608f;
constexpr float kCubic = 0.044715f;
}  // namespace

void gelu(std::span<float> values) noexcept {
  for (float& x : values) x = 0.5f * x * (1.0f + std::tanh(kSqrt2OverPi * (x + kCubic * x * x * x)));
}

void gelu_backward(std::span<const float> x, std::span<const float> d_y, std::span<float> d_x) noexcept {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float t = std::tanh(kSqrt2OverPi * (x[i] + kCubic * x[i] * x[i] * x[i]));
    const float slope = kSqrt2OverPi * (1.0f + 3.0f * kCubic * x[i] * x[i]);
    d_x[i] = d_y[i] * (0.5f * (1.0f + t) + 0.5f * x[i] * (1.0f - t * t) * slope);
  }
}

}  // namespace soi
