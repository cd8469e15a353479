#include "core/kernels/softmax.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/kernels/elementary.h"
#include "core/kernels/exponential.h"
#include "core/kernels/row.h"

namespace soi {
namespace {

using simd::Float4;

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

bool holds_nan(std::span<const float> row) {
  return std::ranges::any_of(row, [](float value) { return std::isnan(value); });
}

/// Passes over NaN.
float maximum(std::span<const float> row) {
  Float4 max = simd::broadcast<Float4>(kMinusInfinity);
  row::for_each_four(row.size(), [&](std::size_t i, std::size_t n) {
    max = simd::max(row::load(row.data(), i, n, kMinusInfinity), max);
  });
  return std::max(std::max(max[0], max[1]), std::max(max[2], max[3]));
}

}  // namespace

void softmax(std::span<float> row) noexcept {
  const float max = maximum(row);
  if (max == kMinusInfinity) {
    std::ranges::fill(row, holds_nan(row) ? kNaN : 0.0f);
    return;
  }
  const double sum = row::sum(row.size(), [&](std::size_t i, std::size_t n) {
    const Float4 power = simd::exponential(row::load(row.data(), i, n, kMinusInfinity) - max);
    row::store(power, row.data(), i, n);
    return power;
  });
  const float divisor = static_cast<float>(sum);
  row::for_each_four(row.size(), [&](std::size_t i, std::size_t n) {
    row::store(row::load(row.data(), i, n) / divisor, row.data(), i, n);
  });
}

void log_softmax(std::span<float> row) noexcept {
  const float max = maximum(row);
  if (max == kMinusInfinity) {
    if (holds_nan(row)) std::ranges::fill(row, kNaN);
    return;
  }
  const double sum = row::sum(row.size(), [&](std::size_t i, std::size_t n) {
    return simd::exponential(row::load(row.data(), i, n, kMinusInfinity) - max);
  });
  if (std::isnan(sum)) {
    std::ranges::fill(row, kNaN);
    return;
  }
  const float log_sum = static_cast<float>(log_double(sum));
  row::for_each_four(row.size(), [&](std::size_t i, std::size_t n) {
    row::store(row::load(row.data(), i, n) - max - log_sum, row.data(), i, n);
  });
}

void softmax_backward(std::span<const float> p, std::span<const float> d_p, std::span<float> d_scores) noexcept {
  assert(p.size() == d_p.size() && p.size() == d_scores.size());
  const auto dot = static_cast<float>(row::sum(
      p.size(), [&](std::size_t i, std::size_t n) { return row::load(p.data(), i, n) * row::load(d_p.data(), i, n); }));
  row::for_each_four(p.size(), [&](std::size_t i, std::size_t n) {
    row::store(row::load(p.data(), i, n) * (row::load(d_p.data(), i, n) - dot), d_scores.data(), i, n);
  });
}

}  // namespace soi
