#include "core/weights/quantize.h"

#include <algorithm>
#include <cmath>

namespace soi {
namespace {

constexpr float kLargest = 127.0f;

/// Adding 1.5 * 2^23 leaves no bits for a fraction, so the sum is rounded to a whole number, ties to even. The same as
/// nearbyint for |x| < 2^22, and it vectorizes without SSE4.1.
float round_to_even(float x) {
  constexpr float kNoFraction = 12582912.0f;
  return (x + kNoFraction) - kNoFraction;
}

std::int8_t quantize(float value, float scale) {
  if (scale == 0.0f) return 0;
  // Where the scale is subnormal it is rounded so coarsely that the quotient may pass 127.
  return static_cast<std::int8_t>(round_to_even(std::clamp(value / scale, -kLargest, kLargest)));
}

}  // namespace

void quantize_rows(ConstMatrixView values, std::int8_t* out, float* scales) noexcept {
  for (std::size_t row = 0; row < values.n_rows; ++row) {
    float largest = 0.0f;
    for (float value : values[row]) largest = std::max(largest, std::fabs(value));
    scales[row] = largest / kLargest;
    for (float value : values[row]) *out++ = quantize(value, scales[row]);
  }
}

void quantize_columns(ConstMatrixView values, std::int8_t* out, float* scales) noexcept {
  std::fill_n(scales, values.n_cols, 0.0f);
  for (std::size_t row = 0; row < values.n_rows; ++row) {
    for (std::size_t col = 0; col < values.n_cols; ++col) {
      scales[col] = std::max(scales[col], std::fabs(values.row(row)[col]));
    }
  }
  for (std::size_t col = 0; col < values.n_cols; ++col) scales[col] /= kLargest;
  for (std::size_t row = 0; row < values.n_rows; ++row) {
    for (std::size_t col = 0; col < values.n_cols; ++col) *out++ = quantize(values.row(row)[col], scales[col]);
  }
}

}  // namespace soi
