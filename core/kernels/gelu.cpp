#include "core/kernels/gelu.h"

#include <cassert>

#include "core/kernels/exponential.h"
#include "core/kernels/row.h"

namespace soi {
namespace {

using simd::Float4;

// 0.5 (1 + tanh(u)) = 1 / (1 + e^(-2u)), u = sqrt(2/pi) (x + 0.044715 x^3): one exponential, and no cancellation where
// x is far below 0. e^(-2u) = e^(x (kLinear + kCubic x^2)).
constexpr double kSqrt2OverPi = 0.7978845608028654;
constexpr auto kLinear = static_cast<float>(-2.0 * kSqrt2OverPi);
constexpr auto kCubic = static_cast<float>(-2.0 * kSqrt2OverPi * 0.044715);

SOI_INLINE Float4 one_plus_power(Float4 x) { return simd::exponential(x * (x * x * kCubic + kLinear)) + 1.0f; }

/// gelu'(x) = s + x s (1 - s) 2u', s = 1 / (1 + e^(-2u)).
SOI_INLINE Float4 slope(Float4 x) {
  // Far out s (1 - s) is 0; the other factor must stay finite.
  const Float4 far = simd::broadcast<Float4>(100.0f);
  const Float4 near_x = simd::min(far, simd::max(-far, x));
  const Float4 s = 1.0f / one_plus_power(near_x);
  return s - near_x * s * (1.0f - s) * (near_x * near_x * (3.0f * kCubic) + kLinear);
}

}  // namespace

void gelu(std::span<float> values) noexcept {
  row::for_each_four(values.size(), [&](std::size_t i, std::size_t n) {
    const Float4 x = row::load(values.data(), i, n);
    row::store(x / one_plus_power(x), values.data(), i, n);
  });
}

void gelu_backward(std::span<const float> x, std::span<const float> d_y, std::span<float> d_x) noexcept {
  assert(x.size() == d_y.size() && x.size() == d_x.size());
  row::for_each_four(x.size(), [&](std::size_t i, std::size_t n) {
    row::store(row::load(d_y.data(), i, n) * slope(row::load(x.data(), i, n)), d_x.data(), i, n);
  });
}

}  // namespace soi
