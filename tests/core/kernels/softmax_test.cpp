#include "core/kernels/softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "tests/core/kernels/random_values.h"

namespace soi {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kUnit = 0x1p-24;  // half an ulp of 1

std::vector<double> exact_softmax(const std::vector<float>& row) {
  const double max = *std::max_element(row.begin(), row.end());
  std::vector<double> p;
  for (float x : row) p.push_back(std::exp(x - max));
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& x : p) x /= sum;
  return p;
}

/// Relative: the argument x - max is rounded (|x - max| units), the power is off by 2 units, the sum by 42 (row.h), the
/// quotient by 1. Powers below the normal numbers are 0.
double error_bound(double p, double distance) { return p * (distance + 45.0) * kUnit + 0x1p-126; }

TEST(Softmax, MatchesDoublePrecision) {
  for (std::size_t n : {1, 2, 3, 4, 5, 15, 16, 17, 220, 511, 513, 1030, 50257}) {
    for (float spread : {0.1f, 1.0f, 10.0f}) {
      std::vector<float> row = random_values(n, 1);
      for (float& x : row) x = x * spread + 100.0f;
      const float max = *std::max_element(row.begin(), row.end());
      const std::vector<float> logits = row;
      const std::vector<double> exact = exact_softmax(row);
      softmax(row);
      double sum = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_NEAR(row[i], exact[i], error_bound(exact[i], max - logits[i])) << n << " numbers, at " << i;
        sum += row[i];
      }
      EXPECT_NEAR(sum, 1.0, 2.0 * 45.0 * kUnit) << n;
    }
  }
}

TEST(Softmax, MinusInfinityIsExactlyZero) {
  std::vector<float> row = {1.0f, -kInfinity, 1.0f, -kInfinity, -kInfinity};
  softmax(row);
  EXPECT_EQ(row, (std::vector<float>{0.5f, 0.0f, 0.5f, 0.0f, 0.0f}));
}

TEST(Softmax, RowsWithoutProbabilityAreZeros) {
  std::vector<float> masked(7, -kInfinity);
  softmax(masked);
  EXPECT_EQ(masked, std::vector<float>(7, 0.0f));
  std::vector<float> empty;
  softmax(empty);
}

TEST(Softmax, NotANumberSpreadsToTheWholeRow) {
  std::vector<float> row = {1.0f, 2.0f, std::numeric_limits<float>::quiet_NaN(), 4.0f, 5.0f};
  softmax(row);
  for (float p : row) EXPECT_TRUE(std::isnan(p));
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  for (const auto& bad : std::vector<std::vector<float>>{{kNaN, kNaN, kNaN, kNaN, kNaN},
                                                         {kNaN, -kInfinity},
                                                         {-kInfinity, -kInfinity, kNaN},
                                                         {1.0f, kInfinity},
                                                         {-kNaN, 2.0f}}) {
    for (auto* function : {&softmax, &log_softmax}) {
      std::vector<float> values = bad;
      function(values);
      for (float value : values) EXPECT_TRUE(std::isnan(value)) << value;
    }
  }
}

TEST(Softmax, LargeLogitsDoNotOverflow) {
  std::vector<float> row = {3e38f, 3e38f, -3e38f};
  softmax(row);
  EXPECT_EQ(row, (std::vector<float>{0.5f, 0.5f, 0.0f}));
}

TEST(LogSoftmax, MatchesDoublePrecision) {
  for (std::size_t n : {1, 3, 4, 6, 220, 50257}) {
    std::vector<float> row = random_values(n, 2);
    for (float& x : row) x = x * 10.0f - 30.0f;
    const std::vector<double> p = exact_softmax(row);
    log_softmax(row);
    for (std::size_t i = 0; i < n; ++i) {
      const double exact = std::log(p[i]);
      // The logarithm of the sum carries the sum's relative error, 45 units; three roundings of numbers up to |exact|.
      EXPECT_NEAR(row[i], exact, (45.0 + 3.0 * (std::abs(exact) + std::log(static_cast<double>(n)))) * kUnit) << i;
    }
  }
}

TEST(LogSoftmax, HandComputed) {
  std::vector<float> row = {0.0f, -kInfinity, 0.0f, 0.0f, 0.0f};
  log_softmax(row);
  EXPECT_FLOAT_EQ(row[0], -2.0f * static_cast<float>(std::log(2.0)));
  EXPECT_EQ(row[1], -kInfinity);
}

TEST(SoftmaxBackward, MatchesTheJacobian) {
  for (std::size_t n : {1, 2, 5, 33, 220}) {
    const std::vector<float> logits = random_values(n, 3);
    const std::vector<float> d_p = random_values(n, 4);
    std::vector<float> p = logits;
    softmax(p);
    std::vector<float> d_scores(n);
    softmax_backward(p, d_p, d_scores);
    // d_scores_i = sum_j d_p_j dp_j/ds_i, the derivative by central differences in double precision: step 1e-5, error
    // about step^2 = 1e-10, far below a float's.
    constexpr double kStep = 1e-5;
    for (std::size_t i = 0; i < n; ++i) {
      std::vector<double> up(logits.begin(), logits.end());
      std::vector<double> down = up;
      up[i] += kStep;
      down[i] -= kStep;
      const auto loss = [&](const std::vector<double>& s) {
        double sum = 0.0;
        double weighted = 0.0;
        for (std::size_t j = 0; j < n; ++j) {
          sum += std::exp(s[j]);
          weighted += std::exp(s[j]) * d_p[j];
        }
        return weighted / sum;
      };
      const double exact = (loss(up) - loss(down)) / (2.0 * kStep);
      // p and sum(p d_p) are off by 45 and 90 units relative to magnitudes below 4.5.
      EXPECT_NEAR(d_scores[i], exact, p[i] * 4.5 * 200.0 * kUnit + 1e-9) << n << ", " << i;
    }
  }
}

TEST(SoftmaxBackward, InPlace) {
  std::vector<float> p = random_values(9, 5);
  softmax(p);
  const std::vector<float> d_p = random_values(9, 6);
  std::vector<float> d_scores(9);
  softmax_backward(p, d_p, d_scores);
  std::vector<float> in_place = d_p;
  softmax_backward(p, in_place, in_place);
  EXPECT_EQ(in_place, d_scores);
}

}  // namespace
}  // namespace soi
