#include "core/kernels/layer_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/core/kernels/bits.h"
#include "tests/core/kernels/random_values.h"

namespace soi {
namespace {

constexpr double kUnit = 0x1p-24;
constexpr float kEpsilon = 1e-5f;

struct Exact {
  std::vector<double> z;  // before gain and bias
  double scale;
  double mean_magnitude;
};

Exact exact_norm(std::span<const float> x) {
  const auto n = static_cast<double>(x.size());
  double mean = 0.0;
  Exact exact = {};
  for (float value : x) {
    mean += value / n;
    exact.mean_magnitude += std::abs(value) / n;
  }
  double variance = 0.0;
  for (float value : x) variance += (value - mean) * (value - mean) / n;
  exact.scale = std::sqrt(variance + static_cast<double>(kEpsilon));
  for (float value : x) exact.z.push_back((value - mean) / exact.scale);
  return exact;
}

TEST(LayerNorm, MatchesDoublePrecision) {
  ThreadPool pool(2);
  for (std::size_t d : {1, 3, 4, 17, 64, 768, 1600}) {
    for (float offset : {0.0f, 10.0f}) {
      Tensor x = random_matrix(19, d, 1);
      for (float& value : x.values()) value = value * 3.0f + offset;
      const std::vector<float> gain = random_values(d, 2);
      const std::vector<float> bias = random_values(d, 3);
      Tensor y({19, d});
      std::vector<float> scale(19);
      layer_norm(x.matrix(), gain.data(), bias.data(), kEpsilon, y.matrix(), scale.data(), pool);
      for (std::size_t row = 0; row < 19; ++row) {
        const Exact exact = exact_norm(x.matrix()[row]);
        // The mean is off by 40 units of the mean magnitude (row.h) and so is each deviation, plus its own rounding.
        const double deviation = (42.0 * exact.mean_magnitude) * kUnit;
        EXPECT_NEAR(scale[row], exact.scale, 25.0 * exact.scale * kUnit + deviation);
        for (std::size_t i = 0; i < d; ++i) {
          const double expected = exact.z[i] * gain[i] + bias[i];
          const double bound = std::abs(gain[i]) * (deviation / exact.scale * (1.0 + std::abs(exact.z[i])) +
                                                    30.0 * std::abs(exact.z[i]) * kUnit) +
                               2.0 * (std::abs(exact.z[i] * gain[i]) + std::abs(bias[i])) * kUnit;
          ASSERT_NEAR(y(row, i), expected, bound) << d << " numbers, row " << row << ", at " << i;
        }
      }
    }
  }
}

TEST(LayerNorm, HandComputed) {
  ThreadPool pool(1);
  Tensor x = Tensor::from_values({1, 4}, std::vector<float>{1, 3, 5, 7});  // mean 4, variance 5
  const float gain[] = {1, 2, 1, 1};
  const float bias[] = {0, 1, 0, 0};
  float scale = 0.0f;
  layer_norm(x.matrix(), gain, bias, 0.0f, x.matrix(), &scale, pool);  // in place
  const float root = std::sqrt(5.0f);
  EXPECT_FLOAT_EQ(scale, root);
  EXPECT_FLOAT_EQ(x(0, 0), -3.0f / root);
  EXPECT_FLOAT_EQ(x(0, 1), -1.0f / root * 2.0f + 1.0f);
  EXPECT_FLOAT_EQ(x(0, 3), 3.0f / root);
}

TEST(LayerNorm, ConstantRowBecomesTheBias) {
  ThreadPool pool(1);
  Tensor x({1, 10});
  std::ranges::fill(x.values(), 2.5f);
  const std::vector<float> gain(10, 1.0f);
  const std::vector<float> bias = random_values(10, 3);
  Tensor y({1, 10});
  layer_norm(x.matrix(), gain.data(), bias.data(), kEpsilon, y.matrix(), nullptr, pool);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(y(0, i), bias[i]);
}

TEST(LayerNorm, RowsDoNotDependOnTheirNeighboursOrOnThreads) {
  ThreadPool one(1);
  ThreadPool three(3);
  const Tensor x = random_matrix(21, 70, 1);
  const std::vector<float> gain = random_values(70, 2);
  const std::vector<float> bias = random_values(70, 3);
  Tensor all({21, 70});
  layer_norm(x.matrix(), gain.data(), bias.data(), kEpsilon, all.matrix(), nullptr, three);
  for (std::size_t row = 0; row < 21; ++row) {
    Tensor alone({1, 70});
    const ConstMatrixView one_row = {x.matrix().row(row), 1, 70, 70};
    layer_norm(one_row, gain.data(), bias.data(), kEpsilon, alone.matrix(), nullptr, one);
    EXPECT_TRUE(same_bits(alone.matrix(), {all.matrix().row(row), 1, 70, 70})) << row;
  }
}

/// <dy, layer_norm(x)> of one row, in double precision.
double weighted_sum(const std::vector<double>& x, const std::vector<float>& gain, std::span<const float> dy) {
  const auto n = static_cast<double>(x.size());
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  double variance = 0.0;
  for (double value : x) variance += (value - mean) * (value - mean) / n;
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += dy[i] * gain[i] * (x[i] - mean) / std::sqrt(variance + static_cast<double>(kEpsilon));
  }
  return sum;
}

TEST(LayerNormBackward, MatchesCentralDifferences) {
  ThreadPool pool(2);
  for (std::size_t d : {1, 3, 17, 100}) {
    const Tensor x = random_matrix(11, d, 1);
    const Tensor dy = random_matrix(11, d, 4);
    const std::vector<float> gain = random_values(d, 2);
    Tensor dx({11, d});
    layer_norm_backward(x.matrix(), gain.data(), kEpsilon, dy.matrix(), dx.matrix(), pool);
    for (std::size_t row = 0; row < 11; ++row) {
      const Exact exact = exact_norm(x.matrix()[row]);
      for (std::size_t i = 0; i < d; ++i) {
        // Step h = 1e-4 scale: the truncation is about h^2 of the derivative, 1e-8; the rounding 1e-16 / h.
        const double step = 1e-4 * exact.scale;
        std::vector<double> up(x.matrix()[row].begin(), x.matrix()[row].end());
        std::vector<double> down = up;
        up[i] += step;
        down[i] -= step;
        const double expected =
            (weighted_sum(up, gain, dy.matrix()[row]) - weighted_sum(down, gain, dy.matrix()[row])) / (2.0 * step);
        // d, mean(d) and z mean(d z) are magnitudes up to 4.5^2 times z, at most 4.5, each off by about 100 units, over
        // the scale.
        EXPECT_NEAR(dx(row, i), expected, (4.5 * 4.5 * 5.5 * 100.0 * kUnit + 1e-6) / exact.scale) << d << ", " << i;
      }
    }
  }
}

TEST(LayerNormBackward, IsOrthogonalToShiftAndInPlace) {
  ThreadPool pool(1);
  const Tensor x = random_matrix(5, 64, 1);
  const Tensor dy = random_matrix(5, 64, 4);
  const std::vector<float> gain = random_values(64, 2);
  Tensor dx({5, 64});
  layer_norm_backward(x.matrix(), gain.data(), kEpsilon, dy.matrix(), dx.matrix(), pool);
  for (std::size_t row = 0; row < 5; ++row) {
    // Adding a constant to x changes nothing, so dx sums to 0: up to 64 errors of 100 units of magnitudes below 25.
    double sum = 0.0;
    for (float value : dx.matrix()[row]) sum += value;
    EXPECT_NEAR(sum, 0.0, 64.0 * 25.0 * 100.0 * kUnit);
  }
  Tensor in_place = dy.clone();
  layer_norm_backward(x.matrix(), gain.data(), kEpsilon, in_place.matrix(), in_place.matrix(), pool);
  EXPECT_TRUE(same_bits(in_place.matrix(), dx.matrix()));
}

}  // namespace
}  // namespace soi
